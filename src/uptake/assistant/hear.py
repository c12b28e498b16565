"""Normalise what was recognised or typed, or reject it.

Limit: whether a request is in the assistant's language is judged by its script alone, which separates Cyrillic from
Latin letters but not Dutch from English; such requests reach the readers, which do not understand them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from uptake.assistant.clauses.antecedents import completed, with_light_of, with_main_light, with_state_of
from uptake.assistant.clauses.segment import JOINT, clause_kind
from uptake.assistant.clauses.wording.asking import without_frame
from uptake.assistant.clauses.wording.called import called_here
from uptake.assistant.clauses.wording.earlier.added import on_the_list
from uptake.assistant.clauses.wording.earlier.further import gone_on
from uptake.assistant.clauses.wording.earlier.planned_too import planned_too
from uptake.assistant.clauses.wording.earlier.taking_back import taken_back
from uptake.assistant.clauses.wording.fronted import length_last, with_length, with_things, with_value
from uptake.assistant.clauses.wording.heating import heating_by_name, room_warmed, run_at
from uptake.assistant.clauses.wording.put_first import put_first
from uptake.assistant.clauses.wording.reasons import value_alone, without_reason
from uptake.assistant.clauses.wording.short_forms import in_full
from uptake.assistant.clauses.wording.spoken import as_written
from uptake.assistant.clauses.wording.subjects import (
    with_each_name,
    with_own_subject,
    with_place_in_full,
    without_heading,
)
from uptake.assistant.clauses.wording.times.time_first import time_last, with_at, without_timed_reason
from uptake.assistant.clauses.words import QUESTION, is_command, repairs, unhesitating, without_courtesy
from uptake.assistant.dialogue.cues import is_undo
from uptake.assistant.phrases.dates import without_days
from uptake.assistant.phrases.numbers import unspelled
from uptake.assistant.readers.cleaning.counted import counted
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Request, Transcript

if TYPE_CHECKING:
    from datetime import datetime

    from uptake.assistant.context.situation import Origin
    from uptake.assistant.dialogue.conversation import Conversation
    from uptake.assistant.entities.household import Household

__all__ = ["MOST_CHARS", "CleanedRequest", "hear", "plainly", "recordable"]

MOST_CHARS = 1_000
"""A longer request is refused, and nothing of it is acted on: two hundred words or so, which take a minute to say."""

_SCRIPTS = {
    "LATIN": "af ca cs cy da de en es et eu fi fr ga gl hr hu id is it lb lt lv ms nb nl pl pt pt-BR ro sk sl sr-Latn "
    "sv sw tr vi".split(),
}
_SLIGHTLY = regex(
    r"(?<=\w) (?:just )?a (?:(?:tiny|wee|teeny) (?:little )?bit|tad|smidge|smidgen|touch|notch|shade|whisker|fraction"
    r"|hair|jot)(?= (?:more|less|too|please|\w+er|cold|chilly|hot|warm|dark|dim|bright|loud|quiet|stuffy)\b|\W*$)",
    re.IGNORECASE,
)
"""A small amount, where nothing but how much is told."""
_TURN_OF = regex(r"\b((?:t[eu]rn|trun|switch|swich|shut|power)) of\b(?! (?:phrase|events|the century))", re.IGNORECASE)
"""A slip of the pen that would be read as its opposite."""
_AND_MORE = regex(
    r"^(?:and|now|then|ok|okay)\b,? (?=(?:another |by )?[\w.-]+(?: [\w-]+)?(?: ?%| percent| degrees?"
    r"| notch(?:es)?)? (?:more|less"
    r"|brighter|dimmer|louder|quieter|warmer|cooler|higher|lower|faster|slower)$)",
    re.IGNORECASE,
)
"""What joins a change by an amount to the turn before, which its words alone tell."""
_OF = regex(
    r"^(?!what|who|where|how|which|why|is\b"
    r"|are\b)(?P<front>.*\w)(?<!kind)(?<!sort)(?<!rid)(?<!made)(?<!out)(?<!think) of"
    r"(?P<rest>(?: in here| please| now| upstairs| downstairs)*[.!]?)$",
    re.IGNORECASE,
)
_A_SECOND = regex(
    r"^(?P<deed>.*?\w) (?:for |just )?a (?:quick |wee )?(?:sec|second|moment|mo|tick|bit)(?=\s*[,;.!]\s*\w)",
    re.IGNORECASE,
)
"""How long a command is for, which says nothing: "mute that a sec, the phone's ringing"."""
_PLEASE = regex(r"(?<=\w) (?:please|kindly) (?=\w)", re.IGNORECASE)
_IF_YOU = regex(
    r",? if (?:you (?:would|could|can|please|like|wouldn't mind|don't mind|will)(?: be so kind)?|possible|i may"
    r"|that's ok(?:ay)?)"
    r"[\s.!]*$",
    re.IGNORECASE,
)
_FREE = regex(r"\b(?:play|add|put .+ list|remind|announce|tell|say|call|write|note|message|broadcast)\b", re.IGNORECASE)
_HERE_TOO = regex(r"\b(?:in )?here(?=,? and (?:in )?(?:the|my) )|(?<=\band )(?:in )?here\b", re.IGNORECASE)
"""The room where it is said, beside another one."""
_PLAYED_HERE = regex(
    r"(?P<what>\b(?:play|put on) (?:(?!\b(?:and|then)\b)[^,;.])+?)(?P<player> on the (?:speakers?|stereo))? in here\b",
    re.IGNORECASE,
)
"""Something to be played in the room where it is said."""
_AIR_CON = regex(r"\b(?:air ?con|a/c|ac|heating|heat)\b", re.IGNORECASE)
_GLUED = regex(r"\b(?P<amount>\d+) ?(?P<unit>secs?|s|mins?|m|hrs?|h)\b", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_SLIP = {"lok": "lock", "ad": "add", "tern": "turn", "torn": "turn", "sit": "set", "dime": "dim"}
_SLIPS = regex(
    rf"^(?P<front>(?:please |can you |could you )?)(?P<slip>{'|'.join(_SLIP)})(?= (?!down$|up$)[a-z])", re.IGNORECASE
)
"""Verbs that are mistyped as another word."""
_MINUS = regex(r"(?:(?<!\S)[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]|(?<=\b(?:to|by) )- )(?=\d)")
"""A dash that stands for the sign of a number."""
_SO_THAT = regex(
    r"(?<=\w),? so (?:that )?(?:i|we|he|she|they|you|nobody|everyone) (?:can|could|can't|don't|won't|will|'ll)\b"
    r"(?:(?!\b(?:and|but|then)\b)[^,;.])*$",
    re.IGNORECASE,
)
"""What a request is for, told behind it and the last of it."""
_CORRECTS = regex(
    r"(?:it|that) (?:should(?:'ve| have)?|needs? to|ought to|was (?:meant|supposed) to) (?:be|been|have been|say)\b",
    re.IGNORECASE,
)
_BEFORE = regex(r"(?<=\w),? before (?:i|we|he|she|they) (?:(?!\b(?:and|but|then)\b)[^,;.])*$", re.IGNORECASE)
_DAY = regex(r"\d|\b(?:tomorrow|tonight|minutes?|hours?|every|\w+day)\b", re.IGNORECASE)
_WAIT = regex(r"\W*(?:hang on|hold on|wait)\b", re.IGNORECASE)
T = TypeVar("T", Request, Transcript, "Origin")
_LONGEST = 20 * MOST_CHARS
"""Characters of a request that are kept; one longer than MOST_CHARS is refused anyway."""
_SPACE = " \t\r\n"


class CleanedRequest(NamedTuple):
    """Cleaned request, or the reason why there is nothing to read."""

    text: str
    """The request without control characters and needless space."""
    refusal: str | None
    """The answer instead of reading it; None where it can be read."""
    reason: str
    """Why, for the trace."""


def recordable(given: T) -> T:
    r"""Return a request or its origin as the log can keep it: lone surrogates become U+FFFD, and no text is endless.

    This is done before anything else is: what is acted on must be on record afterwards.

    >>> recordable(Request(text="play \ud800", user_id="ann")).text == "play \N{REPLACEMENT CHARACTER}"
    True
    """
    texts: dict[str, Any] = {
        field.name: _whole(value) for field in fields(given) if isinstance(value := getattr(given, field.name), str)
    }
    if isinstance(given, Request):
        texts["alternatives"] = tuple(recordable(one) for one in given.alternatives)
    return replace(given, **texts)


def _whole(text: str) -> str:
    cut = text[:_LONGEST]
    return cut if cut.isascii() else cut.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def hear(text: str, *, language: str = "en") -> CleanedRequest:
    r"""Clean a request so that it can be read.

    >>> hear("  turn on\tthe light\x07 ")
    CleanedRequest(text='turn on the light', refusal=None, reason='')
    >>> hear("\N{PILE OF POO}").refusal
    'I heard no words. Please say it again.'

    Args:
        text: As it was typed, or as the recogniser wrote it.
        language: BCP 47 tag of what the assistant understands.
    """
    whole = len(text) <= MOST_CHARS
    composed = unicodedata.normalize("NFC", text[:MOST_CHARS])
    readable = "".join(
        " " if char in _SPACE else char for char in composed if char in _SPACE or unicodedata.category(char)[0] != "C"
    )
    clean = _MINUS.sub("-", " ".join(readable.split()))
    if not clean:
        return CleanedRequest(clean, "I did not hear anything. Please say it again.", "nothing was said")
    if not whole:
        return CleanedRequest(
            clean, "That was too long for me. Please say it in a sentence.", f"over {MOST_CHARS} characters"
        )
    letters = [char for char in clean if char.isalpha()]
    if not letters and not any(char.isdigit() for char in clean):
        return CleanedRequest(clean, "I heard no words. Please say it again.", "no letter and no digit")
    if language in _SCRIPTS["LATIN"] and _foreign(letters):
        return CleanedRequest(clean, "I am afraid I do not know that language.", "most letters are of another script")
    return CleanedRequest(clean, None, "")


def _foreign(letters: list[str]) -> bool:
    """Tell whether most letters are not Latin."""
    strange = sum(not char.isascii() and "LATIN" not in unicodedata.name(char, "LATIN") for char in letters)
    return 2 * strange > len(letters)


def _spaced(text: str) -> str:
    """Return a request for a timer with the unit of its length written out: "45s timer"."""
    if "timer" not in text.lower():
        return text
    return _GLUED.sub(lambda match: f"{match['amount']} {_UNITS[match['unit'][0].lower()]}", text)


def _slip(match: re.Match[str]) -> str:
    return f"{match['front']}{_SLIP[match['slip'].lower()]}"


def _within(text: str) -> str:
    """Return a request without courtesy amid it or behind it: "make it please a bit slower, if you would".

    Free words keep theirs.
    """
    return text if _FREE.search(text) else _IF_YOU.sub("", _PLEASE.sub(" ", text)) or text


def _is_remark(piece: str) -> bool:
    return clause_kind(piece) in ("remark", "words", "report", "courtesy") and not is_command(piece)


def _without_purpose(text: str) -> str:
    """Return a request without what it is for, told behind it; free words keep theirs.

    >>> _without_purpose("counter lights on so I can see what I'm doing")
    'counter lights on'
    >>> _without_purpose("how warm is it in there before I put the baby down?")
    'how warm is it in there'
    >>> _without_purpose("make sure both doors are locked before I go to sleep")
    'make sure both doors are locked'
    """
    if _FREE.search(text):
        return text
    may = QUESTION.match(without_courtesy(text)) is not None or (is_command(text) and not _DAY.search(text))
    return _BEFORE.sub("", _SO_THAT.sub("", text)) if may else _SO_THAT.sub("", text)


def _played_in(room: str, text: str) -> str:
    """Say where something is played that is to be played "in here", or "on the speaker in here"."""
    return _PLAYED_HERE.sub(lambda found: found["what"] + (found["player"] or f" in the {room}"), text)


def plainly(
    heard: CleanedRequest, household: Household, room: str | None, conversation: Conversation, now: datetime
) -> CleanedRequest:
    """Say in full what people say in short; of what may answer a question only hesitation goes. English.

    Args:
        heard: The request, which was not refused.
        household: Names of the home.
        room: Where it is said, where that is known.
        conversation: The conversation so far.
        now: This moment, aware.
    """
    if conversation.pending is not None and conversation.pending.kind != "feedback":
        return heard._replace(text=unspelled(unhesitating(counted(heard.text))))
    if is_undo(normalize(heard.text)):
        return heard
    heard = heard._replace(text=called_here(room_warmed(put_first(heard.text), household), household))
    earlier = (
        taken_back(heard.text, conversation, household)
        or gone_on(heard.text, conversation, household)
        or planned_too(heard.text, conversation, household, now)
        or on_the_list(heard.text, conversation, household)
    )
    if earlier is not None:
        return heard._replace(text=earlier)
    said = with_at(without_timed_reason(without_days(heard.text), household, now), household)
    said = _played_in(room, said) if room is not None else said
    whole = with_things(length_last(without_frame(counted(_within(said)), household)), household)
    whole = with_value(with_length(whole), household) if ", " in whole else with_length(whole)
    brief = _A_SECOND.match(whole)
    if brief is not None and is_command(brief["deed"]) and not repairs(whole):
        whole = f"{brief['deed']}{whole[brief.end() :]}"
    text = with_main_light(
        _SLIGHTLY.sub(
            " a bit",
            unspelled(_TURN_OF.sub("turn off", _OF.sub(r"\g<front> off\g<rest>", _SLIPS.sub(_slip, whole)))),
        ),
        household,
        room,
    )
    text = with_each_name(
        without_heading(with_state_of(with_light_of(text, household), household), household), household
    )
    text = _AND_MORE.sub("", with_own_subject(with_place_in_full(text, household), household))
    text = (
        _PLAYED_HERE.sub(rf"\g<what> in the {room}", _HERE_TOO.sub(f"in the {room}", text))
        if room is not None
        else text
    )
    text = _spaced(text)
    text = as_written(text)
    text = without_reason(time_last(_without_purpose(text), now, household), household)
    text = in_full(value_alone(text) if conversation.last is not None else text, household)
    *told, last = [piece for piece in JOINT.split(text) if piece] or [text]
    if told and conversation.last is not None and _CORRECTS.match(last) and all(map(_is_remark, told)):
        text = last  # "I've read the packet wrong, it should be eight"
    waits = _WAIT.match(heard.text) is not None and conversation.last is not None and not _WAIT.match(text)
    if waits and not any(is_command(piece) for piece in JOINT.split(text)):
        text = f"no, {text}"  # "hang on, 6:50" corrects what was just said
    text = heating_by_name(text, household) if _AIR_CON.search(text) or "everywhere" in text else text
    text = run_at(text, household) if " on " in text else text
    return heard._replace(text=completed(text, conversation, household, now))
