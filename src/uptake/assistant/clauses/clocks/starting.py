"""Read what is to be timed, for how long, and what it is called: one timer, or several in one breath.

Limit: English; at most six timers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from uptake.assistant.clauses.clocks.pieces import Clause, Piece, clauses_of, kinds_of
from uptake.assistant.clauses.clocks.state import Clocks, name_of, named
from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.words import is_command
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.saying import say_duration
from uptake.text.lexicon import STOP_WORDS
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["amount_of", "is_amount", "is_another", "said_of", "slots_of", "started", "told"]

_MOST = 6
_LONGEST_NAME = 4  # words
_PARTS = frozenset(
    "length number brief timer start give need signal wants quiet link over one count word more change".split()
)
_IDLE = frozenset({"end", "quiet", "over"})
_CUES = frozenset({"timer", "start", "give", "signal"})
_NO_NAMES = frozenset(
    "said meant told asked "
    "music radio song songs volume everything something anything nothing today tomorrow tonight morning"
    " afternoon evening night "
    "o'clock now here home away early late alarm reminder weather news every day days week what who why where which "
    "called named labelled minute minutes hour hours second seconds min mins while bit back forward forwards"
    " ahead skip rewind minus"
    " half quarter past noon midnight".split()
)
_WHERE = (
    r"(?: (?:the|my) (?:oven|hob|stove|pan|pot|microwave|grill|air ?fryer|fridge|freezer|machine|wash|water"
    r"|bath|washer|dryer))?"
)
_PUT = regex(
    r"(?:i've |we've |i have |we have |i |we )?(?:just )?(?:put|popped|stuck|bunged|shoved|got|chucked|slid"
    r"|started|have)"
    r" (?:the |my |some |a |an )?(?P<name>[a-z][\w' -]*?) (?:in|on|going|in to|into)" + _WHERE
)
_STANDS = regex(
    r"(?:the |my |our |some )?(?P<name>[a-z][\w' -]*?)(?:'s|'re| is| are|'ve| have| has|'s just| just)?"
    r" (?:just )?(?:(?:gone|going|now|been put|went|goes) )?(?:in|on|\w{3,}ing)(?: (?:in|on))?" + _WHERE + r"(?: now)?"
)


_POINTS = frozenset("it that this them they those these it's it'll that's".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hints:
    """What the whole of a request says of each of its parts."""

    timer: bool
    """Whether a timer is spoken of."""
    cue: bool
    """Whether something is to be timed, so that a length needs no name."""
    bare: bool
    """Whether a number alone is one of minutes."""
    elsewhere: bool
    """Whether a pronoun points to what is no timer: "run it for ten minutes"."""


def is_amount(piece: Piece) -> bool:
    """Tell whether a piece says how long."""
    return piece.kind in ("length", "number") or (piece.kind == "brief" and piece.length is not None)


def amount_of(piece: Piece) -> tuple[tuple[str, str], ...]:
    """Return the slots of how long a piece says; a number alone is one of minutes."""
    return slots_of(_length_of(piece))


def said_of(piece: Piece) -> str:
    """Return how long a piece says, in words."""
    return say_duration(_length_of(piece))


def slots_of(length: timedelta) -> tuple[tuple[str, str], ...]:
    """Return the slots of a length of time.

    >>> slots_of(timedelta(minutes=90))
    (('hours', '1'), ('minutes', '30'))
    """
    seconds = round(length.total_seconds())
    parts = ("hours", seconds // 3600), ("minutes", seconds // 60 % 60), ("seconds", seconds % 60)
    return tuple((unit, str(count)) for unit, count in parts if count) or (("seconds", "0"),)


def _length_of(piece: Piece) -> timedelta:
    return piece.length or duration(f"{piece.text} minutes") or timedelta()


def told(clause: Clause) -> str | None:
    """Return what a clause that asks for nothing is about, "" for nothing that could be a name; None where it asks.

    >>> from uptake.assistant.clauses.clocks.pieces import pieces_of
    >>> [told(each) for each in clauses_of(pieces_of("pasta's in, give me ten minutes"))]
    ['pasta', None]
    """
    if any(map(is_amount, clause.pieces)):
        return None
    for shape in (_PUT, _STANDS):
        match = shape.fullmatch(clause.text)
        if match is not None and _is_name(match["name"].removesuffix("'s").split()):
            return match["name"].removesuffix("'s")
    words = [each for each in clause.pieces if each.kind == "word"]
    return "" if words and clause_kind(clause.text) == "remark" else None


def started(pieces: Sequence[Piece], clocks: Clocks) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings that start timers; None where a request asks for none, or a word is not accounted for."""
    if not any(map(is_amount, pieces)):
        return _unmeasured(pieces)
    clauses = clauses_of(pieces)
    about = [told(each) for each in clauses]
    kept = [each for each, why in zip(clauses, about, strict=True) if why is None and kinds_of(each.pieces) - _IDLE]
    subject = next((why for why in about if why), None)
    parts = _parts(kept)
    if parts is None or len(parts) > _MOST:
        return None
    every = kinds_of(pieces)
    counts = [each.text for each in pieces if each.kind == "count"]
    if counts and counts[0].isdigit() and int(counts[0]) != len(parts):
        return None
    hints = _hints(pieces, clocks, subject=subject, parts=len(parts), told_of=len(kept) < len(clauses))
    found = [_started(part, clocks, hints) for part in parts]
    if not all(found):
        return _not_whole(found, every)
    readings = [each for each in found if each is not None]
    if subject is not None and len(readings) == 1 and "name" not in dict(readings[0].slots):
        readings = [Interpretation(intent="HassStartTimer", slots=(*readings[0].slots, ("name", subject)))]
    if _replaces(pieces, readings, clocks):
        gone = named(dict(readings[0].slots).get("name", "").split(), clocks.timers) or list(clocks.timers)
        return (Interpretation(intent="HassCancelTimer", slots=(("name", name_of(gone[0])),)), *readings)
    return tuple(readings)


