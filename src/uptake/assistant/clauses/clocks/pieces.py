"""Take a request about timers apart into pieces, each with the part that it plays: a length, "another", "go off".

A word that is in no list is a piece of its own, which must be the name of something: no word is passed over.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["Clause", "Piece", "clauses_of", "kinds_of", "pieces_of"]

_TENSES = r"(?:s|ed|ing)?"
_LEXICON: tuple[tuple[str, str], ...] = (
    ("joint", r",? and then\b|,? then (?=an?\b|the|put|start|set)|[,;:]|[.!?](?= |$)|- |\band\b|\bplus\b|\bso\b"
     r"|\bbut\b"),
    ("again", r"start(?: it| that| this| the timer)?(?: back)?(?: up)? (?:again|over"
     r"|afresh)(?: from (?:the (?:top|start|beginning)"
     r"|scratch))?|from (?:the (?:top|start|beginning)|scratch)|(?:once )?again|restart|reset|over again|re-?do"
     r"|same again|back to (?:the )?(?:start|beginning)|repeat"),
    ("cancel", r"(?:cancel|bin|scrap|delete|remove|ditch|clear|end|dismiss|axe|silence|abort|drop|kill|stop|forget"
     r"|lose|wipe|quit|chuck|scratch|nix|discard)(?: (?:off|out|away))?|get rid of|call off|turn off|switch off"
     r"|shut off|never ?mind(?: about)?|forget about|(?:i |we )?(?:don't|do not|no longer|won't|will not"
     r"|needn't)(?: be)?"
     r" (?:need(?:ing)?|want(?:ing)?|bother(?: with)?|have)|done with|finished with|no need for|(?:turn|switch"
     r"|shut|call) (?=[\w' ]+ off\b)"
     r"|(?:i|we)(?:'m| am|'re| are) (?:done|finished) with"),
    ("pause", r"paus(?:e|ing)|hold on|hold|freeze|halt|suspend|hang on"),
    ("resume", r"resume|unpause|un-pause|continue|carry on|keep (?:it )?going|go on|let it run|unfreeze"),
    ("brief", r"(?:for )?(?:just )?an? (?:quick )?(?:sec|second|moment|mo|tick|bit)|for now"),
    ("signal", r"(?:beep|buzz|ping|chime|shout|alert|warn|ring|prod|bleep|holler|tell|call|notify|yell)(?: (?:at|to))?"
     r" (?:me|us)|let (?:me|us) know|give (?:me|us) an? (?:shout|nudge|ring|buzz|call|beep|ping|bell|yell|holler|signal"
     r"|heads[ -]up|tinkle|alert)|sound the alarm"),
    ("over", r"(?:is|are|has|have|'s|'re)? ?(?:been )?(?:up|over|passed|gone(?: by)?|elapsed)\b(?= *(?:$|[,.]"
     r"| please))"),
    ("over", r"(?:when|once|as soon as|after)"),
    ("count", r"\d+(?= timers\b)|(?:a )?(?:couple|pair) of(?= timers\b)"),
    ("timer", r"(?:kitchen |egg (?=timer for (?:the )?[a-z]+))?(?:timers?|count ?downs?)(?! ?down)|stop ?clock"
     r"|(?:on|put|set|start) the clock"),
    ("alarm", r"alarms?"),
    ("start", r"(?:set|start(?: timing)?|begin|run|time(?! left| remaining| to go)|timing|count down|count|clock"
     r"|kick off|fire up"
     r"|put on)(?: (?:me|us))?"
     r"(?: (?:off|up|going))?(?! up)|get (?=[\w' ]*going)|create|sort|sort me out|make (?=me\b|an?\b|another)"),
    ("start", r"go(?=$|[.!])"),
    ("signal", r"remind (?:me|us)(?= (?:when|once|after)\b)"),
    ("give", r"(?:give|do|get|let|allow|grant|lend|make) (?:me|us)(?: have)?|(?:can|could|may) (?:i|we) (?:have|get)"
     r"|i'll (?:have|take)|we'll have|(?:put|stick|pop|bung|whack|throw|slap|shove|chuck)(?: on)?|give"),
    ("need", r"(?:i|we)(?:'m| am|'re| are)? (?:need|want|after|'d like|would like|could do with|fancy)|i'd like"
     r"|we'd like"
     r"|let's have"),
    ("wants", r"wants?|needs?|takes?|gets?|requires?|should (?:get|have|take|need)|could do with|has got|'?ll need"
     r"|will need|(?:want|need)s? to (?:cook|bake|boil|simmer|rest|rise|steep|brew|prove|chill|soak|dry|roast|cool)"
     r"(?: for)?"),
    ("more", r"more|another|extra|longer|additional|further|add|extend|lengthen|increase|plus|on top|prolong"
     r"|too short"),
    ("less", r"knock|shave|lop|trim|cut|chop|reduce|shorten|decrease|deduct|subtract|minus|less|fewer|shorter|off|down"
     r"|too long"),
    ("change", r"(?:change|alter|switch|adjust|reset|update|amend|set|make|turn)(?=\b[\w' ]* (?:to|into|for|last) )"),
    ("take", r"take|bring"),
    ("ask", r"what (?:have|has)|(?:is|are)(?= .*\b(?:nearly|almost|done|ready|there|finished|cooked|up)\b)"
     r"|how (?:much )?longer"
     r"|how (?:much time|much|many (?:minutes|more minutes|seconds))|how long|what time"
     r"|how(?:'s|'re| is| are)|where are we|what's (?:the status of|left)|when(?:'s| is| are| will| does| do|'ll)?"
     r"|which(?:'s| is)?|what's|is there|are there|have (?:i|we) (?:got|any|set)|do (?:i|we) have|any|status|check"
     r"|still|time"),
    ("end", r"left|remain(?:s|ing)?|to go|(?:go|goes|going|gone) off|(?:be |get )?(?:done|ready|finished|cooked"
     r"|up|over)"
     r"|finish(?:es|ing)?|ends?|rings?|beeps?|due|until|till|before|doing(?: for time)?|getting (?:on|along)"
     r"|coming (?:on|along)|looking|(?:be |come )?out|running|set|going"
     r"|on the go"
     r"|come out"),
    ("which", r"(?:most recent|first|last|latest|newest|oldest|longest|shortest|longer|shorter|other|both|all"
     r"|every|each"
     r"|next|second|third|soonest|nearest|closest|bigger|smaller)(?: (?:of )?(?:them|those))?|the lot|either"
     r"|everything"),
    ("one", r"it's|it'll|that's|it|that|them|those|these|they|ones?(?:'s)?|1(?= *(?:for|of|again|too|please|now"
     r"|first|back|$|,)| one)"),
    ("quiet", r"what about|how about|an? (?:little |tiny )?bit(?= (?:longer|more|less|shorter|extra))|go(?=$"
     r"|[.!])|not (?:quite|just)? ?yet|nearly|almost|yet|please|thanks|thank you|cheers|ta|(?:can|could|would"
     r"|will) (?:you|we|i|u)|if you (?:can|could|would"
     r"|don't mind)|would you|just|now|ok(?:ay)?|alright|right|actually|about|around|roughly|oh|um+|er+m?|uh|ah|hey"
     r"|hi|hello|also|too|as well|quick(?:ly)?|for (?:me|us)|me|us|an?|the|my|our|this|some|i|we|you|its|yes|yeah|no"
     r"|well|hm+|anymore|any ?more|any longer|after all|then|there|got|have|has|does|do|did|is|are|be|will|would|'s|'ve"
     r"|'ll|'d|sorry|in total|altogether|love|mate|lovely|go on|maybe|perhaps|exactly|only|each|worth|of time"
     r"|on it|or so|ish|total|going|off|ready"),
    ("link", r"for|on|of|to|by|from|with|in|at|called|named|labelled|name it|call it|onto|using|after"),
)  # fmt: skip
_LENGTH = regex(DURATION)
_TAILS = (
    (
        regex(r"(?:hours?|hrs?)$"),
        regex(r"(?:,? and)? \d{1,2}(?![\w:.%]| ?(?:degrees?|percent|past|to\b|o'clock|[ap]m\b))"),
    ),
    (
        regex(r"(?:minutes?|mins?)$"),
        regex(r" (?!1\b)\d{1,2}(?=$|[ ,.](?!\d))(?! ?(?:degrees?|percent|past|to\b|o'clock|[ap]m\b))"),
    ),
)
"""Ends of lengths, and the smaller unit that may follow without its name: "an hour and twenty"."""
_AMID = regex(
    r"\b(?P<amount>\d+(?:\.\d+)?|a few|a couple(?: of)?|half an|an?)(?: of)? (?P<more>more|extra|additional"
    r"|further|fewer)"
    r" (?P<unit>minutes?|mins?|hours?|hrs?|seconds?|secs?)\b"
)
"""A length with the word in its middle that says what becomes of it: "two more minutes"."""
_UNIT = regex(r"\b(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)\b")
_ANOTHER = regex(r"\banother (?=(?:minute|hour|second)\b)")
_BRIEF = regex(r"(?:an?|1) (?:sec|second|minute|min)")
"""Lengths that say no more than "wait"."""
_NUMBER = regex(r"\d+(?:\.\d+)?(?![\w:%°])(?! ?(?:%|percent|degrees|o'clock|[ap]\.?m\b|past\b))")
_WORD = regex(r"[^\W_]+(?:['-][^\W_]+)*'?|\S")
_KINDS = tuple((kind, regex(rf"(?:{pattern})(?!\w|'(?!(?:s|ve|ll|d|re)\b))")) for kind, pattern in _LEXICON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Piece of a request."""

    kind: str
    """What it is: a kind of the lexicon, "length", "number", or "word" for what is in no list."""
    text: str
    """Its words, numbers in digits."""
    length: timedelta | None = None
    """The length of time that it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Pieces between two joints."""

    text: str
    """Its words, numbers in digits."""
    pieces: tuple[Piece, ...]
    """Its pieces."""
    joint: str = ""
    """What joins it to the clause before."""


