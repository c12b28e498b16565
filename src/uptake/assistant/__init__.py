"""Answer requests in a home: a person says something, something happens, and the turn is on the record.

    hear -> read -> rewrite? -> resolve -> act -> reply -> turn

`loop` composes the stages, one a file; `home` is what can be acted on, `skills` what can be asked, `readers` propose
readings, `entities` tells what slots refer to, `dialogue` places requests in a conversation, `memory` keeps the rest.
"""