def _hints(pieces: Sequence[Piece], clocks: Clocks, *, subject: str | None, parts: int, told_of: bool) -> _Hints:
    """Return what the whole of a request says of its parts."""
    kinds = kinds_of(pieces)
    is_more = clocks.is_about_timers and is_another(pieces)
    listed = parts > 1 and "length" in kinds
    is_timer = "timer" in kinds or is_more
    points = any(each.kind == "one" and each.text in _POINTS for each in pieces) and subject is None and not is_timer
    asks = told_of and any(each.text == "please" for each in pieces)
    return _Hints(
        timer=is_timer,
        cue=listed or is_more or _changes(pieces, clocks) or bool(kinds & _CUES) or subject is not None or asks,
        bare=is_timer or listed or _changes(pieces, clocks) or ("signal" in kinds and _is_in(pieces)),
        elsewhere=points and "signal" not in kinds,
    )


def _is_in(pieces: Sequence[Piece]) -> bool:
    """Tell whether a number alone stands behind "in": "call me in twenty"."""
    return any(one.text == "in" and other.kind == "number" for one, other in pairwise(pieces))


def _changes(pieces: Sequence[Piece], clocks: Clocks) -> bool:
    """Tell whether a timer that runs is named beside a verb of change: "change the veg to fifteen"."""
    words = [each.text for each in pieces if each.kind == "word"]
    return "change" in kinds_of(pieces) and bool(words and named(words, clocks.timers))


def is_another(pieces: Sequence[Piece]) -> bool:
    """Tell whether "another" stands for a new timer: "another timer", "another ten minute one", "another for ten"."""
    told_of = [each for each in pieces if each.kind != "quiet"]
    for at, each in enumerate(told_of):
        rest = told_of[at + 1 : at + 5]
        kinds = [one.kind for one in rest if one.kind not in ("length", "number", "word")]
        if each.kind == "more" and kinds[:1] == ["timer"]:
            return True
        if each.text == "another" and rest and (rest[0].kind == "one" or rest[0].text in ("for", "of", "called")):
            return True
    return False


def _unmeasured(pieces: Sequence[Piece]) -> tuple[Interpretation, ...] | None:
    """Read "set the timer for the cookies", of which the length is missing."""
    kinds = kinds_of(pieces)
    if "timer" not in kinds or not kinds & {"start", "give", "need"} or kinds - _PARTS:
        return None
    groups = _groups(pieces)
    owned = any(word.endswith("'s") for group in groups or () for word in group)
    if not groups or owned or not _is_name(groups[0]):
        return None  # "a timer for grandma's egg" may be one of a length that can be taught
    return (Interpretation(intent="HassStartTimer", slots=(("name", _plain(" ".join(groups[0]))),)),)


def _not_whole(found: Sequence[Interpretation | None], kinds: frozenset[str]) -> DirectAnswer | None:
    """Return what to say where one of several timers is not understood: none of them is set then."""
    if "timer" not in kinds or not any(found):
        return None
    return DirectAnswer(
        speech="I did not get all of that, so I have set no timer. Please say it again.",
        reason="one of several timers is not understood",
        status="failed",
    )


