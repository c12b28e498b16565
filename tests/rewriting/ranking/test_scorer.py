"""Rank: which candidate is acted on, when the person is asked, and when the request is left alone."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rewriting.ranking.rankings import head, ranker, stump
from uptake.errors import ArtifactRefused
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.artifact import Person
from uptake.rewriting.ranking.features import FEATURES, RankingRequest, rows
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.rewriting.ranking.scorer import Rank
from uptake.rewriting.retrieval.history import Own
from uptake.types import Exchange, Interpretation, Request, Situation

HEARD = Request(text="play maj and dragons", user_id="ann")


def read(text):
    """Understands what plays, after its last words."""
    words = text.split()
    intent = "play" if words[:1] == ["play"] else "none"
    return (Interpretation(intent=intent, slots=(("what", " ".join(words[1:])),), confidence=0.6),)


def candidate(text, layer="personal", **more):
    return Candidate(text=text, layer=layer, origins=(("own", 0.8),), **more)


LIKELY, UNLIKELY = candidate("play imagine dragons"), candidate("turn on the light")


def feature(name, *, heard=None, candidates=(LIKELY,), **more):
    found = rows(heard or RankingRequest(text=HEARD.text), candidates, ranker().fluency, **more)
    return found[:, FEATURES.index(name)].tolist()


def test_what_sounds_like_the_request_is_acted_on():
    decision = Rank(ranker(personal=head(on="sound", above=0.6)), read)(HEARD, [UNLIKELY, LIKELY])
    assert (decision.acted_on, decision.layer, decision.must_confirm) == ("play imagine dragons", "personal", False)
    assert "dragons" not in decision.reason


def test_below_the_threshold_the_person_is_asked_and_below_that_nothing_happens():
    asked = Rank(ranker(personal=head(on="sound", above=0.6, threshold=90.0, ask=-90.0)), read)(HEARD, [LIKELY])
    assert asked.must_confirm
    assert Rank(ranker(personal=head(threshold=90.0)), read)(HEARD, [LIKELY]) is None


def test_of_two_that_are_as_likely_the_person_is_asked_which():
    rivals = [LIKELY, candidate("play imagined dragons")]
    ranking = Rank(ranker(personal=head(on="sound", above=0.6)), read)
    assert ranking(HEARD, rivals).must_confirm
    same = [replace(one, interpretation=read(LIKELY.text)[0]) for one in rivals]  # two wordings of one thing
    assert not ranking(HEARD, same).must_confirm


def test_what_would_be_read_as_the_request_is_read_changes_nothing():
    same = candidate("play imagine dragons", interpretation=read(HEARD.text)[0])
    assert Rank(ranker(personal=head(threshold=-90.0)), read)(HEARD, [same]) is None


def test_what_was_named_is_not_exchanged_for_something_unlike_it_unless_the_recogniser_heard_it():
    heard = Request(text="play metallica", user_id="ann")
    ranking = Rank(ranker(personal=head(above=0.0, threshold=-90.0)), read)
    assert ranking(heard, [candidate("play jazz")]) is None
    assert ranking(heard, [candidate("play metalica")]).acted_on == "play metalica"
    on_its_list = replace(candidate("play jazz"), origins=(("own", 0.8), ("listed", 0.5)))
    assert ranking(heard, [on_its_list]).acted_on == "play jazz"


def test_another_value_of_ones_own_past_is_weighed_where_more_than_the_value_was_misheard():
    ranking = Rank(
        ranker(personal=head(above=0.0, threshold=-90.0), **{"global": head(above=0.0, threshold=-90.0)}), read
    )
    heard = Request(text="play metallica the gay", user_id="ann")
    assert ranking(heard, [candidate("play jazz today")]) is None  # all that differs are the values
    reads = (Interpretation(intent="play", slots=(("what", "metallica"),), confidence=0.6),)
    meant = Interpretation(intent="play", slots=(("what", "jazz"),))
    own = candidate("play jazz today", interpretation=meant)
    assert ranking(heard, [own], readings=reads).acted_on == "play jazz today"
    assert ranking(heard, [replace(own, layer="global")], readings=reads) is None


def test_what_the_recogniser_did_not_know_names_nothing():
    ranking = Rank(ranker(personal=head(above=0.0, threshold=-90.0)), read)
    assert ranking(Request(text="play unk", user_id="ann"), [candidate("play jazz")]).acted_on == "play jazz"


def test_what_another_recogniser_heard_may_drop_what_this_one_did():
    ranking = Rank(ranker(hearing=head(on="voices", above=-1.0, threshold=-90.0, features=VOTE_FEATURES)), read)
    heard = Request(text="play metallica", user_id="ann")
    other = replace(candidate("play jazz", "hearing"), origins=(("second_recogniser", 1.0),))
    assert ranking(heard, [replace(other, interpretation=read("play jazz")[0])]).acted_on == "play jazz"


def listed(text, confidence):
    reading = Interpretation(intent="play", slots=(("what", text),), confidence=confidence)
    return Candidate(text=text, layer="global", origins=(("listed", 0.5),), interpretation=reading)


def test_a_text_that_the_list_alone_speaks_for_is_taken_where_it_is_read_surely():
    rank, unsure = Rank(ranker(**{"global": head(above=0.6)}), read), replace(HEARD, confidence=0.4)
    assert rank(unsure, [listed("play imagine dragons", 0.6)]) is None
    assert rank(unsure, [listed("play imagine dragons", 0.95)]).acted_on == "play imagine dragons"
    known = replace(listed("play imagine dragons", 0.6), origins=(("letters", 0.8), ("listed", 0.5)))
    assert rank(unsure, [known]).acted_on == "play imagine dragons"  # somebody said so before


def test_where_a_request_is_read_as_nothing_the_likeliest_is_asked_about():
    slight = replace(head(threshold=90.0), right=stump(FEATURES.index("sound"), 0.6, -3.0, -1.8))  # a chance of 0.14
    rank = Rank(ranker(personal=slight), read)
    known = replace(LIKELY, interpretation=read(LIKELY.text)[0])
    assert rank(replace(HEARD, confidence=0.0), [known], readings=()).must_confirm
    assert rank(HEARD, [known], readings=()) is None  # nobody was asked how sure the assistant is
    assert rank(replace(HEARD, confidence=0.4), [known], readings=read(HEARD.text)) is None
    assert rank(replace(HEARD, confidence=0.0), [replace(UNLIKELY, interpretation=known.interpretation)]) is None
    shut = Rank(ranker(personal=replace(slight, threshold=math.inf)), read)
    assert shut(replace(HEARD, confidence=0.0), [known], readings=()) is None


def test_what_the_assistant_does_not_read_is_not_chosen_where_it_was_asked():
    ranking = Rank(ranker(personal=head(on="sound", above=0.6)), lambda _: ())
    assert ranking(HEARD, [LIKELY]).acted_on == LIKELY.text  # nobody was asked
    assert replace(ranking, reads=True)(HEARD, [LIKELY]) is None
    known = candidate("play imagined dragons", interpretation=read("play imagined dragons")[0])
    assert replace(ranking, reads=True)(HEARD, [LIKELY, known]).acted_on == known.text


def test_where_the_assistant_would_ask_anyway_a_smaller_chance_is_asked_about():
    ranking = Rank(ranker(personal=head(on="sound", above=0.6, threshold=90.0, ask=89.0)), read)
    half_read = replace(HEARD, confidence=0.5)
    assert ranking(half_read, [LIKELY]) is None
    assert replace(ranking, asks_anyway=True)(half_read, [LIKELY]).must_confirm


def test_a_layer_without_a_head_is_left_alone():
    assert Rank(ranker(personal=head(threshold=-90.0)), read)(HEARD, [candidate("play x", "global")]) is None


def test_nothing_proposed_is_nothing_done():
    assert Rank(ranker(personal=head(threshold=-90.0)), read)(HEARD, []) is None


def test_very_long_texts_are_not_weighed():
    ranking = Rank(ranker(personal=head(threshold=-90.0)), read)
    assert ranking.weigh(Request(text="play " * 200, user_id="ann"), [LIKELY]) == ()
    assert ranking.weigh(HEARD, [candidate("abab " * 200)]) == ()


def test_a_person_for_whom_rewrites_end_badly_gets_fewer():
    weighs = head(on="sound", above=0.6, threshold=2.0)
    assert Rank(ranker(personal=weighs), read)(HEARD, [LIKELY]) is not None
    unlucky = ranker({"ann": Person(wins=0.0, losses=400.0)}, personal=weighs)
    assert Rank(unlucky, read)(HEARD, [LIKELY]) is None


def test_a_ranker_of_other_features_is_refused():
    with pytest.raises(ArtifactRefused, match="other features"):
        Rank(ranker(personal=head(features=("sound", "edit"))), read)


def test_that_the_request_itself_was_said_before_is_known():
    weighed = Rank(ranker(), read).weigh(HEARD, [candidate(HEARD.text), LIKELY])
    assert [one.text for one in weighed[0].candidates] == [HEARD.text, LIKELY.text]
    assert weighed[0].rows[:, FEATURES.index("said_before")].tolist() == [1.0, 1.0]
    assert weighed[0].changes.tolist() == [False, True]


def test_a_reading_that_was_just_rejected_is_marked():
    reading = Interpretation(intent="play", slots=(("what", "imagine dragons"),))
    before = Situation(recent=(Exchange(request="play imagine dragon", interpretation=reading),))
    heard = RankingRequest(text="play imagine dragons", readings=read("play imagine dragons"))
    told = candidate("play something", interpretation=reading)
    assert feature("just_rejected", heard=heard, candidates=(told,), situation=before) == [1.0]
    assert feature("just_rejected", heard=heard, candidates=(told,)) != [0.0]  # unknown is not "no"


def test_opposites_and_numbers_are_told():
    heard = RankingRequest(text="turn on 2 lights")
    assert feature("opposites", heard=heard, candidates=(candidate("turn off 2 lights"),)) == [1.0]
    assert feature("numbers_change", heard=heard, candidates=(candidate("turn on 3 lights"),)) == [1.0]


def test_every_candidate_is_told_beside_the_best_of_its_rivals():
    own, other = feature("sound_gap", candidates=(LIKELY, UNLIKELY))
    assert own > 0.0 > other
    assert own == -other


def test_wordings_of_one_reading_speak_for_each_other():
    dragons = Interpretation(intent="play", slots=(("what", "imagine dragons"),))
    alike = [
        candidate(HEARD.text, interpretation=read(HEARD.text)[0]),
        candidate("play imagine dragons", "global", interpretation=dragons),
        candidate("play some imagine dragons", "global", interpretation=dragons),
        candidate("play magic dragon", "global"),
    ]
    assert feature("same_as_others", candidates=alike) == [0.0, 1.0, 1.0, 0.0]
    mass = feature("mass", candidates=alike)
    assert mass[1] == mass[2] > mass[3] > 0.0
    assert mass[1] + mass[3] == pytest.approx(1.0)
    lead = feature("mass_lead", candidates=alike)
    assert lead[1] == pytest.approx(mass[1] - mass[3]) == -lead[3]


def test_what_worked_for_this_person_in_other_words_speaks_for_a_reading():
    reading = read("play imagine dragons")[0]
    own = Own({reading.key: 9.0}, {"play": 20.0})
    told = (candidate(HEARD.text), candidate("some dragons", "global", interpretation=reading))
    heard = RankingRequest(text=HEARD.text, own=own)
    assert feature("own_reading", heard=heard, candidates=told)[1] == pytest.approx(math.log1p(9.0))
    assert feature("own_intent", heard=heard, candidates=told)[1] == pytest.approx(math.log1p(20.0))
    assert all(math.isnan(one) for one in feature("own_reading", candidates=told))  # a stranger


def test_where_something_is_ones_own_everybodys_requests_are_its_rivals():
    both = [LIKELY, candidate("play x", "global")]
    assert [one.head for one in Rank(ranker(), read).weigh(HEARD, both)] == ["personal"]
    assert [one.head for one in Rank(ranker(), read).weigh(HEARD, both[1:])] == ["global"]


def test_unknown_counts_are_not_zero():
    assert math.isnan(feature("wins")[0])
    assert feature("wins", candidates=(candidate("play x", wins=0.0),)) == [0.0]


@settings(max_examples=40)
@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_nothing_that_is_said_raises(heard, texts):
    ranking = Rank(ranker(personal=head(threshold=-90.0), **{"global": head(threshold=-90.0)}), lambda _: ())
    candidates = [candidate(text, "global" if at % 2 else "personal") for at, text in enumerate(texts)]
    ranking(Request(text=heard, user_id="u"), candidates)
    table = rows(RankingRequest(text=heard), candidates, ranker().fluency)
    assert table.shape == (len(candidates), len(FEATURES))
    assert not np.isinf(table).any()


def test_where_the_person_is_asked_other_readings_as_likely_are_offered_beside_the_best():
    alike = [candidate(f"play {what}") for what in ("imagine dragons", "magic dragons", "mad dragons", "major dragons")]
    asks = ranker(personal=head(on="sound", above=0.4, threshold=90.0, ask=-90.0))
    decision = Rank(asks, read)(HEARD, [*alike, UNLIKELY])
    assert decision.must_confirm
    texts = [decision.acted_on, *(one.acted_on for one in decision.others)]
    assert len(set(texts)) == 3
    assert set(texts) < {one.text for one in alike}
    assert len({one.rewrite_id for one in (decision, *decision.others)}) == 3
    acts = Rank(ranker(personal=head(on="sound", above=0.6)), read)(HEARD, [LIKELY, UNLIKELY])
    assert (acts.must_confirm, acts.others) == (False, ())
