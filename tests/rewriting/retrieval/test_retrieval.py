"""Retrieval: who proposes what for a request, whose evidence it is, and that nothing a user says takes long."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import ArtifactRefused
from uptake.ml.encoder.encoders import HashedEncoder
from uptake.rewriting.proposal import heard
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, FreshHistory, UserHistory
from uptake.rewriting.retrieval.step import Retrieval, ServedRetrieval
from uptake.store.store import ArtifactStore
from uptake.types import Request, Situation, Transcript

KNOWN = [
    IndexedRequest("play imagine dragons", 9, 40, 2, "music|play|artist=imagine dragons"),
    IndexedRequest("turn on the hall light", 12, 80),
    IndexedRequest("show me my photos", 5, 10),
    IndexedRequest("play a magic dragon", 4, leads_to="play imagine dragons"),
]


def said(text, *, wins=1, target=None, acted_on=None, reading=None):
    return Count(text, reading, 490_904, None, None, target, acted_on, 1, wins)


OWN = UserHistory().plus(
    [
        *[said("play my running mix", reading="music|play|list=running mix")] * 3,
        said("call mum"),
        said("coal mum", wins=0, target="call mum"),
        said("wake the dragon", wins=0),
        *[said("call mom", acted_on="call mum", wins=0)] * 3,
    ]
)
RETRIEVAL = Retrieval.over(RequestIndex.of(KNOWN, {"ann": OWN}))


def ask(text, *alternatives, user="ann", retrieval=RETRIEVAL, limit=8):
    listed = tuple(Transcript(text=one) for one in (text, *alternatives)) if alternatives else ()
    return retrieval(Request(text=text, user_id=user, alternatives=listed), Situation(), limit)


def origins(candidate):
    return dict(candidate.origins)


def test_what_it_sounded_like_is_found_among_everybodys_requests():
    best = ask("play maj and dragons", user="bo")[0]
    assert (best.text, best.layer, best.users, best.wins, best.losses) == ("play imagine dragons", "global", 9, 40, 2)
    assert best.interpretation.slots == (("artist", "imagine dragons"),)
    assert set(origins(best)) == {"letters", "sounds"}


def test_a_persons_own_request_is_found_with_its_counts_and_only_for_that_person():
    best = ask("play my runny mix")[0]
    assert (best.text, best.layer, best.wins, best.losses) == ("play my running mix", "personal", 3, 0)
    assert best.interpretation.slots == (("list", "running mix"),)
    assert best.last_at.year == 2026
    assert all(one.text != "play my running mix" for one in ask("play my runny mix", user="bo"))


def test_a_wording_that_was_corrected_before_leads_to_the_correction():
    assert origins(ask("coal mum")[0])["corrected"] == 0.5
    assert origins(ask("play a magic dragon", user="bo")[0])["corrected"] == 0.8


def test_a_rewrite_that_this_person_rejected_is_no_correction_any_more():
    once = Retrieval.over(
        RequestIndex.of(
            KNOWN, {"ann": UserHistory().plus([said("call mum"), said("call mom", wins=0, target="call mum")])}
        )
    )
    assert [one.text for one in ask("call mom", retrieval=once) if "corrected" in origins(one)] == ["call mum"]
    found = ask("call mom")
    assert "call mum" in {one.text for one in found}
    assert all("corrected" not in origins(one) for one in found)


def test_what_failed_for_this_person_is_not_proposed():
    worked = Retrieval.over(RequestIndex.of(KNOWN, {"ann": UserHistory().plus([said("wake the dragon")] * 3)}))
    assert "wake the dragon" in {one.text for one in ask("wake that dragon", retrieval=worked)}
    assert "wake the dragon" not in {one.text for one in ask("wake that dragon")}


def test_every_text_on_the_recognisers_list_may_vote():
    alone, listed = ask("turn of tall lied", user="bo"), ask("turn of tall lied", "turn on the hall light", user="bo")
    assert all("votes" not in origins(one) for one in alone)
    best = max(listed, key=lambda one: origins(one).get("votes", 0.0))
    assert best.text == "turn on the hall light"
    assert origins(best)["votes"] > origins(best).get("letters", 0.0)


def test_what_was_heard_is_never_proposed_but_its_own_record_can_be_asked():
    request = Request(text="Turn on the hall light!", user_id="bo")
    assert all(one.text != "turn on the hall light" for one in RETRIEVAL(request, Situation(), 8))
    assert RETRIEVAL.as_heard(request).users == 12
    assert RETRIEVAL.as_heard(Request(text="call mum", user_id="ann")).layer == "personal"
    assert RETRIEVAL.as_heard(Request(text="play a magic dragon", user_id="bo")) is None


def test_a_request_that_fails_in_many_homes_is_ones_own_only_after_it_worked_three_times():
    def works(times):
        own = UserHistory().plus([Count("call mum", None, 5, None, None, None, None, times, times)])
        index = RequestIndex.of([], {"ann": own}).without_failing({"call mum"})
        return Retrieval.over(index).as_heard(Request(text="call mum", user_id="ann")) is not None

    assert [works(times) for times in (1, 2, 3)] == [False, False, True]


def test_look_alike_letters_of_another_script_do_not_hide_a_request():
    assert ask("show me my ph\u043et\u043es please", user="bo")[0].text == "show me my photos"
    assert RETRIEVAL.as_heard(Request(text="show me my ph\u043et\u043es", user_id="bo")).users == 5


def test_the_limit_holds():
    assert len(ask("play dragons", limit=1)) == 1


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "x" * 100_000, "ab" * 99, "\u0430" * 300, "\u200b", "\ud800", "🎵" * 50]
)
def test_nothing_a_user_says_raises_and_what_is_like_nothing_finds_nothing(text):
    assert list(ask(text, text[::-1], "x" * 9_000)) == []


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=7))
def test_any_text_gives_candidates_in_order_of_score(text, alternatives):
    found = ask(text, *alternatives)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0.0 <= score <= 1.0 for one in found for _, score in one.origins)


def test_a_long_list_is_cut_and_equal_texts_count_once():
    listed = [Transcript(text=one) for one in ("a b", "A b.", *"cdefghij")]
    assert [one.rank for one in heard(Request(text="a b", user_id="u", alternatives=tuple(listed)))] == [0, 1, 2, 3]


def test_what_was_just_said_is_served_before_anything_is_learned(tmp_path):
    served = ServedRetrieval(ArtifactStore(tmp_path / "artifacts"), tmp_path / "learning")
    assert ask("play my runny mix", retrieval=served) == ()
    FreshHistory.beside(tmp_path / "learning").put("ann", "s1", [said("play my running mix")])
    assert [one.text for one in ask("play my runny mix", retrieval=served)] == ["play my running mix"]
    FreshHistory.beside(tmp_path / "learning").forget("ann")
    assert ask("play my runny mix", retrieval=served) == ()


def test_what_means_nearly_the_same_is_found_where_the_index_holds_vectors():
    retrieval = Retrieval.over(RequestIndex.of(KNOWN).with_vectors(HashedEncoder()))
    found = ask("on the light in the hall turn", user="bo", retrieval=retrieval)
    assert {one.text: set(origins(one)) for one in found}["turn on the hall light"] == {"dense"}
    assert list(ask("", retrieval=retrieval)) == list(ask("word " * 39, retrieval=retrieval)) == []


@pytest.mark.parametrize("encoder", ["hashed-999", "nobody-knows-it"])
def test_vectors_of_another_encoder_are_refused_and_the_rest_of_the_index_serves(tmp_path, encoder):
    store = ArtifactStore(tmp_path)
    served = ServedRetrieval(store)
    foreign = replace(RequestIndex.of(KNOWN).with_vectors(HashedEncoder()), encoder=encoder)
    with pytest.raises(ArtifactRefused):
        Retrieval.over(foreign)
    store.publish(foreign)
    (found,) = ask("play maj and dragons", user="bo", retrieval=served)
    assert set(origins(found)) == {"letters", "sounds"}
    assert "without vectors" in served.note


def test_retrieving_loads_no_compiler():
    code = "import sys, uptake.rewriting.retrieval.step; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_new_index_is_served_at_once_and_a_broken_one_is_refused(tmp_path):
    store = ArtifactStore(tmp_path)
    served = ServedRetrieval(store)
    assert (served.current().requests.index.find("play imagine dragons"), served.note != "") == (None, True)
    store.publish(RequestIndex.of(KNOWN))
    assert ask("play maj and dragons", user="bo", retrieval=served)[0].text == "play imagine dragons"
    (tmp_path / "index" / store.publish(RequestIndex.of(KNOWN[:1])) / "users.npy").write_bytes(b"")
    assert len(ask("turn on a hall light", user="bo", retrieval=served)) == 1
    assert served.broken
    assert "goes on serving" in served.note
