"""Read a request about timers from its parts: start, change, ask after, pause or end one or several.

Every piece must be accounted for: what is in no list of words must name a running timer, or stand where the name of a
new one stands. A clause that only tells something is a reason, and may tell the name: "pasta's in, give me ten minutes".

Limit: English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from uptake.assistant.clauses.clocks.pieces import Clause, Piece, clauses_of, kinds_of, pieces_of
from uptake.assistant.clauses.clocks.starting import amount_of, is_amount, said_of, slots_of, started, told
from uptake.assistant.clauses.clocks.state import Clocks, chosen, name_of, named
from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.skills.personal import Record
from uptake.types import Interpretation

__all__ = ["read_timers"]

_AROUND = frozenset({"quiet", "link", "one", "which", "timer", "word", "joint"})
_ENDING = frozenset({"left", "remain", "remains", "remaining", "to go"})
_GOES = ("go", "be ", "get ", "done", "ready", "finish", "end", "ring", "beep", "due", "up", "over", "come")
_REPEATED = frozenset("HassCancelTimer HassPauseTimer HassUnpauseTimer HassTimerStatus".split())
_SHUTS_UP = frozenset(
    "stop shush shh sh hush quiet silence enough alright right ok okay i heard you hear got it that that's thanks thank "
    "yes yeah off turn shut up noise the that's the timer please cheers ta cancel kill dismiss now be thing is all fine "
    "i'm coming done and end can very much".split()
)
_SAYS_STOP = frozenset("stop shush shh sh hush quiet silence enough heard hear off up alright coming dismiss".split())
_PLANS = frozenset({"ScheduleAction", "SetAlarm", "SetReminder"})


def read_timers(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings of a request about timers, or the answer to it; None where it is about something else."""
    pieces = pieces_of(text)
    kinds = kinds_of(pieces)
    if "alarm" in kinds:
        return None
    if clocks.has_just_rung and not any(map(is_amount, pieces)):
        silenced = _silenced(text)
        if silenced is not None:
            return silenced
    for read in (_changed, _asked, _restarted, _ended, _halted, _likewise):
        found = read(pieces, clocks) if clocks.timers or clocks.rung or clocks.alarm_rings else None
        if found is not None:
            return found
    return started(pieces, clocks)


def _silenced(text: str) -> DirectAnswer | None:
    """Return the answer to who tells a timer that has just rung to be quiet."""
    words = [word for word in "".join(char if char.isalnum() or char == "'" else " " for char in text.lower()).split()]
    if not set(words) <= _SHUTS_UP or not set(words) & _SAYS_STOP:
        return None
    return DirectAnswer(speech="All right.", reason="a timer that has rung", status="ok")


def _meant(pieces: Sequence[Piece], clocks: Clocks) -> list[Record] | None:
    """Return the running timers that pieces point at; None where a word points at none, or nothing points at all."""
    which = [each.text for each in pieces if each.kind == "which"]
    words = [each.text for each in pieces if each.kind == "word"]
    if words:
        return named(words, clocks.timers) or None
    if which:
        return chosen(which[0], clocks) or None
    return None


def _points(pieces: Sequence[Piece], clocks: Clocks) -> bool:
    """Tell whether pieces mean a timer although they name none: "the timer", or "it" after a request about one."""
    kinds = kinds_of(pieces)
    return "timer" in kinds or ("one" in kinds and clocks.is_about_timers)


def _reading(intent: str, timer: Record | None, *slots: tuple[str, str]) -> Interpretation:
    name = (("name", name_of(timer)),) if timer is not None else ()
    return Interpretation(intent=intent, slots=(*slots, *name))


def _asking(pieces: Sequence[Piece]) -> list[Clause]:
    """Return the clauses of a request without those that only tell something."""
    return [each for each in clauses_of(pieces) if told(each) is None]


