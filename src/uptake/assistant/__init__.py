"""Answer requests in a home: interpret them, act, reply, and record each turn.

    hear -> read -> rewrite? -> resolve -> act -> reply -> turn

`loop` composes the stages, one per file. `home` models what can be acted on, `skills` what can be asked. `readers`
propose interpretations, `entities` resolves slots, `dialogue` handles requests in a conversation, `memory` stores the
rest.
"""
