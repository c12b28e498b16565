"""Many unlike ways to say one thing: a yes, a request with a gap, the use of a concept, a statement.

The lines were written by this project to develop on, in many shapes on purpose: most must be right, and of what must
be left alone, all but the share that is allowed.
"""

import pytest

from tests.teaching.homes import PENTHOUSE, house
from tests.teaching.script import HEARD
from uptake.teaching.concepts.answers import is_agreement, is_withdrawal
from uptake.teaching.concepts.artifact import Concept, Concepts, key_of
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.house import House, Thing
from uptake.teaching.concepts.lesson import Scene
from uptake.teaching.concepts.phrases.accepting import accepts
from uptake.teaching.concepts.phrases.framing import request_alone
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.teaching.concepts.statements import statements
from uptake.teaching.concepts.step import parts_of, taught
from uptake.teaching.concepts.uses import use_wanted, with_names
from uptake.text.normalize import normalize


def thing(domain, name, area):
    return Thing(key=f"{domain}.{name}", name=name, domain=domain, area=area)


ODD = House(
    areas=("Den", "Kitchen", "Lounge", "Snug", "Tiki Bar"),
    things=(
        thing("light", "Hall Lamp", "Den"), thing("media_player", "AV Receiver", "Den"),
        thing("fan", "Drum Fan", "Kitchen"), thing("light", "Bar Strip", "Tiki Bar"),
        thing("light", "Kitchen Spots", "Kitchen"), thing("climate", "Bothy Stove", "Snug"),
        thing("cover", "Roman Blind", "Lounge"), thing("light", "Snug Light", "Snug"),
        thing("switch", "Samovar", "Lounge"), thing("fan", "Sauna Fan", "Snug"),
    ),
)  # fmt: skip
HIGH = house(PENTHOUSE)


def concept(phrase, intent, **slots):
    return Concept.from_json(
        {"concept": phrase, "user": "ann", "scope": "person", "actions": [{"intent": intent, "slots": slots}]}
    )


KNOWN = {
    one.key: (one,)
    for one in (
        concept("study mode", "HassLightSet", name="Lounge Light", brightness="40"),
        concept("sad clown", "HassLightSet", name="Uplighter", color="blue"),
        concept("lockdown", "HassTurnOn", name="Front Door"),
        concept("sheet mask", "HassStartTimer", minutes="18"),
        concept("moping mix", "HassMediaSearchAndPlay", name="Home Cinema", search_query="Blue"),
        concept("skinflint", "HassClimateSetTemperature", name="Thermostat", temperature="17"),
        concept("don't wake gran", "HassSetVolume", name="Gym Speaker", volume_level="8"),
        concept("hurricane", "HassFanSetSpeed", name="Gym Fan", percentage="100"),
    )
}


def lines(name):
    return [line.rpartition(" | ")[::2] for line in (HEARD / f"{name}.txt").read_text().strip().splitlines()]


def shares(name, get):
    """Return the share of lines that are right, and of lines to be left alone that are not."""
    rows = [(expected, get(text)) for text, expected in lines(name)]
    wanted = [expected == got for expected, got in rows if expected != "-"]
    left = [got != "-" for expected, got in rows if expected == "-"]
    assert min(len(wanted), len(left)) > 30
    return sum(wanted) / len(wanted), sum(left) / len(left)


def agreed(text):
    return "yes" if is_agreement(normalize(text)) or accepts(normalize(text)) else "-"


def gap_of(text, home=ODD):
    found = next((gap for one in (text, request_alone(text, home)) if (gap := find_gap(label(one, home), home))), None)
    return "-" if found is None else found.words.removeprefix("the ").removeprefix("a ")


def used(text):
    named, _ = with_names(text, KNOWN, HIGH)
    found = use_wanted(named, HIGH, KNOWN)
    return "-" if found is None else "yes"


@pytest.mark.parametrize(
    ("name", "get", "least", "most"),
    [
        ("answers", agreed, 0.95, 0.0),
        ("gaps", gap_of, 0.75, 0.02),
        ("gaps_elsewhere", lambda text: gap_of(text, HIGH), 0.8, 0.0),
        ("uses", used, 0.9, 0.0),
    ],
)
def test_most_wordings_are_understood_and_what_is_none_is_left_alone(name, get, least, most):
    right, wrong = shares(name, get)
    assert right >= least
    assert wrong <= most