def _changed(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "another five minutes on the eggs", "knock two off"."""
    clauses = _asking(pieces)
    kept = [piece for clause in clauses for piece in clause.pieces]
    kinds, amounts = kinds_of(kept), [each for each in kept if is_amount(each)]
    if len(amounts) != 1 or kinds - _AROUND - {"length", "number", "brief", "more", "less", "take", "give", "wants", "need",
                                               "start"}:  # fmt: skip
        return None
    if not kinds & {"more", "less"} or _is_another(kept):
        return None
    meant, has_words = _meant(kept, clocks), kinds & {"word", "which"}
    if has_words and meant is None:
        return _anew(kept, amounts[0], clocks)
    if not has_words and "timer" not in kinds:
        if clocks.alarm_rings and "more" in kinds:
            return (Interpretation(intent="SnoozeAlarm", slots=(("duration", said_of(amounts[0])),)),)
        if clocks.has_just_rung and "more" in kinds:
            return _anew(kept, amounts[0], clocks)
        is_elsewhere = clocks.last is not None and not clocks.is_about_timers
        if is_elsewhere and (amounts[0].kind == "number" or (clocks.last and clocks.last.intent in _PLANS)):
            return None
    if not clocks.timers:
        return _anew(kept, amounts[0], clocks)
    intent = "HassDecreaseTimer" if "less" in kinds else "HassIncreaseTimer"
    return tuple(_reading(intent, each, *amount_of(amounts[0])) for each in meant or [_only(clocks)])


def _only(clocks: Clocks) -> Record | None:
    """Return the timer that is meant where none is named: the only one, or the one that was last spoken of."""
    if len(clocks.timers) == 1 or not clocks.is_about_timers or clocks.last is None:
        return clocks.timers[0] if len(clocks.timers) == 1 else None
    said = dict(clocks.last.slots).get("name", "").casefold().replace("timer", "").split()
    found = named(said, clocks.timers)
    return found[0] if len(found) == 1 else None


def _anew(pieces: Sequence[Piece], amount: Piece, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Start a timer again that has rung, for some time more."""
    words = [each.text for each in pieces if each.kind == "word"]
    rung = named(words, clocks.rung) if words else list(clocks.rung)
    if not rung or "less" in kinds_of(pieces):
        return None
    name = (("name", str(rung[0]["name"])),) if rung[0]["name"] else ()
    return (Interpretation(intent="HassStartTimer", slots=(*amount_of(amount), *name)),)


def _is_another(pieces: Sequence[Piece]) -> bool:
    """Tell whether "another" stands for a new timer: "another timer", "another ten minute timer"."""
    kinds = [each.kind for each in pieces if each.kind != "quiet"]
    for at, kind in enumerate(kinds):
        rest = [each for each in kinds[at + 1 : at + 4] if each not in ("length", "number", "word")]
        if kind == "more" and rest[:1] == ["timer"]:
            return True
    return False


def _asked(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "how long has it got", "when's the pasta done", "which one's first"."""
    kinds = kinds_of(pieces)
    if (
        "ask" not in kinds
        or not clocks.timers
        or kinds - _AROUND - {"ask", "end", "over", "more", "start", "wants", "need"}
    ):
        return None
    asks = " ".join(each.text for each in pieces if each.kind in ("ask", "end", "over"))
    meant, has_words = _meant(pieces, clocks), "word" in kinds
    if has_words and meant is None:
        return None
    is_when = asks.startswith(("when", "what time"))
    ends = any(each.kind in ("end", "over") for each in pieces)
    if is_when and not (any(word in asks for word in _GOES) and (ends or meant)):
        return None
    is_length = "how long" in asks or "how much" in asks or "how many" in asks or any(word in asks for word in _ENDING)
    if meant is None and not (_points(pieces, clocks) or (is_length and not kinds & {"wants", "start"})):
        return None
    if not (is_when or is_length or "timer" in kinds or meant is not None):
        return None
    if clocks.last is not None and clocks.last.intent in _PLANS and not (meant or "timer" in kinds):
        return None
    slots = (("when", "yes"),) if is_when else ()
    one = meant[0] if meant is not None and len(meant) == 1 else None
    return (_reading("HassTimerStatus", one, *slots),)


def _restarted(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "start the egg one again", "from the top", of a timer that runs or has rung."""
    kinds = kinds_of(pieces)
    if "again" not in kinds or kinds - _AROUND - {"again", "start", "give", "take"}:
        return None
    words = [each.text for each in pieces if each.kind == "word"]
    meant = _meant(pieces, clocks) or (named(words, clocks.rung) if words else None)
    if meant is None and (words or not (_points(pieces, clocks) or clocks.is_about_timers or clocks.has_just_rung)):
        return None
    timer = meant[0] if meant else _only(clocks) or next(iter(clocks.rung), None)
    if timer is None:
        return None
    name = (("name", str(timer["name"])),) if timer["name"] else ()
    again = Interpretation(intent="HassStartTimer", slots=(*slots_of(timedelta(seconds=timer["length_s"])), *name))
    return (_reading("HassCancelTimer", timer), again) if timer in clocks.timers else (again,)


def _ended(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "bin the rice one", "forget both timers", "I don't need the timer"."""
    kinds = kinds_of(pieces)
    ends = "cancel" in kinds or ("timer" in kinds and kinds & {"less"} and not kinds & {"length", "number", "brief"})
    if not ends or not clocks.timers or kinds - _AROUND - {"cancel", "less", "end", "take", "start"}:
        return None
    meant = _meant(pieces, clocks)
    if meant is None and "word" in kinds:
        return None
    if meant is None and "timer" not in kinds:
        return None
    if "which" in kinds and "word" not in kinds and not (kinds & {"timer"} or clocks.is_about_timers):
        return None
    if meant is None:
        several = any(each.kind == "timer" and each.text.endswith("s") for each in pieces)
        if several:
            return (Interpretation(intent="HassCancelAllTimers"),)
        return (_reading("HassCancelTimer", _only(clocks)),)
    if len(meant) > 1 and len(meant) == len(clocks.timers):
        return (Interpretation(intent="HassCancelAllTimers"),)
    return tuple(_reading("HassCancelTimer", each) for each in meant)


def _halted(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "hold it a sec", "carry on", "pause the pasta"."""
    kinds = kinds_of(pieces)
    verb = kinds & {"pause", "resume"}
    if len(verb) != 1 or not clocks.timers or kinds - _AROUND - {"pause", "resume", "brief", "start", "again"}:
        return None
    meant = _meant(pieces, clocks)
    if meant is None and ("word" in kinds or not (_points(pieces, clocks) or clocks.is_about_timers)):
        return None
    if "resume" in verb and meant is None and "timer" not in kinds and all(each["ends_at"] for each in clocks.timers):
        return None
    intent = "HassPauseTimer" if "pause" in verb else "HassUnpauseTimer"
    return tuple(_reading(intent, each) for each in meant or [_only(clocks)])


def _likewise(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "and the rice", "the other one too" as the last request about a timer, of another one."""
    kinds = kinds_of(pieces)
    if clocks.last is None or clocks.last.intent not in _REPEATED or not clocks.timers or kinds - _AROUND - {"ask"}:
        return None
    meant = _meant(pieces, clocks)
    if meant is None:
        return None
    return tuple(_reading(clocks.last.intent, each) for each in meant)
