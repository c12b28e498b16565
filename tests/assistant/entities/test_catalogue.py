"""Catalogue: titles and names, the shipped ones and one's own."""

import pytest

from tests.assistant.small_home import CATALOGUE
from uptake.assistant.entities import Catalogue, Item
from uptake.errors import BadRecord
from uptake.types import Habit


def kinds(said, **options):
    return {(found.item.kind, found.item.name) for found in CATALOGUE.find(said, **options) if found.score > 0.8}


def test_a_title_may_be_a_film_and_an_audiobook():
    assert kinds("hunger games") == {("film", "The Hunger Games"), ("audiobook", "The Hunger Games")}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("bohemian rapsody", ("song", "Bohemian Rhapsody")),
        ("the beetles", ("artist", "The Beatles")),
        ("ac dc", ("artist", "AC/DC")),
        ("harry porter", ("film", "Harry Potter and the Philosopher's Stone")),
        ("heavy metal", ("genre", "metal")),
        ("radio 4", ("station", "BBC Radio 4")),
        ("nineteen eighty four", ("audiobook", "Nineteen Eighty-Four")),
        ("thriller by michael jackson", ("song", "Thriller")),
    ],
)
def test_a_title_is_found_as_people_say_it(said, expected):
    assert expected in kinds(said)


def test_who_made_it_tells_titles_apart():
    assert [found.item.by for found in CATALOGUE.find("heroes", by="david bowie")][:1] == ["David Bowie"]
    assert CATALOGUE.find("thriller", by="agatha christie", kinds={"song"}) == ()


def test_tastes_are_the_genres_of_what_was_played():
    said = ["play miles davis", "play some jazz", "what time is it", "play take five", "play metallica"]
    assert CATALOGUE.tastes(Habit(request=text) for text in said) == (("jazz", 0.75), ("metal", 0.25))


def test_a_file_of_ones_own_adds_to_the_shipped_one(tmp_path):
    own = tmp_path / "own.tsv"
    own.write_text("kind\tname\tby\tgenres\taliases\n# ours\nsong\tOur Song\tThe Cousins\tfolk;pop\tthe family song\n")
    both = CATALOGUE + Catalogue.load(own)
    assert both.find("the family song")[0].item == Item(
        kind="song", name="Our Song", by="The Cousins", genres=("folk", "pop"), aliases=("the family song",)
    )
    assert both.find("dune")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("name\tkind\n", 1),
        ("kind\tname\tby\tgenres\taliases\nsongs\tx\n", 2),
        ("kind\tname\tby\tgenres\taliases\nsong\t\n", 2),
        ("kind\tname\tby\tgenres\taliases\nsong\ta\tb\tc\td\te\n", 2),
    ],
)
def test_a_wrong_line_is_named(tmp_path, text, line):
    path = tmp_path / "own.tsv"
    path.write_text(text)
    with pytest.raises(BadRecord) as raised:
        Catalogue.load(path)
    assert (raised.value.file, raised.value.line) == (str(path), line)


def test_a_file_that_is_not_there_is_a_bad_record(tmp_path):
    with pytest.raises(BadRecord, match="cannot be read"):
        Catalogue.load(tmp_path / "none.tsv")
