"""Read a request about timers from its parts: start, change, ask after, pause or end one or several.

Every piece must be accounted for: what is in no list of words must name a running timer, or stand where the name of a
new one stands. A clause that only tells something is a reason, and may tell the name: "pasta's in, give me ten"
    " minutes".

Limit: English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from uptake.assistant.clauses.clocks.pieces import Piece, clauses_of, kinds_of, pieces_of
from uptake.assistant.clauses.clocks.starting import amount_of, is_amount, is_another, said_of, slots_of, started, told
from uptake.assistant.clauses.clocks.state import Clocks, chosen, name_of, named
from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.skills.personal import Record
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_timers"]

_AROUND = frozenset({"quiet", "link", "one", "which", "timer", "word", "joint"})
_CHANGING = _AROUND | {"length", "number", "brief", "more", "less", "take", "give", "wants", "need", "start"}
_TELLING = frozenset({"word", "quiet", "ask", "end", "over", "link"})
_BARE = frozenset({"length", "brief", "quiet", "joint"})
_ENDING = frozenset({"left", "remain", "remains", "remaining", "to go"})
_GOES = ("go", "be ", "get ", "done", "ready", "finish", "end", "ring", "beep", "due", "up", "over", "come")
_REPEATED = frozenset("HassCancelTimer HassPauseTimer HassUnpauseTimer HassTimerStatus".split())
_SHUTS_UP = frozenset(
    "stop shush shh sh hush quiet silence enough alright right ok okay i heard you hear got it that that's"
    " thanks thank "
    "yes yeah off turn shut up noise the that's the timer please cheers ta cancel kill dismiss now be thing is"
    " all fine "
    "i'm coming done and end can very much getting awake am i'll alarm ringing oh god fine go away".split()
)
_SAYS_STOP = frozenset(
    "stop shush shh sh hush quiet silence enough heard hear off up alright coming dismiss awake getting away".split()
)
_FROM_START = regex(r"\b(?:over|afresh|top|beginning|scratch|restart|reset)\b")
_STOPPED = frozenset({"HassStartTimer", "HassTimerStatus"})
_PLANS = frozenset({"ScheduleAction", "SetAlarm", "SetReminder"})


def read_timers(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings of a request about timers, or the answer to it; None where it is about something else."""
    pieces = pieces_of(text)
    kinds = kinds_of(pieces)
    if "alarm" in kinds and not clocks.alarm_rings:
        return None
    if (clocks.has_just_rung or clocks.alarm_rings) and not any(map(is_amount, pieces)):
        silenced = _silenced(text, clocks)
        if silenced is not None:
            return silenced
    if "alarm" in kinds:
        return None
    if clocks.alarm_rings and kinds <= _BARE and len(amounts := [each for each in pieces if is_amount(each)]) == 1:
        return (Interpretation(intent="SnoozeAlarm", slots=(("duration", said_of(amounts[0])),)),)
    for read in (_changed, _asked, _restarted, _ended, _halted, _likewise):
        found = read(pieces, clocks) if clocks.timers or clocks.rung or clocks.alarm_rings else None
        if found is not None:
            return found
    return started(pieces, clocks)


