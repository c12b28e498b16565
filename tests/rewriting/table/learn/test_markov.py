"""MarkovRewriter: what it rewrites, what it leaves alone, and why."""

from __future__ import annotations

import pytest

from tests.feedback.marked import PEOPLE, fit, repair, rewrites, said
from uptake.errors import BadConfig
from uptake.rewriting.table.learn.markov import MarkovRewriter

LEARNER = MarkovRewriter()
PORTER, POTTER = "play harry porter", "play harry potter"


def test_a_rephrase_that_ends_well_becomes_the_rewrite():
    found = fit(LEARNER, [row for user in PEOPLE for row in repair(user, PORTER, POTTER)]).lookup(PORTER)
    assert (found.acted_on, found.evidence.users, found.evidence.sessions) == (POTTER, 4, 4)
    assert found.evidence.gain > LEARNER.min_gain


def test_a_rephrase_that_fails_as_well_is_no_rewrite():
    log = [row for user in PEOPLE for row in [*said(user, PORTER, then=POTTER), *said(user, POTTER, failed=True)]]
    assert rewrites(fit(LEARNER, log)) == {}


def test_the_end_of_a_chain_of_rephrases_is_found():
    log = [row for user in PEOPLE for row in repair(user, PORTER, "play a harry potter", POTTER)]
    assert rewrites(fit(LEARNER, log)) == {(None, PORTER): POTTER, (None, "play a harry potter"): POTTER}


def test_what_too_few_users_share_stays_out_of_everybodys_table():
    log = [row for user in PEOPLE[:2] for row in repair(user, PORTER, POTTER)]
    assert rewrites(fit(LEARNER, log)) == {}
    assert len(fit(LEARNER, log).moves()) == 0


def test_one_user_cannot_stand_for_many():
    log = [row for _ in range(50) for row in repair("ann", PORTER, POTTER)]
    assert {user for user, _ in rewrites(fit(LEARNER, log))} == {"ann"}


def test_a_repair_a_user_made_twice_becomes_the_users_own():
    log = [row for _ in range(2) for row in repair("ann", "play my mix", "play rain sounds")]
    assert rewrites(fit(LEARNER, log)) == {("ann", "play my mix"): "play rain sounds"}
    assert rewrites(fit(MarkovRewriter(personal_sessions=0), log)) == {}
    assert rewrites(fit(LEARNER, log[:2])) == {}


def test_a_users_own_rewrite_is_withdrawn_when_it_fails_them():
    log = [row for _ in range(2) for row in repair("ann", "play my mix", "play rain sounds")]
    failing = [row for _ in range(8) for row in said("ann", "play my mix", failed=True, acted_on="play rain sounds")]
    assert rewrites(fit(LEARNER, log + failing)) == {}


def test_a_control_request_never_becomes_a_target():
    log = [row for user in PEOPLE for row in said(user, PORTER, failed=True) + said(user, "stop", control=True)]
    assert rewrites(fit(LEARNER, log)) == {}


def test_a_request_that_works_is_left_alone():
    log = [row for user in PEOPLE for row in repair(user, PORTER, POTTER)]
    log += [row for user in "efghijkl" for row in said(user, PORTER)]
    assert rewrites(fit(LEARNER, log)) == {}


def test_a_request_whose_right_answer_depends_on_context_is_left_alone():
    wishes = ("cheap food", "north part of town", "thai food", "phone number")
    log = [row for wish in wishes for user in PEOPLE for row in repair(f"{user} {wish}", "yes please", wish)]
    assert rewrites(fit(LEARNER, log)) == {}


def test_a_hub_that_everything_leads_to_replaces_only_what_resembles_it():
    learner = MarkovRewriter(hub_sources=3)
    sources = ("dim the lamp", "read the news", "call the office", "play some jaz")
    log = [row for source in sources for user in PEOPLE for row in repair(user, source, "play some jazz")]
    assert rewrites(fit(learner, log)) == {(None, "play some jaz"): "play some jazz"}


def test_requests_misread_alike_keep_their_own_targets():
    reading = "media|play|title=harry"
    pairs = ((PORTER, POTTER), ("play debbie harry", "play the singer debbie harry"))
    log = [row for user in PEOPLE for pair in pairs for row in repair(user, *pair)]
    log = [row | ({"state": reading} if row["retried"] else {}) for row in log]
    found = rewrites(fit(LEARNER, log))
    assert found == {(None, PORTER): POTTER, (None, "play debbie harry"): "play the singer debbie harry"}


def test_wordings_of_one_meaning_pool_their_evidence_and_the_most_used_one_is_acted_on():
    meaning, wordings = "media|play|title=harry potter", (POTTER, "please play harry potter", "start harry potter")
    log = []
    for user, wording in zip("abcdef", wordings * 2, strict=True):
        log += said(user, PORTER, then=wording, next_state=meaning) + said(user, wording, state=meaning)
    log += [row for user in "ghi" for row in said(user, POTTER, state=meaning)]
    found = fit(MarkovRewriter(min_users=2), log).lookup(PORTER)
    assert (found.acted_on, found.domain, found.evidence.users) == (POTTER, "media", 6)


def test_rewritten_turns_that_end_well_confirm_a_rewrite_and_such_that_fail_withdraw_it():
    log = [row for user in PEOPLE for row in repair(user, PORTER, POTTER)]
    well = [row for user in PEOPLE for _ in range(9) for row in said(user, PORTER, acted_on=POTTER)]
    badly = [row | {"defect": True} for row in well]
    assert fit(LEARNER, log + well).lookup(PORTER).evidence.sessions > 10
    assert rewrites(fit(LEARNER, log + badly)) == {}


def test_when_people_repair_the_rewrite_the_next_wording_takes_its_place():
    better = "play the harry potter audiobook"
    log = [row for user in PEOPLE for row in repair(user, PORTER, POTTER)]
    for user in ("ann", "bo", "cy", "di", "ed", "flo"):
        for _ in range(6):
            log += said(user, PORTER, then=better, acted_on=POTTER) + said(user, better)
    assert rewrites(fit(LEARNER, log))[None, PORTER] == better


def test_the_counts_behind_a_rewrite_name_only_what_enough_users_share():
    log = [row for user in PEOPLE for row in repair(user, PORTER, POTTER)] + repair("eve", PORTER, "play my secret")
    moves = fit(LEARNER, log).moves(PORTER).to_pylist()
    assert {"source": PORTER, "target": POTTER, "users": 4, "moves": 4} in moves
    assert {"source": POTTER, "target": "<success>", "users": 4, "moves": 4} in moves
    assert "secret" not in str(moves)
    assert any(row["source"] == PORTER and row["target"] == "<other>" and row["moves"] == 1 for row in moves)


def test_an_empty_log_gives_an_empty_table():
    assert rewrites(fit(LEARNER, [])) == {}


WRONG = {
    "min_users": 0, "confidence": 1.0, "min_share": 2.0, "max_success": -1.0,
    "min_gain": 1.0, "hub_sources": 0, "personal_sessions": -1,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_an_option_out_of_range_is_refused(name, value):
    with pytest.raises(BadConfig, match=name):
        MarkovRewriter(**{name: value})
