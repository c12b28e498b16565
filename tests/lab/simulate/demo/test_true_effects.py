"""Accounts of a demo: wins, losses, and what was neither, by layer."""

from __future__ import annotations

from uptake.lab.simulate.demo.true_effects import Accounts, _accounts, _by_layer
from uptake.rewriting.table.artifact import Rewrite
from uptake.types import Evidence

EVIDENCE = Evidence(users=3, sessions=4, success_before=0.1, success_after=0.9)
TABLE = {
    "t": Rewrite("play chess", "play jazz", EVIDENCE),
    "p": Rewrite("my song", "play jazz", EVIDENCE, user_id="ann"),
}


def row(before: bool, after: bool, *, rewrite_id: str = "r", acted_on: str = "play jazz", status: str | None = "ok"):
    listed = [{"text": "play chess", "score": -1.0}, {"text": "play jazz", "score": -2.0}]
    return {
        "truth_defect_as_heard": before,
        "truth_defect": after,
        "rewrite_id": rewrite_id,
        "acted_on": acted_on,
        "status": status,
        "alternatives": listed,
    }


def test_what_a_rewrite_did_not_change_is_neutral_and_what_did_something_wrong_is_counted_apart():
    rows = [
        row(True, False),
        row(False, True),
        row(False, False),
        row(True, True),
        row(True, True, status="failed"),
        row(True, True, status=None),
    ]
    found = _accounts(rows)
    assert found == Accounts(right=1, failed=2, wrong=1, asked=1)
    assert found.neutral == 4


def test_a_win_belongs_to_the_layer_that_had_the_text():
    rows = [
        row(True, False, rewrite_id="t"),
        row(True, False, rewrite_id="p"),
        row(True, False),
        row(False, True, acted_on="play blues"),
    ]
    assert _by_layer(rows, TABLE) == {"table": (1, 0), "personal": (1, 0), "listed": (1, 0), "recalled": (0, 1)}