def _silenced(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the answer to who tells a timer that has just rung, or an alarm that rings, to be quiet."""
    words = "".join(char if char.isalnum() or char == "'" else " " for char in text.lower()).split()
    if not set(words) <= _SHUTS_UP or not set(words) & _SAYS_STOP:
        return None
    if clocks.alarm_rings:
        return (Interpretation(intent="DismissAlarm"),)
    return DirectAnswer(speech="All right.", reason="a timer that has rung", status="ok")


def _meant(pieces: Sequence[Piece], clocks: Clocks) -> list[Record] | None:
    """Return the running timers that pieces point at; None where a word points at none, or nothing points at all."""
    which = [each.text for each in pieces if each.kind == "which"]
    words = [each.text for each in pieces if each.kind == "word"]
    if words:
        found = named(words, clocks.timers) or [one for word in words for one in named([word], clocks.timers)]
        is_whole = all(named([word], clocks.timers) for word in words)
        return list({id(each): each for each in found}.values()) if found and is_whole else None
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


def _asking(pieces: Sequence[Piece], clocks: Clocks) -> tuple[list[Piece], list[Record]]:
    """Return the pieces that ask for something, and the timers that a clause which only tells something is about."""
    kept: list[Piece] = []
    about: list[Record] = []
    for clause in clauses_of(pieces):
        words = [each.text for each in clause.pieces if each.kind == "word"]
        about_it = told(clause)
        if about_it is None and not (words and kinds_of(clause.pieces) <= _TELLING):
            kept += clause.pieces
        else:
            about += named((about_it or " ".join(words)).split(), clocks.timers)
    return (kept, about) if kept else (list(pieces), [])


def _changed(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "another five minutes on the eggs", "knock two off"."""
    kept, about = _asking(pieces, clocks)
    kinds, amounts = kinds_of(kept), [each for each in kept if is_amount(each)]
    less = {"cancel"} if "less" in kinds else set()  # "drop it by two"
    if len(amounts) != 1 or kinds - _CHANGING - less or not kinds & {"more", "less"} or is_another(kept):
        return None
    meant, amount = _meant(kept, clocks) or about, amounts[0]
    is_named, is_more = bool(kinds & {"word", "which"}), "more" in kinds
    points = is_named or bool(about) or "timer" in kinds
    if not points and clocks.alarm_rings and is_more:
        return (Interpretation(intent="SnoozeAlarm", slots=(("duration", said_of(amount)),)),)
    if not points and not clocks.has_just_rung and _is_elsewhere(amount, clocks):
        return None
    has_rung = not points and clocks.has_just_rung and is_more
    if has_rung or not clocks.timers or (is_named and not meant):
        return _anew(kept, amount, clocks)
    intent = "HassDecreaseTimer" if "less" in kinds else "HassIncreaseTimer"
    return tuple(_reading(intent, each, *amount_of(amount)) for each in _or_only(meant, clocks))


def _is_elsewhere(amount: Piece, clocks: Clocks) -> bool:
    """Tell whether "another five", which names nothing, is of what was spoken of last, and that is no timer."""
    if clocks.last is None or clocks.is_about_timers:
        return False
    return amount.kind == "number" or clocks.last.intent in _PLANS


def _or_only(meant: Sequence[Record] | None, clocks: Clocks) -> Sequence[Record | None]:
    return meant or [_only(clocks)]


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


def _asked(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "how long has it got", "when's the pasta done", "which one's first"."""
    kinds = kinds_of(pieces)
    if (
        "ask" not in kinds
        or not clocks.timers
        or kinds - _AROUND - {"ask", "end", "over", "more", "less", "start", "wants", "need"}
    ):
        return None
    asks = " ".join(each.text for each in pieces if each.kind in ("ask", "end", "over"))
    first = [each for each in pieces if each.kind == "which" and each.text == "first"]
    meant = chosen("soonest", clocks) if first else _meant(pieces, clocks)
    is_when = asks.startswith(("when", "what time"))
    if not (_asks_end if is_when else _asks_length)(asks, kinds, clocks, is_named=meant is not None):
        return None
    if meant is None and ("word" in kinds or (_is_of_a_plan(clocks) and "timer" not in kinds)):
        return None
    slots = (("when", "yes"),) if is_when else ()
    one = meant[0] if meant is not None and len(meant) == 1 else None
    return (_reading("HassTimerStatus", one, *slots),)


def _asks_end(asks: str, kinds: frozenset[str], clocks: Clocks, *, is_named: bool) -> bool:
    """Tell whether a question is after the time at which a timer ends."""
    ends = any(word in asks for word in _GOES) and (bool(kinds & {"end", "over"}) or is_named)
    return ends and (is_named or "timer" in kinds or ("one" in kinds and clocks.is_about_timers))


def _asks_length(asks: str, kinds: frozenset[str], clocks: Clocks, *, is_named: bool) -> bool:
    """Tell whether a question is after the time that a timer has left."""
    is_length = any(word in asks for word in ("how long", "how much", "how many")) or any(
        word in asks for word in _ENDING
    )
    points = "timer" in kinds or ("one" in kinds and clocks.is_about_timers)
    return is_named or "timer" in kinds or (is_length and (points or not kinds & {"wants", "start"}))


def _is_of_a_plan(clocks: Clocks) -> bool:
    return clocks.last is not None and clocks.last.intent in _PLANS


def _restarted(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "start the egg one again", "from the top", of a timer that runs or has rung."""
    pieces, _ = _asking(pieces, clocks)
    kinds = kinds_of(pieces)
    if "again" not in kinds or kinds - _AROUND - {"again", "start", "give", "take", "change"}:
        return None
    words = [each.text for each in pieces if each.kind == "word"]
    meant = _meant(pieces, clocks) or (named(words, clocks.rung) if words else None)
    if meant is None and (words or not (_points(pieces, clocks) or clocks.is_about_timers or clocks.has_just_rung)):
        return None
    timer = meant[0] if meant else _only(clocks) or next(iter(clocks.rung), None)
    if timer is None or _is_of_the_home(pieces, clocks):
        return None
    if timer in clocks.timers and not timer["ends_at"] and not any(_FROM_START.search(each.text) for each in pieces):
        return (_reading("HassUnpauseTimer", timer),)
    name = (("name", str(timer["name"])),) if timer["name"] else ()
    again = Interpretation(intent="HassStartTimer", slots=(*slots_of(timedelta(seconds=timer["length_s"])), *name))
    return (_reading("HassCancelTimer", timer), again) if timer in clocks.timers else (again,)


def _ended(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "bin the rice one", "forget both timers", "rice is done, cancel that one"."""
    pieces, about = _asking(pieces, clocks)
    kinds = kinds_of(pieces)
    ends = "cancel" in kinds or ("timer" in kinds and kinds & {"less"} and not kinds & {"length", "number", "brief"})
    if not ends or not clocks.timers or kinds - _AROUND - {"cancel", "less", "end", "take", "start"}:
        return None
    meant = _meant(pieces, clocks) or (about if "one" in kinds else None) or None
    if not _may_end(pieces, meant, clocks) or _is_of_the_home(pieces, clocks):
        return None
    several = any(each.kind == "timer" and each.text.endswith("s") for each in pieces)
    if (meant is None and several) or (meant is not None and 1 < len(meant) == len(clocks.timers)):
        return (Interpretation(intent="HassCancelAllTimers"),)
    return tuple(_reading("HassCancelTimer", each) for each in _or_only(meant, clocks))


def _may_end(pieces: Sequence[Piece], meant: list[Record] | None, clocks: Clocks) -> bool:
    """Tell whether what is to be ended is a timer: named, called so, or "it" just after it was started."""
    kinds, last = kinds_of(pieces), clocks.last
    if "timer" in kinds:
        return meant is not None or "word" not in kinds
    if meant is not None:
        return bool(kinds & {"word", "one"}) or clocks.is_about_timers
    is_it = "one" in kinds and last is not None and last.intent in _STOPPED and "stop" not in _words(pieces)
    return is_it and "word" not in kinds


def _is_of_the_home(pieces: Sequence[Piece], clocks: Clocks) -> bool:
    """Tell whether the words are those for a thing of the home, as a timer may be called, too: "turn off the oven"."""
    words = " ".join(each.text for each in pieces if each.kind == "word")
    said = kinds_of(pieces) & {"timer", "one"}
    return bool(words) and not said and bool(find_mentions(words, clocks.household))


def _words(pieces: Sequence[Piece]) -> set[str]:
    return {word for each in pieces for word in each.text.split()}


def _halted(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "hold it a sec", "carry on", "pause the pasta"."""
    pieces, _ = _asking(pieces, clocks)
    kinds = kinds_of(pieces)
    if _goes_on(pieces, kinds, clocks):
        return (_reading("HassUnpauseTimer", _only(clocks)),)
    verb = kinds & {"pause", "resume"}
    if len(verb) != 1 or not clocks.timers or kinds - _AROUND - {"pause", "resume", "brief", "start", "again"}:
        return None
    meant = _meant(pieces, clocks)
    if meant is None and ("word" in kinds or not (_points(pieces, clocks) or clocks.is_about_timers)):
        return None
    runs = meant is None and "timer" not in kinds and all(each["ends_at"] for each in clocks.timers)
    if ("resume" in verb and runs) or _is_of_the_home(pieces, clocks):
        return None
    intent = "HassPauseTimer" if "pause" in verb else "HassUnpauseTimer"
    return tuple(_reading(intent, each) for each in _or_only(meant, clocks))


def _goes_on(pieces: Sequence[Piece], kinds: frozenset[str], clocks: Clocks) -> bool:
    """Tell whether "and go" just after a timer was paused lets it run on."""
    paused = clocks.last is not None and clocks.last.intent == "HassPauseTimer" and bool(clocks.timers)
    return (
        paused
        and kinds <= {"quiet", "start", "one", "timer", "link", "joint"}
        and bool(_words(pieces) & {"go", "start"})
    )


def _likewise(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "and the rice", "the other one too" as the last request about a timer, of another one."""
    kinds = kinds_of(pieces)
    if clocks.last is None or clocks.last.intent not in _REPEATED or not clocks.timers or kinds - _AROUND - {"ask"}:
        return None
    meant = _meant(pieces, clocks)
    if meant is None or _is_of_the_home(pieces, clocks):
        return None
    return tuple(_reading(clocks.last.intent, each) for each in meant)
