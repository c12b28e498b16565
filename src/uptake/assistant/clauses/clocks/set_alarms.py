"""Read what is said of alarms that are set: which there are, that one is not needed, that one is to ring later.

"The eight o'clock one" is an alarm where the last request was about alarms, or an alarm is set for that time.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from uptake.assistant.clauses.clocks.alarms import read_alarms
from uptake.assistant.clauses.clocks.pieces import Piece, clauses_of, kinds_of, pieces_of
from uptake.assistant.clauses.clocks.shifting import moved_to, read_shift
from uptake.assistant.clauses.clocks.skipping import read_skipping
from uptake.assistant.clauses.clocks.starting import told
from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_moment
from uptake.assistant.skills.time.alarms import Alarm, say_alarm
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_instead", "read_set_alarms"]

_ALARMS = frozenset({"SetAlarm", "GetAlarms", "DeleteAlarm"})
_LATE = frozenset("last latest newest second longest".split())
_ALL = frozenset({"all", "every", "both", "each", "everything", "the lot"})
_MOVES = regex(
    r"(?:(?:can|could|would|will) you |please |just |and |now |actually,? )*(?:move|change|push|shift|put|make"
    r"|set|have|switch|bring)"
    r" (?:the |my )(?P<old>[\w:. ']+?)(?:'s)? (?:one|1|alarm)(?: back| forward)? (?:to|for|at"
    r"|till) (?:be )?(?P<new>[\w:. ']+?)(?: instead| please| now)*[.!?]*"
)
_INSTEAD = regex(r"(?P<new>.+?),? instead(?: of (?:the |my )?(?P<old>[\w:. ']+?))?(?: please)?[.!?]*")
_ORDER = {"first": 0, "early": 0, "earlier": 0, "earliest": 0, "second": 1, "late": -1, "later": -1, "last": -1}
_AROUND = frozenset({"quiet", "link", "one", "alarm", "end", "start", "need", "over"})
_DROPPED = regex(
    r"\b(?:the|my|that|this|an?|alarms?|1|ones?|for|at|on|please|i|it|them|and|any|no|just|ok(?:ay)?|can|could|you|all|set|tomorrow's)\b|[,.!?]"
)


def read_set_alarms(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings of a request about alarms that are set; None where it is about something else."""
    if clocks.alarm_rings or not clocks.alarms:
        return None
    pieces = pieces_of(text)
    return _moved(text, clocks) or read_skipping(text, clocks) or _asked(pieces) or _ended(pieces, clocks)


