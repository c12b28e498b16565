"""The step over the table: what it proposes stays what the table says, however often it is asked."""

from uptake.rewriting.table import step as steps
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Evidence, Request, Situation

EVIDENCE = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)


class Counted:
    """A table that counts how often it is asked."""

    def __init__(self, table):
        self.table, self.asked = table, []

    def lookup(self, request, user_id):
        self.asked.append(request)
        return self.table.lookup(request, user_id)


def test_a_request_that_comes_again_and_again_stays_known_while_rare_ones_come_and_go(monkeypatch):
    monkeypatch.setattr(steps, "_RECENT", 4)
    rows = [Rewrite(f"play song {at}", f"play hit {at}", EVIDENCE) for at in range(20)]
    table = Counted(RewriteTable.from_rows(rows))
    step = ExactRewrite(table)

    def ask(at):
        return step(Request(text=f"play song {at}", user_id="ann"), Situation()).acted_on

    answers = [(ask(0), ask(at)) for at in range(1, 20)]
    assert answers == [("play hit 0", f"play hit {at}") for at in range(1, 20)]
    assert table.asked.count("play song 0") == 1
    assert len(table.asked) == 20  # the rare ones once each
    assert ask(1) == "play hit 1"
    assert table.asked.count("play song 1") == 2  # it was dropped
