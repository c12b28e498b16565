"""RequestIndex: known requests by letters and by sound, and each user's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.feedback.state_keys import reading_of
from uptake.ml.encoder.encoders import HashedEncoder
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.types import Interpretation

KNOWN = [
    IndexedRequest("play imagine dragons", 9, 40, 2, "music|play|artist=imagine dragons"),
    IndexedRequest("turn on the hall light", 12, 80),
    IndexedRequest("play a magic dragon", 4, leads_to="play imagine dragons"),
]
words = st.text(alphabet="abcdefgh ü5", min_size=1, max_size=20)
indexes = st.lists(
    st.builds(IndexedRequest, words, st.integers(1, 9), st.integers(0, 99), st.integers(0, 9)),
    max_size=12,
    unique_by=lambda k: k.text,
)


def history(*texts):
    return UserHistory().plus([Count(text, None, 5, None, None, None, None, 1, 1) for text in texts])


def test_what_was_heard_finds_what_it_sounds_like():
    found = RequestIndex.of(KNOWN).sounding("play maj and dragons")
    assert found[0].known == KNOWN[0]
    assert 0.7 < found[0].similarity < 1.0


def test_without_some_requests_it_is_the_index_of_the_others():
    histories = {"ann": history("play imagine dragons")}
    index = RequestIndex.of(KNOWN, histories).leaving_out([("a", "b")]).with_vectors(HashedEncoder())
    left = RequestIndex.of(KNOWN[1:2], histories).leaving_out([("a", "b")]).with_vectors(HashedEncoder())
    failing = {"play imagine dragons"}
    assert index.without_failing(failing) == left.without_failing(failing), "nor what leads to it"
    assert index.without_failing(()) == index


def test_what_is_known_to_fail_is_kept_as_hashes_alone(tmp_path):
    RequestIndex.of(KNOWN).without_failing({"turn on the hall light", "never shared"}).save(tmp_path)
    index = RequestIndex.load(tmp_path)
    assert [index.fails(text) for text in ("turn on the hall light", "never shared", "play jazz")] == [
        True,
        True,
        False,
    ]
    assert index.find("turn on the hall light") is None
    assert not any(b"never shared" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_request_is_found_exactly_and_otherwise_not():
    index = RequestIndex.of(KNOWN)
    assert [index.find(one.text) for one in KNOWN] == KNOWN
    assert index.find("play imagine dragon") is None


def test_a_correction_to_a_request_nobody_knows_is_left_out():
    assert len(RequestIndex.of([*KNOWN, IndexedRequest("tern on", 5, leads_to="turn it on")])) == len(KNOWN)


def test_a_users_own_requests_are_answered_to_nobody_else():
    index = RequestIndex.of(KNOWN, {"ann": history("play my mix"), "bo": history("hush")})
    assert [one.text for one in index.own("ann").requests] == ["play my mix"]
    assert index.own("cy") == UserHistory()
    assert index.find("play my mix") is None


def test_nothing_on_the_disk_names_a_user(tmp_path):
    RequestIndex.of(KNOWN, {"ann-the-pseudonym": history("hush")}).save(tmp_path)
    saved = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"hush" in saved
    assert b"ann-the-pseudonym" not in saved


@pytest.mark.parametrize("text", ["", "a" * 5_000, "zzz", "🎵"])
def test_nothing_like_it_is_nothing(text):
    for index in (RequestIndex.of(KNOWN), RequestIndex.of([])):
        assert index.near(text) == index.sounding(text) == []
        assert index.find(text) is None


@given(requests=indexes)
def test_the_order_of_requests_does_not_matter(requests):
    assert RequestIndex.of(requests) == RequestIndex.of(reversed(requests))


@given(
    domain=st.none() | st.text("ab", min_size=1),
    slots=st.lists(st.tuples(st.text("xyz", min_size=1), st.text("q |w", max_size=6)), max_size=3),
)
def test_a_reading_comes_back_from_its_key(domain, slots):
    reading = Interpretation(domain=domain, intent="play", slots=tuple(sorted(slots)))
    assert reading_of(reading.key) == reading
