"""SoundIndex: which known request does a text sound most like?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.artifacts.sounds import MAX_REQUESTS, KnownRequest, SoundIndex

KNOWN = [
    KnownRequest("play imagine dragons", 9, 40),
    KnownRequest("turn on the hall light", 12, 80),
    KnownRequest("what's the weather tomorrow", 20, 90),
]
words = st.text(alphabet="abcdefgh ü5", min_size=1, max_size=20)
indexes = st.lists(st.builds(KnownRequest, words, st.integers(1, 9), st.integers(1, 99)), max_size=20)


def test_a_users_own_requests_are_answered_to_nobody_else():
    index = SoundIndex.from_requests(
        [*KNOWN, KnownRequest("play my mix", 1, 3, "ann"), KnownRequest("hush", 1, 1, "bo")]
    )
    assert [known.text for known in index.own("ann")] == ["play my mix"]
    assert index.own("cy") == []
    assert index.find("play my mix") is None
    assert len(index) == len(KNOWN)


def test_own_requests_are_kept_under_a_hash_and_come_back(tmp_path):
    index = SoundIndex.from_requests([KnownRequest("play my mix", 1, 3, "ann-the-pseudonym")])
    index.save(tmp_path)
    assert SoundIndex.load(tmp_path) == index
    assert not any(b"ann-the-pseudonym" in path.read_bytes() for path in tmp_path.iterdir())


def test_an_index_from_before_there_were_own_requests_still_opens(tmp_path):
    SoundIndex.from_requests(KNOWN).save(tmp_path)
    for path in tmp_path.glob("own_*.npy"):
        path.unlink()
    assert SoundIndex.load(tmp_path) == SoundIndex.from_requests(KNOWN)


def test_a_misheard_text_finds_what_was_said():
    match = SoundIndex.from_requests(KNOWN).nearest("play maj and dragons")
    assert match.request == KNOWN[0]
    assert 0.6 < match.similarity < 1.0
    assert match.margin > 0.3


def test_a_known_request_is_its_own_nearest():
    assert SoundIndex.from_requests(KNOWN).nearest("turn on the hall light").similarity == 1.0


@pytest.mark.parametrize("text", ["", "a" * 5_000, "zzz", "🎵"])
def test_nothing_near_is_none(text):
    assert SoundIndex.from_requests(KNOWN).nearest(text) is None


def test_an_empty_index_knows_nothing():
    assert SoundIndex.from_requests([]).nearest("stop") is None


@given(indexes)
def test_the_order_of_requests_does_not_matter(requests):
    assert SoundIndex.from_requests(requests) == SoundIndex.from_requests(reversed(requests))


@given(requests=indexes)
def test_loading_gives_back_what_was_saved(requests, tmp_path_factory):
    index, directory = SoundIndex.from_requests(requests), tmp_path_factory.mktemp("sounds")
    index.save(directory)
    assert SoundIndex.load(directory) == index
    assert list(SoundIndex.load(directory).rows()) == list(index.rows())


@pytest.mark.slow
def test_too_many_requests_lose_the_least_used():
    index = SoundIndex.from_requests(KnownRequest(f"request {n:06d}", n, n) for n in range(MAX_REQUESTS + 10))
    assert len(index) == MAX_REQUESTS
    assert index[0].users == MAX_REQUESTS + 9
