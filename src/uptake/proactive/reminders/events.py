"""Read "remind me to … when …", and find what the home could notice it by.

The clause after "when" names a thing and what happens to it ("the washing is done", "the garage door opens"), or a
person who comes or goes. It is tied to a device whose state tells; where none does, that is said, and nothing is kept.

Limit: English, one event a reminder; how warm, how bright or how late it is is no event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from uptake.text.normalize import normalize

__all__ = ["Asked", "Event", "Thing", "read_reminder"]


class Thing(NamedTuple):
    """A device that can be noticed by its state."""

    entity_id: str
    """Its identifier."""
    forms: tuple[str, ...]
    """What it is called, its name first."""
    device_class: str | None = None
    """Finer kind, for example "washing_machine"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the home can sense."""

    entities: tuple[str, ...]
    """The devices whose states tell."""
    states: tuple[str, ...]
    """It has happened once all of them are in one of these states, and came to it later than the reminder."""
    words: str
    """The event, as said back: "when the washing machine is done"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A reminder that waits for something."""

    text: str = ""
    """What to remind of; "" where something is to be run."""
    run: str = ""
    """The name of what is to be run; "" where it only reminds."""
    event: Event | None = None
    """What it waits for; None where the home cannot sense it, or for a place."""
    place: str = ""
    """Place that the person comes to or leaves; "" for an event of the home."""
    leaves: bool = False
    """Whether they leave it."""
    unknown: str = ""
    """The clause that nothing in the home can tell; "" where something can."""


_WHEN = r"(?:when|whenever|once|as soon as|(?:the )?next time(?: that)?|(?P<after>after))"
_REMIND = (
    r"(?:please |can you |could you |would you )*(?:remind me|give me a reminder|set (?:me )?a reminder)"
    r"(?: please)?(?: (?:to|that i (?:have|need) to|that i should|about|of))? "
)
_RUN = r"(?:please |can you |could you )*(?:run|do|start|play through) "
_FIRST = re.compile(rf"^(?P<verb>{_REMIND}|{_RUN})(?P<text>.+?),? {_WHEN} (?P<when>.+)$", re.IGNORECASE)
_THEN = re.compile(rf"^{_WHEN} (?P<when>.+?),? (?P<verb>{_REMIND}|{_RUN})(?P<text>.+)$", re.IGNORECASE)
_TELL = (
    r"(?:please |can you |could you |would you )*(?:tell (?:me|us)|let (?:me|us) know|notify (?:me|us)|alert (?:me|us)"
    r"|give (?:me|us) a (?:shout|ping)|ping me)"
)
_TOLD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_TELL} (?:when|once|as soon as) (?P<when>.+)$",
        rf"^(?:when|once|as soon as) (?P<when>.+?),? {_TELL}$",
    )
)
_GO = r"(?P<verb>get|arrive|am|are|come|go|reach|leave|visit)"
_PLACE = re.compile(
    rf"^(?:i|we|i'm|we're) {_GO}(?: back)?(?: (?:to|at|in|into|by|out of|from))? (?P<place>(?:the |my )?[\w' ]+)$"
)
_LEAVES = re.compile(r"^(?:i|we) (?:leave|go out|head out)$")
_DONE = frozenset("done finished ready up free bored".split())
_EVERYBODY = re.compile(
    r"^(?:everybody|everyone|the last person) (?:has |have )?(?:left|leaves|is gone|is out|goes out)$"
)
_NOBODY = re.compile(r"^(?:nobody|no one|no-one) is (?:at )?home(?: any ?more)?$")
_SOMEBODY = re.compile(
    r"^(?P<who>[\w ]+?) (?P<what>gets|comes|arrives|is|leaves|goes out)(?: (?:back|at))*(?: home| the house)?$"
)
_GOES = "(?:is|turns|goes|comes|switches|has been turned|is turned|is switched)"
_HAPPENS: tuple[tuple[str, str, str], ...] = (
    ("(?:is|are|has) (?:done|finished|ready|complete|over|through)|finish(?:es)?|ends?|stops?", "off idle docked",
     "is done"),
    ("(?:is |has been )?(?:unlocked|unlocks)", "unlocked", "is unlocked"),
    ("(?:is |has been )?(?:locked|locks)", "locked", "is locked"),
    ("(?:is |has been |gets )?(?:open|opened|opens)", "open on", "opens"),
    ("(?:is |has been |gets )?(?:closed|closes|shut|shuts)", "closed off", "closes"),
    (f"{_GOES} off", "off idle standby", "is off"),
    (f"{_GOES} on|starts?", "on playing cleaning", "is on"),
    ("rings?|is ringing", "ringing", "rings"),
)  # fmt: skip
"""(what happens, as a regular expression; states that tell it; how it is said back)."""
_EVENTS = tuple(
    (re.compile(rf"^(?:the |my )?(?P<thing>.+?) (?:{what})$"), states, said) for what, states, said in _HAPPENS
)
_CALLED = {
    "washing": "washing_machine", "laundry": "washing_machine", "washer": "washing_machine", "dishes": "dishwasher",
    "coffee": "coffee_maker", "tumble dryer": "dryer", "vacuuming": "vacuum", "hoovering": "vacuum", "tea": "kettle",
    "water": "kettle", "doorbell": "doorbell",
}  # fmt: skip
_IS = re.compile(
    r"'s(?= (?:all |nearly )?(?:done|finished|ready|complete|over|through|open|closed|shut|locked|unlocked|home|off|on"
    r"|ringing|out|gone)\b)"
)
_HOME = ("house", "place", "home")


def read_reminder(text: str, things: Sequence[Thing], runs: Sequence[str] = (), me: str | None = None) -> Asked | None:
    """Read a reminder that waits for something to happen; None where the request is none.

    Args:
        text: The request.
        things: Devices of the home that have a state.
        runs: Names of what can be run.
        me: The device that tells where the person is; None where there is none.

    >>> washer = Thing("switch.washer", ("Washing Machine",), "washing_machine")
    >>> read_reminder("remind me to hang it up when the washing is done", [washer]).event.words
    'when the washing machine is done'
    >>> read_reminder("remind me to close the window when it rains", [washer]).unknown
    'it rains'
    """
    said = text.strip(" .!?")
    match = _FIRST.match(said) or _THEN.match(said)
    if match is None:
        return _told(said, things)
    return _asked(match, things, runs, me)


def _told(text: str, things: Sequence[Thing]) -> Asked | None:
    """Read "tell me when the washing is done": the event itself is what is told."""
    match = next((found for pattern in _TOLD if (found := pattern.match(text))), None)
    when = _IS.sub(" is", normalize(match["when"])) if match is not None else ""
    if not when or re.search(r"\b(?:and|or|then|if|unless)\b", when):
        return None
    event = _of_people(when, things) or _of_things(when, things)
    return None if event is None else Asked(text=event.words.removeprefix("when "), event=event)


def _asked(match: re.Match[str], things: Sequence[Thing], runs: Sequence[str], me: str | None) -> Asked | None:
    said, when = match["text"].strip(" ,"), _IS.sub(" is", normalize(match["when"]))
    is_run = re.match(_RUN, match["verb"], re.IGNORECASE) is not None
    unclear = re.search(r"\b(?:and|or|then|if|unless)\b", when) is not None
    if unclear or (is_run and normalize(said) not in {normalize(one) for one in runs}):
        return None
    about = Asked(run=said) if is_run else Asked(text=said)
    place, leaves = _place(when)
    if place:
        if place != "home" or me is None:
            return replace(about, place=place, leaves=leaves)
        words = "when you leave home" if leaves else "when you get home"
        return replace(about, event=Event(entities=(me,), states=("not_home" if leaves else "home",), words=words))
    event = _of_people(when, things) or _of_things(when, things)
    if event is None and (match["after"] or " " not in when):
        return None  # "after lunch" is a time that nobody said
    return replace(about, event=event, unknown="" if event is not None else when)


def _place(when: str) -> tuple[str, bool]:
    """Return the place that a person comes to or leaves, and whether they leave it; "" for another clause."""
    if _LEAVES.match(when):
        return "home", True
    match = _PLACE.match(when)
    if match is None or match["place"].split()[-1] in _DONE:
        return "", False
    where = re.sub(r"^(?:the|my) ", "", match["place"]).strip()
    return "home" if where in _HOME else where, match["verb"] == "leave"


def _of_people(when: str, things: Sequence[Thing]) -> Event | None:
    people = [one for one in things if one.entity_id.startswith("person.")]
    if people and (_EVERYBODY.match(when) or _NOBODY.match(when)):
        return Event(
            entities=tuple(one.entity_id for one in people), states=("not_home",), words="when everybody has left"
        )
    match = _SOMEBODY.match(when)
    if match is None:
        return None
    leaves = match["what"] in ("leaves", "goes out")
    for one in people:
        if normalize(match["who"]) in map(normalize, one.forms):
            words = f"when {one.forms[0]} {'leaves' if leaves else 'gets home'}"
            return Event(entities=(one.entity_id,), states=("not_home" if leaves else "home",), words=words)
    return None


def _of_things(when: str, things: Sequence[Thing]) -> Event | None:
    for pattern, states, said in _EVENTS:
        match = pattern.match(when)
        thing = _named(match["thing"], things) if match is not None else None
        if thing is not None:
            return Event(
                entities=(thing.entity_id,),
                states=tuple(states.split()),
                words=f"when the {thing.forms[0].lower()} {said}",
            )
    return None


def _named(said: str, things: Sequence[Thing]) -> Thing | None:
    """Find the one thing that is meant; what can tell more (a sensor of a door) before what can only be moved."""
    words = normalize(said)
    kind: Literal[""] | str = _CALLED.get(words, "")
    found = [one for one in things if kind and one.device_class == kind]
    found = found or [one for one in things if words in map(normalize, one.forms)]
    found = found or [
        one for one in things if any(set(words.split()) <= set(normalize(form).split()) for form in one.forms)
    ]
    return found[0] if len(found) == 1 else None
