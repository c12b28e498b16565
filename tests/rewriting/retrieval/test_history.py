"""UserHistory: what one person asked for, counts that add; FreshHistory: what was said since the index was made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.rewriting.retrieval.history import Count, FreshHistory, OwnPair, UserHistory

counts = st.lists(
    st.builds(
        Count,
        st.sampled_from(("play jazz", "dim")),
        st.none() | st.sampled_from(("m|play", "l|dim")),
        st.integers(1, 9),
        st.none() | st.sampled_from(("07", "23")),
        st.none() | st.just("Hall"),
        st.none() | st.just("play jazz"),
        st.none() | st.just("hush"),
        st.just(1),
        st.integers(0, 1),
        fine=st.integers(0, 1),
    ),
    max_size=8,
)


def said(text, hour_at=5, *, wins=1, target=None, acted_on=None):
    return Count(text, None, hour_at, None, None, target, acted_on, 1, wins)


@settings(max_examples=40)
@given(counts)
def test_a_shelf_comes_back_from_its_bytes(given_counts):
    history = UserHistory().plus(given_counts)
    assert UserHistory.decode(history.encode()) == history


@settings(max_examples=40)
@given(counts, counts)
def test_adding_in_two_steps_is_adding_at_once(left, right):
    assert UserHistory().plus(left).plus(right) == UserHistory().plus(left + right)


def test_a_full_shelf_loses_what_worked_least():
    history = UserHistory().plus([said("a"), said("b"), said("b"), said("c", wins=0)], most=2)
    assert [one.text for one in history.requests] == ["b", "a"]


def test_what_was_said_again_and_what_was_acted_on_are_pairs():
    history = UserHistory().plus([said("jass", wins=0, target="jazz"), said("jass", wins=1, acted_on="jazz")])
    assert history.pairs == (OwnPair("jass", "jazz", uses=1, served=1, wins=1, days=(0,)),)
    assert [(one.text, one.uses) for one in history.requests] == [("jass", 1)]


def test_a_request_that_mostly_fails_does_not_work():
    assert [one.text for one in UserHistory().plus([said("a"), said("b"), said("b", wins=0)]).working()] == ["a"]


def test_a_session_that_goes_on_is_counted_once(tmp_path):
    fresh = FreshHistory(tmp_path / "fresh")
    fresh.put("ann", "s1", [said("play jazz")])
    fresh.put("ann", "s1", [said("play jazz", wins=0, target="play jaz"), said("play jaz")])
    assert [(one.text, one.uses) for one in fresh.over(UserHistory(), "ann").requests] == [
        ("play jaz", 1),
        ("play jazz", 1),
    ]
    assert fresh.over(UserHistory(), "bo") == UserHistory()


def test_turns_that_are_published_by_now_are_not_counted_twice(tmp_path):
    fresh, early, late = FreshHistory(tmp_path), said("a", 5), said("b", 6)
    fresh.put("ann", "s1", [early, late])
    fresh.put("ann", "s2", [said("c", 6)])
    whole = UserHistory().plus([early, late, said("c", 6)])
    for published in (UserHistory(), UserHistory().plus([early]), UserHistory().plus([early, late]), whole):
        assert fresh.over(published, "ann") == whole


def test_forgetting_removes_what_was_kept_and_a_broken_file_holds_nothing(tmp_path):
    fresh = FreshHistory(tmp_path)
    fresh.put("ann", "s1", [said("a")])
    fresh.forget("ann")
    assert list(tmp_path.iterdir()) == []
    fresh.put("ann", "s1", [said("a")])
    next(tmp_path.iterdir()).write_bytes(b"\xff not ours")
    assert fresh.over(UserHistory(), "ann") == UserHistory()