def kinds_of(pieces: Sequence[Piece]) -> frozenset[str]:
    """Return the kinds of some pieces."""
    return frozenset(each.kind for each in pieces)


@lru_cache(maxsize=64)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """Take a text apart.

    >>> [(each.kind, each.text) for each in pieces_of("another five minutes on the eggs")]
    [('more', 'another'), ('length', '5 minutes'), ('link', 'on'), ('quiet', 'the'), ('word', 'eggs')]
    """
    said, found, at = (
        _AMID.sub(r"\g<more> \g<amount> \g<unit>", _ANOTHER.sub("another 1 ", in_digits(text))),
        list[Piece](),
        0,
    )
    while at < len(said):
        if said[at].isspace():
            at += 1
            continue
        piece = _piece(said, at)
        found.append(piece)
        at += len(piece.text)
    return tuple(_with_times_of(found))


def _with_times_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces in which "screen time" is a name, and no time to measure."""
    found: list[Piece] = []
    for each in pieces:
        is_name = each.text == "time" and bool(found) and found[-1].kind == "word"
        found.append(Piece(kind="word", text="time") if is_name else each)
    return found


def _piece(said: str, at: int) -> Piece:
    """Return the piece that begins at a character: the longest that a list knows."""
    begins = at == 0 or not said[at - 1].isalnum()
    timed = _timed(said, at) if begins else None
    if timed is not None:
        return timed
    number = _NUMBER.match(said, at) if begins else None
    may = begins or not said[at].isalnum()
    options = [(kind, match[0]) for kind, pattern in _KINDS if may and (match := pattern.match(said, at))]
    kind, words = max(options, key=lambda option: len(option[1]), default=("", ""))
    if words and (number is None or kind in ("count", "one")):
        return Piece(kind=kind, text=words)
    if number is not None:
        return Piece(kind="number", text=number[0])
    word = _WORD.match(said, at)
    return Piece(kind="word", text=word[0] if word is not None else said[at])


def _timed(said: str, at: int) -> Piece | None:
    """Return the length of time that begins at a character, also "1 hour and 20"."""
    match = _LENGTH.match(said, at)
    if match is None:
        return None
    whole = _one_length(match[0])
    for ends, tail in _TAILS:
        more = tail.match(said, at + len(whole)) if ends.search(whole) else None
        if more is not None and duration(whole + more[0]) is not None:
            whole += more[0]
            break
    length = duration(whole)
    if length is None:
        return None
    return Piece(kind="brief" if _BRIEF.fullmatch(whole) else "length", text=whole, length=length)


def _one_length(said: str) -> str:
    """Return the first of two lengths: "10 minutes and 5 minutes" are two, "1 hour and 5 minutes" is one."""
    units = [(each.start(), "smh".index(each[0][0])) for each in _UNIT.finditer(said)]
    for (_, before), (at, unit) in pairwise(units):
        cut = said.rfind(" and ", 0, at)
        if unit >= before and cut > 0:
            return said[:cut].rstrip(" ,")
    return said


def clauses_of(pieces: Sequence[Piece]) -> tuple[Clause, ...]:
    """Return the clauses that pieces make, split at the joints."""
    found: list[Clause] = []
    begun: list[Piece] = []
    joint = ""
    for piece in (*pieces, Piece(kind="joint", text="")):
        if piece.kind != "joint":
            begun.append(piece)
            continue
        if begun:
            found.append(Clause(text=_joined(begun), pieces=tuple(begun), joint=joint))
            joint = ""
        joint, begun = f"{joint} {piece.text}".strip(), []
    return tuple(found)


def _joined(pieces: Sequence[Piece]) -> str:
    text = ""
    for each in pieces:
        text += each.text if each.text.startswith("'") or not text else f" {each.text}"
    return text
