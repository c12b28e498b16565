"""Canaries: what is paused is not proposed, what is asked about is asked, and a broken file asks about everything."""

import json
from datetime import UTC, datetime

import pytest

from uptake.errors import BadRecord
from uptake.rewriting.canaries import MOST_TRIED, Canaries, Canary, CanaryFile
from uptake.rewriting.guard import Guard
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.learned import LearnedView
from uptake.rewriting.opinions import Event, Opinions
from uptake.rewriting.overrides import Overrides
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Evidence, Request

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ROW = Rewrite("play jas", "play jazz", Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8))
OTHER = ROW._replace(request="play bluse", acted_on="play blues")


def states(*rows):
    return Canaries({row.name: row for row in rows})


def pipeline(canaries, opinions=None):
    step = ExactRewrite(RewriteTable.from_rows([ROW, OTHER]), "000001-abc")
    return Pipeline(step, guard=Guard(budget_share=1.0), canaries=canaries, opinions=opinions)


def decided(served, text="play jas", user="ann"):
    return served.decide(Request(text=text, user_id=user)).decision


def test_what_is_asked_about_is_not_acted_on_nor_tried_unasked():
    served = pipeline(states(Canary(ROW.rewrite_id, "asking", NOON, "too little past")))
    assert (decided(served).must_confirm, decided(served).unproven) == (True, True)
    assert decided(served, "play bluse").must_confirm is False


def test_what_is_paused_is_not_proposed():
    served = pipeline(states(Canary(ROW.rewrite_id, "paused", NOON, "probably worse")))
    outcome = served.decide(Request(text="play jas", user_id="ann"))
    assert outcome.decision is None
    assert [(entry.step, entry.verdict) for entry in outcome.trace][-1] == ("canary", "refused")


def test_a_whole_version_may_be_asked_about_but_what_is_known_by_itself_is_not():
    held = states(Canary("000001-abc", "asking", NOON, "together worse"), Canary(OTHER.rewrite_id, "proven", NOON, ""))
    served = pipeline(held)
    assert decided(served).must_confirm
    asked = [decided(served, "play bluse", f"user-{at}").must_confirm for at in range(300)]
    assert 0.05 < sum(asked) / len(asked) < 0.15, "some are asked again later"


def test_a_trial_is_acted_on_a_few_times_until_the_next_release(tmp_path):
    file = CanaryFile(tmp_path / "canaries.json")
    file.write([Canary(ROW.rewrite_id, "trial", NOON, "new")])
    served = pipeline(file)
    met = [decided(served, user=f"user-{at}").must_confirm for at in range(MOST_TRIED + 3)]
    assert met == [False] * MOST_TRIED + [True] * 3
    file.write([Canary(ROW.rewrite_id, "trial", NOON, "still new")])
    assert decided(served).must_confirm is False


def test_who_said_yes_is_not_asked_again(tmp_path):
    opinions = Opinions(tmp_path)
    opinions.note("ann", Event("yes", meaning_of(*ROW[:2]), "2026-01-05"))
    served = pipeline(states(Canary(ROW.rewrite_id, "asking", NOON, "")), opinions)
    assert decided(served).must_confirm is False
    assert decided(served, user="bo").must_confirm is True


def test_the_file_is_read_again_when_it_changes_and_a_broken_one_asks_about_everything(tmp_path):
    file = CanaryFile(tmp_path / "canaries.json")
    served = pipeline(file)
    assert decided(served).must_confirm is False
    file.write([Canary(ROW.rewrite_id, "paused", NOON, "probably worse")])
    assert decided(served) is None
    file.write([])
    assert decided(served).must_confirm is False
    file.path.write_text("{")
    assert decided(served).must_confirm is True
    assert decided(served, "play bluse").must_confirm is True


def test_what_is_written_is_read_and_nothing_makes_no_file(tmp_path):
    file = CanaryFile(tmp_path / "canaries.json")
    file.write([])
    assert not file.path.exists()
    row = Canary("r1", "proven", NOON, "3 of 3 people who were asked said yes")
    file.write([row])
    assert file.read() == states(row)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"format": 2, "canaries": []}, "canaries"),
        ({"format": 1, "canaries": [{}]}, r"canaries\[0\]"),
        ({"format": 1, "canaries": [["r", "gone", "2026-01-05T12:00:00+00:00", ""]]}, "state"),
        ({"format": 1, "canaries": [["r", "asking", "today", ""]]}, "since"),
        ({"format": 1, "canaries": [["r", "asking", "2026-01-05T12:00:00", ""]]}, "since"),
    ],
)
def test_a_damaged_file_says_where(tmp_path, body, field):
    for at, row in enumerate(body["canaries"]):
        if isinstance(row, list):
            body["canaries"][at] = dict(zip(Canary._fields, row, strict=True))
    (tmp_path / "canaries.json").write_text(json.dumps(body))
    with pytest.raises(BadRecord, match=field):
        CanaryFile(tmp_path / "canaries.json").read()


def test_the_list_of_what_was_learned_says_the_state_since_when_and_why(tmp_path):
    view = LearnedView(
        table=RewriteTable.from_rows([ROW, OTHER]),
        index=None,
        fresh=FreshHistory(tmp_path),
        opinions=Opinions(tmp_path),
        overrides=Overrides(),
        canaries=states(
            Canary(ROW.rewrite_id, "paused", NOON, "probability 0.93 that it is worse"),
            Canary(OTHER.rewrite_id, "asking", NOON, "its request was left alone in 2 turns only"),
        ),
        guard=Guard(),
    )
    rows = {row.request: row for row in view.rows(None)}
    assert [(rows[text].state) for text in ("play jas", "play bluse")] == ["paused", "asks"]
    assert "paused since 2026-01-05: probability 0.93 that it is worse; paused" in rows["play jas"].sentence
    assert [row.request for row in view.gone(None)] == ["play jas"]


def test_the_list_says_what_the_guard_asks_about_whatever_the_evidence(tmp_path):
    unlocks = ROW._replace(request="a lock the front door", acted_on="unlock the front door")
    view = LearnedView(
        table=RewriteTable.from_rows([unlocks, OTHER]),
        index=None,
        fresh=FreshHistory(tmp_path),
        opinions=Opinions(tmp_path),
        overrides=Overrides(),
        guard=Guard(),
    )
    rows = {row.request: row for row in view.rows(None)}
    assert [rows[text].state for text in (unlocks.request, OTHER.request)] == ["asks", "acts"]
    assert rows[unlocks.request].sentence.endswith("a critical action; asked first")
