"""The reference assistant: a person says something, something happens in a home, and the turn is on the record.

    hear -> rewrite? -> understand -> resolve -> act -> reply -> record

`loop` runs the stages, one a file; `home` is what can be acted on, `skills` what can be asked, `understand` the
readers, `entities` what slots refer to, `dialogue` what a conversation needs, `memory` what is kept between requests.
"""
