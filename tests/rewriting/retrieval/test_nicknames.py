"""A person's own names: what one repair teaches holds for other requests of theirs, and for nobody else."""

import pytest

from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.rewriting.retrieval.lookup import Requests
from uptake.rewriting.retrieval.nicknames import Renamed
from uptake.types import Request, Situation

FAN, LAMP = "home|turn_on|name=Ceiling Fan", "home|set_colour|name=Bedside Lamp|colour=blue"


def said(text, *, wins=1, target=None, reading=None):
    return Count(text, reading, 490_904, None, None, target, None, 1, wins)


SHELF = UserHistory().plus(
    [
        said("turn on the ceiling fan", reading=FAN),
        said("turn on the propeller", wins=0, target="turn on the ceiling fan"),
        said("bedside lamp blue", reading=LAMP),
        said("set the little lamp to blue", wins=0, target="bedside lamp blue"),
        said("wake me at 7", reading="alarm|set|time=7"),
        said("wake me at 6", wins=0, target="wake me at 7"),
    ]
)
RENAMED = Renamed(Requests(RequestIndex.of([], {"ann": SHELF})))


def ask(text, user="ann"):
    return [one.text for one in RENAMED(Request(text=text, user_id=user), Situation(), 8)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("turn off the propeller", "turn off the ceiling fan"),
        ("propeller please", "ceiling fan please"),
        ("make the little lamp green", "make the bedside lamp green"),
    ],
)
def test_a_name_that_one_repair_taught_is_replaced_in_other_requests(text, meant):
    assert meant in ask(text)


@pytest.mark.parametrize(
    "text", ["turn off the ceiling fan", "what time is it", "wake me at 6 tomorrow", "", "la " * 40, "x" * 10_000]
)
def test_official_names_numbers_and_what_shares_no_name_are_left_alone(text):
    assert ask(text) == []


def test_nobody_else_has_the_name():
    assert ask("turn off the propeller", user="bo") == []


def test_evidence_is_the_persons_own_and_grows_with_every_repair():
    again = SHELF.plus([said("turn on the propeller", wins=0, target="turn on the ceiling fan")] * 3)
    more = Renamed(Requests(RequestIndex.of([], {"ann": again})))
    request = Request(text="propeller off", user_id="ann")
    once, often = (found(request, Situation(), 8)[0] for found in (RENAMED, more))
    assert once.layer == often.layer == "personal"
    assert often.score > once.score
