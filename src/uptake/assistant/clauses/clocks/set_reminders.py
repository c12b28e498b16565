"""Read what is said of reminders that are set: "cancel the milk one", "move the mum one to nine".

"One" is a reminder where the last request was about reminders.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from uptake.assistant.clauses.clocks.shifting import moved_to
from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.entities.matching import singular
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_moment
from uptake.assistant.skills.time.reminders import Reminder
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_set_reminders"]

_ABOUT = frozenset({"SetReminder", "GetReminders", "DeleteReminder"})
_FRONT = r"(?:(?:please|can you|could you|would you|and|now|ok|okay|then|just|actually|oh|no)\b,? *)*"
_THE = r"(?:the |my |that |this )?"
_WHICH = (
    r"(?:(?P<which>[\w:.' ]+?) )?(?P<noun>ones?|1|reminders?)(?: (?:about|for|to|that says|with|of|at)"
    r" (?:the |my )?(?P<about>[\w:.' ]+?))?"
)
_END = r"(?: (?:please|thanks|now|again|then|instead))*"
_CANCEL = regex(
    rf"{_FRONT}(?:cancel|delete|remove|drop|scrap|forget(?: about)?|bin|lose|get rid of|stop|clear|ditch"
    rf"|i (?:don't|no longer) need) {_THE}{_WHICH}{_END}"
)
_CANCEL_ALL = regex(
    rf"{_FRONT}(?:cancel|delete|remove|drop|scrap|forget|bin|clear) (?:both|them both|them all|all of them|both of them"
    rf"|all (?:my |the )?reminders|the lot|them){_END}"
)
_MOVE = regex(
    rf"{_FRONT}(?:move|change|push|shift|make|put|bring|set|switch) {_THE}{_WHICH}(?: back| forward)? (?:to|for"
    rf"|till|until)"
    rf" (?:be )?(?P<new>[\w:. ']+?){_END}"
)
_FIRST, _LAST = frozenset({"first", "earlier", "earliest", "next"}), frozenset({"last", "latest", "later"})
_AS_SET = frozenset({"first", "last", "second", "2nd", "third", "3rd"})
"""Places in the order in which they were set, just after one was; else by time."""
_AT = {"second": 1, "2nd": 1, "third": 2, "3rd": 2}


def read_set_reminders(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings of a request about reminders that are set; None where it is about something else."""
    said = in_digits(text).strip(" .!?").lower()
    is_known = clocks.last is not None and clocks.last.intent in _ABOUT
    if not clocks.reminders or not (is_known or "reminder" in said):
        return None
    if _CANCEL_ALL.fullmatch(said) is not None:
        return (Interpretation(intent="DeleteReminder", slots=(("all", "all"),)),)
    match = _MOVE.fullmatch(said) or _CANCEL.fullmatch(said)
    found = _called((match["which"] or "").strip(), (match["about"] or "").strip(), clocks) if match is not None else ()
    if match is None or len(found) != 1 or match["noun"].endswith("s"):
        return None
    gone = Interpretation(intent="DeleteReminder", slots=(("text", found[0].text),))
    if "new" not in match.re.groupindex:
        return (gone,)
    new = _new(match["new"], found[0], clocks.now)
    slots = (("text", found[0].text), ("at", "" if new is None else say_moment(new, clocks.now)))
    return None if new is None else (gone, Interpretation(intent="SetReminder", slots=slots))


def _new(said: str, old: Reminder, now: datetime) -> datetime | None:
    """Return the moment to which a reminder is put off; None where it recurs, has no time, or would be over."""
    if old.at is None or old.days:
        return None
    new = moved_to(said, old.at, now)
    return new if new is not None and new > now and new != old.at else None


def _called(which: str, about: str, clocks: Clocks) -> Sequence[Reminder]:
    """Return the reminders that are named by a word, a time or their place in the order."""
    if not which and not about:
        return clocks.reminders if len(clocks.reminders) == 1 else ()
    ordered = sorted(clocks.reminders, key=lambda each: (each.at is None, each.at or clocks.now))
    if not about and which in (_FIRST | _LAST | set(_AT)):
        just_set = clocks.last is not None and clocks.last.intent == "SetReminder"
        listed = clocks.reminders if just_set and which in _AS_SET else ordered
        return listed[-1:] if which in _LAST else listed[_AT.get(which, 0) :][:1]
    named = [each for each in ordered if _words(f"{which} {about}") <= _words(each.text)]
    return named or [each for each in ordered if each.at is not None and _is_at(each.at, about or which, clocks.now)]


def _is_at(at: datetime, said: str, now: datetime) -> bool:
    spoken = read_moment(said, now) or read_moment(f"at {said}", now)
    if spoken is None or spoken.rest or (spoken.clock is None and spoken.day is None):
        return False
    same = spoken.clock is None or (spoken.clock.hour % 12, spoken.clock.minute) == (at.hour % 12, at.minute)
    return same and (spoken.day is None or spoken.day == at.date())


def _words(text: str) -> set[str]:
    return {singular(word.removesuffix("'s")) for word in text.lower().split()} - {"the", "a", "my", "to", "your"}
