"""RetrieveLearner: what works for enough people, what each person asks for, and a turn that was just said."""

from operator import add

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session, turn
from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig
from uptake.feedback.turns_view import mark
from uptake.log.rows import to_table
from uptake.rewriting.retrieval.fresh import add_to_history, count_session
from uptake.rewriting.retrieval.history import Count, FreshHistory, OwnPair
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.types import Context, Interpretation, Offered, Session

learner = RetrieveLearner(min_users=2)
ENGINE = LocalEngine(memory_limit="64MB", threads=1)
PEOPLE = ("ann", "bo")
sessions = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.lists(st.sampled_from(("play jass", "play jazz", "hush")), min_size=1)),
    max_size=6,
)


def marked(*said):
    names = [one.session_id for one in said for _ in one.turns]
    table = to_table([turn for one in said for turn in one.turns])
    return mark(table.append_column("session", pa.array(names, type=pa.string())))


def fit(*said):
    return learner.solve(EngineStatistics(ENGINE, ENGINE.table(learner.statistics, turns=marked(*said))))


def repairs(users=PEOPLE, times=3):
    return [session("play jass", "play jazz", user=name, failed=(0,)) for name in users for _ in range(times)]


def test_what_works_for_enough_people_is_known_and_what_they_correct_leads_to_it():
    assert {one.text: (one.users, one.leads_to) for one in fit(*repairs()).rows()} == {
        "play jazz": (2, None),
        "play jass": (2, "play jazz"),
    }


def test_one_persons_requests_stay_on_that_persons_shelf():
    index = fit(*repairs(users=("ann",)))
    assert len(index) == 0
    assert [one.text for one in index.own("ann").working()] == ["play jazz"]
    [pair] = index.own("ann").pairs
    assert (pair.request, pair.acted_on, pair.uses, bool(pair.days)) == ("play jass", "play jazz", 3, True)
    assert index.own("bo").requests == ()


def test_a_shelf_knows_when_where_and_what_was_meant():
    reading = Interpretation(intent="play", slots=(("genre", "jazz"),), domain="music")
    where = Context(room="Hall", local_time="07:30")
    (own,) = fit(session("play jazz", interpretation=reading, context=where, start_s=0.0)).own("ann").requests
    assert (own.hours, own.rooms, own.readings) == ({"07": 1}, {"Hall": 1}, {reading.key: 1})
    assert own.last_h == 490904


def test_a_reading_is_shared_where_enough_people_meant_it():
    def say(user, intent):
        return session("play jazz", user=user, interpretation=Interpretation(intent=intent))

    assert fit(say("ann", "play"), say("bo", "play"), say("cy", "buy")).find("play jazz").reading == "|play"
    assert fit(say("ann", "play"), say("bo", "buy")).find("play jazz").reading is None


def test_what_a_rewrite_led_to_counts_as_a_pair_and_not_as_the_request():
    index = fit(*(session("play jass", user=name, acted_on="play jazz") for name in PEOPLE for _ in range(3)))
    assert len(index) == 0
    assert index.own("ann").pairs == (OwnPair("play jass", "play jazz", uses=0, served=3, wins=3),)


def test_a_question_that_nobody_answered_is_no_evidence():
    question = {"acted_on": "play jazz", "response": "Did you mean: play jazz?", "status": None}
    known = repairs(users=("ann",), times=1)
    assert fit(*known, session("play jass", **question)).own("ann") == fit(*known).own("ann")
    for answer, wins in ((True, 1), (False, 0)):
        (pair,) = fit(*known, session("play jass", **question, answer=answer)).own("ann").pairs
        assert (pair.uses, pair.served, pair.wins) == (1, 1, wins)
    (_, ignored) = fit(session("play jass", "play the blues", **question)).own("ann").pairs
    assert (ignored.acted_on, ignored.served, ignored.wins) == ("play jazz", 1, 0)  # said otherwise: as good as a no


def test_what_worked_and_was_said_again_teaches_a_person_nothing_and_the_others_as_before():
    worked = [session("play jass", "play jazz", user=name) for name in PEOPLE for _ in range(3)]
    index = fit(*worked)
    assert index.own("ann").pairs == ()
    assert index.find("play jass").leads_to == "play jazz"
    barged = session("play jass", "play jazz", barge_in_ms=200.0)
    assert [(one.request, one.uses) for one in fit(*worked, barged).own("ann").pairs] == [("play jass", 1)]


