"""What is to be played: songs by somebody are that somebody, however a reader cut the words up."""

import pytest

from uptake.assistant.entities.catalogue import Catalogue
from uptake.assistant.entities.titles import PLAY, find_titles
from uptake.types import Interpretation

CATALOGUE = Catalogue.shipped()


def played(**slots):
    reading = Interpretation(intent=PLAY, slots=tuple(slots.items()))
    return dict(find_titles(reading, CATALOGUE, has_screen=None).readings[0].slots)


@pytest.mark.parametrize(
    "slots",
    [
        {"search_query": "songs by duke ellington"},
        {"search_query": "s by duke ellington", "media_class": "track"},
        {"search_query": "songs by", "artist": "duke ellington"},
        {"search_query": "some music by Duke Ellington"},
        {"artist": "duke ellington"},
    ],
)
def test_songs_by_somebody_are_that_somebody(slots):
    assert "Duke Ellington" in played(**slots).values()
    assert "by" not in " ".join(played(**slots).values())


def test_a_title_by_somebody_stays_a_title():
    assert "Bohemian Rhapsody" in played(search_query="bohemian rhapsody", artist="queen").values()
    assert played(search_query="stand by me")["search_query"].lower() == "stand by me"