def _parts(clauses: Sequence[Clause]) -> list[list[Piece]] | None:
    """Return the pieces of each timer: every part has one length."""
    parts: list[list[Piece]] = [[]]
    for at, clause in enumerate(clauses):
        amounts = sum(map(is_amount, clause.pieces))
        if amounts > 1:
            return None
        has = any(map(is_amount, parts[-1]))
        comes = any(is_amount(piece) for each in clauses[at + 1 :] for piece in each.pieces)
        names = "word" in kinds_of(clause.pieces)
        if has and (amounts or (names and comes)):
            parts.append([])
        parts[-1] += [Piece(kind="joint", text=clause.joint or ","), *clause.pieces]
    return parts if all(any(map(is_amount, part)) for part in parts) else None


def _started(part: Sequence[Piece], clocks: Clocks, hints: _Hints) -> Interpretation | None:
    """Return the reading that starts one timer; None where its words tell of something else."""
    kinds = kinds_of(part) - {"joint"}
    amount = next(each for each in part if is_amount(each))
    strange = kinds - _PARTS or hints.elsewhere or ("more" in kinds and not hints.timer)
    is_short = (amount.kind == "brief" and not hints.timer) or (amount.kind == "number" and not hints.bare)
    if strange or is_short or (not hints.timer and "over" in kinds and "signal" not in kinds):
        return None
    groups = _groups(part)
    if groups is None:
        return None
    name = " ".join(groups[0]) if groups else None
    if groups and not (_is_name(groups[0]) and (hints.timer or not _is_of_home(name or "", clocks.household))):
        return None
    if not (hints.cue or name):
        return None
    slots = (*amount_of(amount), *((("name", _plain(name)),) if name else ()))
    return Interpretation(intent="HassStartTimer", slots=slots)


def _groups(part: Sequence[Piece]) -> list[list[str]] | None:
    """Return the words that name a timer, at most one group of them; None where words stand where no name stands."""
    groups: list[list[str]] = []
    before: Piece | None = None
    pieces = _with_of([each for each in part if each.kind != "quiet"])
    for at, each in enumerate(pieces):
        if each.kind == "word":
            if before is not None and before.kind == "word":
                groups[-1].append(each.text)
            elif before is not None and before.text == "to" and _is_purpose(pieces, at):
                pass
            elif _may_stand(pieces, at):
                groups.append([each.text])
            else:
                return None
        before = each
    return groups if len(groups) <= 1 else None


def _with_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces in which "cup of tea" is one name."""
    found = list(pieces)
    for at in range(1, len(found) - 1):
        if found[at].text == "of" and found[at - 1].kind == found[at + 1].kind == "word":
            found[at] = Piece(kind="word", text="of")
    return found


def _is_purpose(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether a word says what the time is for: "an hour to rise"."""
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    return after is None or after.kind == "joint"


def _may_stand(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether a name may begin at a piece: in front, behind "for" or "give", or before "timer"."""
    before = pieces[at - 1] if at else None
    behind = next((each for each in pieces[at:] if each.kind != "word"), None)
    if before is None or before.kind in ("joint", "give", "start", "need", "wants", "over", "change"):
        return behind is None or behind.kind in ("length", "number", "joint", "timer", "wants", "link", "one", "brief")
    if before.kind == "link":
        return before.text != "to"
    return (behind is not None and behind.kind in ("timer", "one")) or before.kind == "timer"


def _is_name(words: Sequence[str]) -> bool:
    """Tell whether some words may be what a timer is called."""
    plain = [word.removesuffix("'s") for word in words]
    return (
        0 < len(plain) <= _LONGEST_NAME
        and not any(
            word in _NO_NAMES or (word in STOP_WORDS and word != "of") or not re.fullmatch(r"[a-z][\w'-]*", word)
            for word in plain
        )
        and not is_command(" ".join(plain))
    )


def _is_of_home(name: str, household: Household) -> bool:
    """Tell whether a name is that of a thing or a room of the home; "screen time" is what somebody does."""
    if name.endswith(" time"):
        return False
    return any(each.named or each.kind or each.text == name for each in find_mentions(name, household))


def _plain(name: str | None) -> str:
    return (name or "").removesuffix("'s")


def _replaces(pieces: Sequence[Piece], readings: Sequence[Interpretation], clocks: Clocks) -> bool:
    """Tell whether a timer that runs is to run for another time: "change the pasta timer to twelve minutes"."""
    verbs = [each.text for each in pieces if each.kind == "change"]
    if not verbs or len(readings) != 1 or not clocks.timers:
        return False
    name = dict(readings[0].slots).get("name")
    if name is not None:
        return bool(named(name.split(), clocks.timers))
    return verbs[0] not in ("set", "make", "turn") and len(clocks.timers) == 1
