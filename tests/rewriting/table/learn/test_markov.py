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


def test_the_homes_that_a_rewrite_reached_do_not_count_as_homes_that_taught_it():
    taught = [row for user in PEOPLE for row in repair(user, PORTER, POTTER)]
    reached = [row for at in range(30) for row in said(f"user {at}", PORTER, acted_on=POTTER)]
    assert fit(LEARNER, taught + reached).lookup(PORTER).evidence.users == len(PEOPLE)


def test_a_rewrite_outlives_the_turns_that_taught_it_as_one_that_the_fewest_homes_taught():
    alone = [row for at in range(10) for row in said(f"user {at}", PORTER, failed=True) + said(f"user {at}", POTTER)]
    reached = [row for at in range(30) for row in said(f"user {at}", PORTER, acted_on=POTTER)]
    assert fit(LEARNER, alone + reached).lookup(PORTER).evidence.users == LEARNER.min_users


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
    "min_gain": 1.0, "hub_sources": 0, "personal_sessions": -1, "max_works": 1.5, "min_agreement": -0.1,
    "contrary_users": 0,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_an_option_out_of_range_is_refused(name, value):
    with pytest.raises(BadConfig, match=name):
        MarkovRewriter(**{name: value})


def test_a_family_is_one_home_and_its_words_do_not_become_everybodys():
    family = [row | {"home_id": "ours"} for user in PEOPLE for row in repair(user, PORTER, POTTER)]
    assert rewrites(fit(LEARNER, family)) == {}
    apart = [row | {"home_id": f"home of {row['user_id']}"} for row in family]
    assert rewrites(fit(LEARNER, apart)) == {(None, PORTER): POTTER}


def test_who_claims_many_homes_lives_in_one():
    homes = ("one", "two", "three", "four", None)
    log = [row | {"home_id": home} for home in homes for row in repair("ann", PORTER, POTTER)]
    assert {user for user, _ in rewrites(fit(LEARNER, log))} == {"ann"}


def test_few_who_say_a_thing_often_do_not_outweigh_the_many_for_whom_it_works():
    loud = [row for user in PEOPLE for _ in range(20) for row in repair(user, "what is on my list", "clear my list")]
    content = [row for user in "efghi" for row in said(user, "what is on my list")]
    assert rewrites(fit(LEARNER, loud)) != {}
    everybodys = {user for user, _ in rewrites(fit(LEARNER, loud + content))}
    assert None not in everybodys
    lenient = MarkovRewriter(max_works=1.0, max_moves=10)
    assert (None, "what is on my list") in rewrites(fit(lenient, loud + content))


def test_few_who_say_a_thing_often_do_not_outweigh_the_many_who_mean_something_else():
    loud = [row for user in PEOPLE for _ in range(20) for row in repair(user, "play harry", "play moby dick")]
    others = [
        row for user, book in zip("efghijklmn", "qrstuvwxyz", strict=True) for row in repair(user, "play harry", book)
    ]
    assert (None, "play harry") not in rewrites(fit(LEARNER, loud + others))
    assert (None, "play harry") in rewrites(fit(MarkovRewriter(min_agreement=0.0, max_moves=10), loud + others))


def test_what_does_the_contrary_by_the_readings_of_the_log_needs_many_homes():
    on, off = "home|licht_turn_on|name=lamp", "home|licht_turn_off|name=lamp"
    rows = [row for user in PEOPLE for row in repair(user, "licht an", "licht aus")]
    rows = [row | ({"state": on, "next_state": off} if row["retried"] else {"state": off}) for row in rows]
    worked = said("eve", "licht an", state=on)
    assert (None, "licht an") in rewrites(fit(LEARNER, rows))
    assert (None, "licht an") not in rewrites(fit(LEARNER, rows + worked))
    assert (None, "licht an") in rewrites(fit(MarkovRewriter(contrary_users=4), rows + worked))