def read_instead(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings of an alarm in the place of another: "wake me at half eight instead of half seven"."""
    match = _INSTEAD.fullmatch(text)
    if match is None:
        return None
    new = read_alarms(match["new"], clocks)
    if new is None or len(new) != 1:
        return read_shift(match["new"], clocks)
    said = dict(clocks.last.slots).get("at", "") if clocks.last is not None and clocks.last.intent in _ALARMS else ""
    old = _called(in_digits(match["old"] or said), clocks) if match["old"] or said else []
    return (*new, _delete(old[0], clocks)) if len(old) == 1 and _is_other(new[0], old[0], clocks) else new


def _is_other(new: Interpretation, old: Alarm, clocks: Clocks) -> bool:
    """Tell whether an alarm that is to be set is not the one that is set."""
    return dict(new.slots).get("at", "") != say_alarm(old, clocks.now)


def _moved(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "move the eight o'clock one to nine"."""
    match = _MOVES.fullmatch(in_digits(text))
    found = _called(match["old"], clocks) if match is not None else []
    if match is None or len(found) != 1 or found[0].days:
        return None
    old = found[0].at
    new = moved_to(match["new"], old, clocks.now)
    if new is None or new <= clocks.now or new == old:
        return None
    return (
        Interpretation(intent="SetAlarm", slots=(("at", say_moment(new, clocks.now)),)),
        Interpretation(intent="DeleteAlarm", slots=(("at", say_moment(old, clocks.now)),)),
    )


def _called(words: str, clocks: Clocks) -> list[Alarm]:
    """Return the alarms that some words name by their time, or by their place in the order."""
    plain = words.strip().removesuffix("'s")
    if plain in _ORDER:
        return [clocks.alarms[_ORDER[plain]]] if len(clocks.alarms) > 1 else list(clocks.alarms)
    spoken = read_moment(plain, clocks.now) or read_moment(f"at {plain}", clocks.now)
    if spoken is None or spoken.rest:
        return []
    return [each for each in clocks.alarms if _is_meant(each.at, spoken)]


def _is_meant(at: datetime, spoken: Spoken) -> bool:
    if spoken.day is not None and at.date() != spoken.day:
        return False
    if spoken.clock is None:
        return spoken.day is not None
    same = (spoken.clock.hour % 12, spoken.clock.minute) == (at.hour % 12, at.minute)
    return same and (spoken.half_day not in ("am", "pm") or (spoken.half_day == "am") == (at.hour < 12))


def _asked(pieces: Sequence[Piece]) -> tuple[Interpretation, ...] | None:
    """Read "have I got an alarm on", "what time's the alarm"."""
    kinds = kinds_of(pieces)
    if not {"ask", "alarm"} <= kinds or kinds - _AROUND - {"ask", "which", "joint"}:
        return None
    return (Interpretation(intent="GetAlarms"),)


def _ended(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read "I don't need the alarm after all", "lose the second alarm", "bin the seven o'clock one"."""
    kinds = kinds_of(pieces)
    is_known = clocks.last is not None and clocks.last.intent in _ALARMS and "word" in kinds
    is_about = (
        "alarm" in kinds
        or is_known
        or (kinds & {"one", "which"} and clocks.last is not None and clocks.last.intent in _ALARMS)
    )
    cancels = [each.text for each in pieces if each.kind == "cancel"]
    if not is_about or len(cancels) != 1 or kinds & {"length", "ask", "more", "again", "timer", "pause", "give"}:
        return None
    clauses = clauses_of(pieces)
    clause = next(each for each in clauses if "cancel" in kinds_of(each.pieces))
    others = [each for each in clauses if each is not clause]
    kept = [alarm for each in others for alarm in _called(_DROPPED.sub(" ", each.text), clocks)]
    which = [each.text.split(" of", 1)[0] for each in clause.pieces if each.kind == "which"]
    if which and which[0] == "other":
        return _all_but(kept, clocks)
    if kept or any(told(each) is None and "word" in kinds_of(each.pieces) for each in others):
        return None
    rest = " ".join(each.text for each in clause.pieces if each.kind not in ("cancel", "which", "quiet", "end", "less"))
    words = " ".join(_DROPPED.sub(" ", rest).split())
    if words:
        found = _called(words, clocks)
        return (_delete(found[0], clocks),) if len(found) == 1 else None
    return _unnamed(pieces, which, clocks)


def _unnamed(pieces: Sequence[Piece], which: Sequence[str], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings that delete all alarms, the first, the last, or the only one."""
    plural = any(each.text in ("alarms", "ones", "them", "those") for each in pieces)
    if (which and which[0] in _ALL) or (plural and not which):
        return (Interpretation(intent="DeleteAlarm", slots=(("all", "all"),)),)
    if which:
        return (_delete(clocks.alarms[-1 if which[0] in _LATE else 0], clocks),)
    if "alarm" not in kinds_of(pieces):
        return None
    return (_delete(clocks.alarms[0], clocks),) if len(clocks.alarms) == 1 else (Interpretation(intent="DeleteAlarm"),)


def _all_but(kept: Sequence[Alarm], clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the reading that deletes the other of two alarms: not the one that is named, or was spoken of last."""
    said = dict(clocks.last.slots).get("at", "") if clocks.last is not None else ""
    keeps = list(kept) or _called(said, clocks)
    others = [each for each in clocks.alarms if each not in keeps]
    return (_delete(others[0], clocks),) if len(keeps) == 1 and len(others) == 1 else None


def _delete(alarm: Alarm, clocks: Clocks) -> Interpretation:
    return Interpretation(intent="DeleteAlarm", slots=(("at", say_alarm(alarm, clocks.now)),))