def declared(text):
    """Return the word that a statement declares, and the thing that it is another name of, if it is one."""
    lesson = getattr(taught(text, Scene(user_id="ann", house=HIGH, concepts=Concepts())), "lesson", None)
    if lesson is None or lesson.stage != "confirm":
        return "-"
    return key_of(lesson.phrase) + (f"={lesson.alias_of}" if lesson.alias_of else "")


def test_most_ways_to_declare_a_word_are_known():
    rows = lines("declared")
    right = [declared(text) == f"{key_of(word)}{sign}{thing}" for text, (word, sign, thing) in
             ((text, expected.partition("=")) for text, expected in rows)]  # fmt: skip
    assert len(rows) > 30
    assert sum(right) >= 0.9 * len(rows)


def test_most_ways_to_change_show_and_forget_a_word_are_known():
    concepts = Concepts(tuple(one for rows in KNOWN.values() for one in rows))
    found = []
    for text, expected in lines("control"):
        did = taught(text, Scene(user_id="ann", house=HIGH, concepts=concepts))
        intent = "-" if did is None or did.event is None else did.event.intent
        meant = described(did.lesson.deeds) if did is not None and did.lesson is not None else intent
        found.append((intent if expected.startswith("Teach") else meant) == expected)
    assert len(found) > 30
    assert sum(found) >= 0.9 * len(found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("study mode and lock the front door", ("study mode", "lock the front door")),
        ("turn off the hot tub, then hurricane", ("turn off the hot tub", "hurricane")),
        ("I like study mode and hurricane lamps", ()),
        ("don't do study mode and lock the front door", ()),
        ("is study mode on and is the front door locked?", ()),
    ],
)
def test_a_concept_is_used_beside_other_requests(text, parts):
    concepts = Concepts(tuple(one for rows in KNOWN.values() for one in rows))
    about = lambda said: bool(HIGH.mentions(said.lower().split()))  # noqa: E731 - stands for the reader of requests
    assert parts_of(text, Scene(user_id="ann", house=HIGH, concepts=concepts, concerns_devices=about)) == parts


@pytest.mark.parametrize("said", ["bin it", "nah, sod it", "on second thoughts, scrap that"])
def test_giving_up_has_many_words(said):
    assert is_withdrawal(normalize(said))


def test_what_begins_with_whatever_says_something_that_is_no_giving_up():
    assert not is_withdrawal(normalize("well, whatever bears do"))


@pytest.mark.parametrize(
    ("text", "kind", "phrase", "body"),
    [
        ("if it sounds like haul lump I mean the hall lamp", "name", "haul lump", "Hall Lamp"),
        ("the sore na fan is the sauna fan, every single time", "name", "the sore na fan", "Sauna Fan"),
        ("by the beast I mean the AV receiver", "name", "the beast", "AV Receiver"),
        ("treat haul lump as the hall lamp", "name", "haul lump", "Hall Lamp"),
        ("when it's me asking, cosy is the hall lamp at twenty", "maybe", "cosy", "the hall lamp at twenty"),
        ("remember those two as quiz night", "keep", "quiz night", ""),
        ("you can forget pub mode now", "forget", "pub mode", ""),
        ("wipe pub mode from your memory", "forget", "pub mode", ""),
        ("hang on, what did I say pub mode means?", "show", "pub mode", ""),
        ("new meaning for pub mode: hall lamp at ten", "correct", "pub mode", "hall lamp at ten"),
        ("whenever hooray is said, hall lamp on", "declare", "hooray", "hall lamp on"),
        ("I want hooray to switch on the hall lamp", "declare", "hooray", "switch on the hall lamp"),
        ("hall lamp at ten is what I mean by hooray", "declare", "hooray", "hall lamp at ten"),
    ],
)
def test_statements_are_framed_in_many_ways(text, kind, phrase, body):
    found = next(statements(text, ODD, {"pub mode"}))
    assert (found.kind, key_of(found.concept), found.body) == (kind, key_of(phrase), body)


@pytest.mark.parametrize(
    "text", ["pack it in", "kids! pack it in", "pack it in, I mean it", "pack it in once more please"]
)
def test_what_is_said_in_passing_is_no_part_of_a_request(text):
    assert request_alone(text, ODD) == "pack it in"


def test_a_verb_within_a_word_is_none():
    assert gap_of("my hands are covered in barbecue sauce") == "-"  # "cue" takes a mode: "cue the party lights"