def test_one_user_cannot_outvote_the_others():
    loud = [session("play jazz", user="ann") for _ in range(50)]
    failing = [session("play jazz", user=name, failed=(0,)) for name in ("bo", "cy", "di", "ed") * 3]
    assert len(fit(*loud, session("play jazz", user="fay"), *failing)) == 0


def test_a_user_with_very_many_requests_is_kept_in_bounds():
    few = RetrieveLearner(min_users=2, own_most=3, own_turns=5)
    table = ENGINE.table(few.statistics, turns=marked(*(session(f"show photo {n}") for n in range(20))))
    history = few.solve(EngineStatistics(ENGINE, table)).own("ann")
    assert [one.text for one in history.requests] == ["show photo 15", "show photo 16", "show photo 17"]


_KEYS = 7  # of a count; the rest are sums
how_it_went = st.fixed_dictionaries(
    {
        "request": st.sampled_from(("play jass", "play jazz", "Play 'Jazz'", "no", "yes", "stop", "hush", "")),
        "user": st.sampled_from(PEOPLE),
        "status": st.sampled_from((None, "ok", "failed")),
        "response": st.sampled_from((None, "Playing.", "Shall I play jazz?", "Did I get that right?")),
        "acted_on": st.sampled_from((None, None, "play Jazz")),
        "interpretation": st.sampled_from(
            (None, Interpretation(intent="Play", slots=(("what", "jazz"),)), Interpretation(intent="A", confidence=0.4))
        ),
        "answer": st.sampled_from((None, None, True, False)),
        "undone": st.sampled_from((None, None, True)),
        "barge_in_ms": st.sampled_from((None, None, 300.0)),
        "context": st.sampled_from((Context(), Context(room="Kitchen", local_time="07:30"))),
        "offer": st.sampled_from((None, None, Offered(offer_id="o", said=True, propensity=0.5))),
    }
)


@settings(max_examples=30)
@given(st.lists(st.lists(how_it_went, min_size=1, max_size=5), max_size=4))
def test_counting_a_few_turns_is_what_the_query_counts(said):
    told = []
    for number, turns in enumerate(said):
        made = tuple(turn(**one, at_s=3_000.0 * number + 9.0 * at) for at, one in enumerate(turns))
        told.append(Session(session_id=f"s{number}", turns=made))
    table = pa.concat_tables([marked(one) for one in told]) if told else marked()
    here: dict[tuple, list[int]] = {}
    for one in told:
        for user, counts in count_session(one).items():
            for count in counts:
                sums = here.setdefault((user, *count[:_KEYS]), [0] * 3)
                sums[:] = map(add, sums, count[_KEYS:])
    rows = ENGINE.table(learner.statistics, turns=table).to_pylist()
    asked = {(row["user_id"], *(row[name] for name in Count._fields[:_KEYS])): row for row in rows}
    assert here == {key: [row[name] for name in Count._fields[_KEYS:]] for key, row in asked.items()}


@pytest.mark.slow
@settings(max_examples=10)
@given(before=sessions, after=sessions)
def test_a_shelf_with_what_was_just_said_is_what_learning_again_gives(before, after, tmp_path_factory):
    old, new = ([session(*texts, user=user) for user, texts in part] for part in (before, after))
    fresh, index = FreshHistory(tmp_path_factory.mktemp("fresh")), fit(*old)
    for one in new:
        for upto in range(1, len(one.turns) + 1):
            add_to_history(fresh, one.turns[:upto], session_id=one.session_id)
    again = fit(*old, *new)
    for user in PEOPLE:
        assert fresh.over(index.own(user), user) == fresh.over(again.own(user), user) == again.own(user)


@pytest.mark.parametrize(
    "options",
    [
        {"min_users": 0},
        {"min_success": 2.0},
        {"confidence": 0.1},
        {"max_uses": 0},
        {"own_most": -1},
        {"own_turns": 0},
        {"encoder": "x"},
    ],
)
def test_impossible_options_are_refused(options):
    with pytest.raises(BadConfig):
        RetrieveLearner(**options)


def test_a_familys_requests_are_nobody_elses():
    own = [session("play grandpa's tape", user=name, home_id=f"of {name}") for name in PEOPLE]
    family = [session("play grandpa's tape", user=name, home_id="ours") for name in PEOPLE]
    assert [one.text for one in fit(*own).rows()] == ["play grandpa's tape"]
    assert list(fit(*family).rows()) == []
