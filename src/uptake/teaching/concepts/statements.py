"""Classify a statement about concepts: declare, name, correct, forget, rename, list, show.

Only the wording is parsed; the caller checks whether it makes sense in this home. Statements of several sentences are
tried whole and by their parts, the last first: "we call it Dusty, so Dusty means Rover".

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from uptake.teaching.concepts.answers import is_question, set_anew
from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.house import House, named_thing
from uptake.teaching.concepts.phrases.declaring import declared_in
from uptake.teaching.concepts.phrases.framing import announced, without_frame
from uptake.teaching.concepts.phrases.naming import names_in
from uptake.teaching.concepts.phrases.stating import VERB, WORDINGS, StatementKind
from uptake.teaching.concepts.values import find_values
from uptake.teaching.marks import plain
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.text.rewordings import Rows

__all__ = ["Statement", "statements"]

_TRIGGER = regex(
    r"\b(?:when|whenever|if|every ?time|once|as soon as)\s+(?:somebody|someone|anybody|anyone|"
    r"a stranger|the (?:door|bell|doorbell|sun|phone|mail|motion|alarm|temperature|baby|dog)"
    r"|it(?:'s| is| gets)|motion|nobody|no one|he|she|they|a |an |people|there(?:'s| is))",
    re.IGNORECASE,
)
_PARTS = regex(r"(?<=[a-z\d])[.;!?]\s+|,?\s+so,?\s+(?=[A-Za-z])", re.IGNORECASE)
_PASSING = regex(r"[,:;]\s+|\s-+\s")
_SIGNALLED = regex(
    r"(?<=[,;:.\s])(?:when|whenever|every ?time|if) (?:i|we|you hear|(?:any|some)(?:one|body))\b", re.IGNORECASE
)
_WORDINGS = Rows(WORDINGS)
_STAND_OUT = tuple((kind, pattern) for kind, pattern in WORDINGS if kind in ("name", "keep", "say"))
"""Wordings that are known even where something is said in passing beside them."""
_FAR = 12  # most words before a word that something is said anew of
_MOST_CUTS = 16
"""Commas and colons beyond which a text says nothing in passing: it lists, or is no sentence."""
_SO = frozenset("so it that this please".split())
_NO_NAMES = frozenset(
    "so i you he she it we they this that there these those me us him her them who what if when whenever unless while "
    "ugh argh oh ah hey wow yay hmm sigh phew ok okay well right yes yeah no nope sorry look listen great good thanks "
    "now then just also anyway because since although until till before after nobody "
    "someone somebody anyone anybody everyone everybody".split()
)
"""Words that no concept begins with: "if it starts raining, …" teaches nothing."""
_IS_OVER = tuple(["is", end] for end in "done ready over on up out here served".split())
"""What may be said of a thing in a name: "whenever I say tea is done"."""
_SIGNAL = regex(
    r"^(?:.{0,40}[,.;:] )?(?:hey |ok |okay |so |and )*(?:when|whenever|if|how about)(?: ever)? (?:i|"
    r"we|you hear|anyone|somebody)\b",
    re.IGNORECASE,
)
_REASON = regex(
    r"^(?:(?:so|too|very|really|quite|rather|pretty|a (?:bit|little)|still|already|always|never|not)\b|\w+ing\b)"
    r"[^,;]*[,;]"
    rf"|^(?!{VERB}\b)(?:[\w']+ ){{0,3}}[\w']+,? so (?:please |can you |could you |just |then )*{VERB}\b",
    re.IGNORECASE,
)
"""How things are, and then a request: "(the grass is) getting long, start the mower" defines nothing."""
_CARRIES = regex(r"(?:,? (?:should|then|please|you|will|shall|it|for me|for us))+$", re.IGNORECASE)
_HERE = regex(
    r"(?: (?:in (?:this|our) (?:house|home|flat|family)|at home|round here|to you|out loud|aloud))+$", re.IGNORECASE
)
_OWN = regex(r"^(?:my own|our own|my (?:version|idea|kind|sort) of|what i mean by) (?=\S)", re.IGNORECASE)
_CALLED_SO = regex(r"^(?:the |my |our )?(?:phrase|words?|command|expression|term)[,:]? (?=\S)", re.IGNORECASE)
_COMPARES = regex(r"\bas (?:dim|low|dark|soft|bright|high|loud|quiet|warm|cool|fast|slow|much|far) as\b", re.I)
_STATES = ("declare", "maybe", "name", "correct", "keep")
_LONGEST = 6
_OPENING = 6  # words in which what is to be done begins
_LONGEST_TEXT = 600  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Parsed statement about a concept."""

    kind: StatementKind
    """What it does with a concept; "maybe" declares it only where the rest makes sense, "keep" names what was done."""
    concept: str = ""
    """The concept, as it was said."""
    body: str = ""
    """What it is said to be: a definition, the name of a thing, or another concept."""


_TELLS = regex(
    r"^what (?:i|we|everyone|everybody|(?:the|my|our) \w+) (?:all |always |like to )*(?:calls?|means? by|means? when "
    r"(?:i|we) say|says? for|"
    r"refers? "
    r"to as) [^,;:?]+ (?:is|are|means?|would be)\b|^what\s+[^,;:?]+\s+(?:means?|is|does|stands for|by [^,;:?]+ is)"
    r"\b\s*(?:[:,;]|is\b|are\b)",
    re.IGNORECASE,
)
_MAY_YOU = regex(
    r"^(?:can|could|would|will) you (?:please |just |also )*(?=(?:remember|store|save|learn|keep|memori[sz]e)\b)",
    re.IGNORECASE,
)
_LEARN = regex(
    r"^(?:please |just |now )*(?:learn|memori[sz]e)(?: the (?:word|phrase|command))?[ :]+(?P<x>[^,;:\"]{2,40}?)"
    r"\s*[:=]\s*(?P<y>.+)$",
    re.IGNORECASE,
)
_PAIR = regex(r"(?P<x>[^,;:]{2,40})[,;:]\s+(?P<y>.+)$")


def statements(text: str, house: House, known: Container[str]) -> Iterator[Statement]:
    """Yield what a text may state, the likeliest first.

    >>> next(statements("when I say goodnight, lock the door", House(), ())).concept
    'goodnight'

    Args:
        text: What was said.
        house: Names of the home.
        known: Keys of the concepts that there are.
    """
    if len(text) > _LONGEST_TEXT:
        return
    text = _MAY_YOU.sub("", plain(text).strip())
    bare = without_frame(text)
    asks = is_question(normalize(bare)) and not _SIGNAL.match(text) and not _TELLS.match(bare)
    parts = [part.strip() for part in _PARTS.split(text)]
    again = _reset(text, known)
    if again is not None:
        yield again
    learn = _LEARN.match(bare) or _LEARN.match(text)
    if learn is not None and _may_be_named(learn["x"]):
        yield Statement(kind="declare", concept=learn["x"], body=learn["y"])
    yield from () if asks else _named_anew([*reversed(parts), text], house, known)
    for part in dict.fromkeys([*([text] if len(parts) == 1 else []), *reversed(parts), text]):
        bare = without_frame(part)
        for kind, pattern in _WORDINGS.possible(bare):
            if kind in _STATES and (asks or _COMPARES.search(bare)):
                continue
            match = pattern.match(bare)
            found = _statement(kind, match, house, known) if match is not None else None
            if found is not None:
                yield found
    told = announced(text)
    pair = _PAIR.match(told) if told is not None and not asks else None
    if pair is not None and _may_be_named(pair["x"]):  # "store this: nap time, blinds shut"
        yield Statement(kind="maybe", concept=pair["x"], body=pair["y"])
    if not asks:
        yield from _beside_asides(text, house, known)
        yield from _composed(text, known, house)
    if _TRIGGER.search(text):
        yield Statement(kind="trigger", body=text)


def _named_anew(parts: Sequence[str], house: House, known: Container[str]) -> Iterator[Statement]:
    """Yield what some parts of a text give another name."""
    clauses = [clause for part in parts for clause in (*(_PASSING.split(part) if "," in part else ()), part)]
    for part in dict.fromkeys(clauses):
        for concept, thing in names_in(without_frame(part), house, known):
            if _may_be_named(concept) and key_of(concept) not in known:
                kind: StatementKind = "declare" if key_of(thing) in known else "name"
                yield Statement(kind=kind, concept=concept, body=thing)


def _beside_asides(text: str, house: House, known: Container[str]) -> Iterator[Statement]:
    """Yield what a text states if some of it is said in passing: "the gills are the vent, that's what dad says"."""
    cuts = list(_PASSING.finditer(text))
    if len(cuts) > _MOST_CUTS:
        return
    shorter = [text[match.start() :] for match in _SIGNALLED.finditer(text)]
    shorter += [text[match.end() :] for match in cuts] + [text[: match.start()] for match in reversed(cuts)]
    shorter += [f"{text[: one.start()]} {text[two.end() :]}" for one, two in pairwise(cuts)]
    for part in dict.fromkeys(shorter):
        bare = without_frame(part)
        if _COMPARES.search(bare):
            continue
        for kind, pattern in _STAND_OUT:
            match = pattern.match(bare)
            found = _statement(kind, match, house, known) if match is not None else None
            if found is not None:
                yield found


_ANEW = regex(
    r"\b(?:(?:also|now|really|always|still) (?:needs?|gets?|has|includes?|wants?|does|takes|means|involves)|wrong|"
    r"should|ought|needs? to|has to|must|change|instead|rather|from now on|no longer|different(?:ly)?|"
    r"otherwise|too \w+|not \w+ "
    r"enough|isn't \w+ enough|forgot|include|without|on second thoughts?|after all|want(?:ed)?|meant|supposed)\b",
    re.IGNORECASE,
)
"""What is said of a word that is to mean something else."""
_NO_WORD = regex(
    r"(?:(?:the|my|our|your|his|her|their) )?(?:kids?|child|children|boys?|girls?|guests?|lads?|family|mum|mom|"
    r"mother|dad|father|"
    r"parents|wife|husband|partner|son|daughter|brother|sister|gran\w*|nan|neighbours?|people|friends?|dog|cat|baby|house|home|"
    r"weather|everyone|everybody|someone|somebody|dinner|lunch|breakfast|supper|tea|food)",
    re.IGNORECASE,
)
"""Who or what things are told of, and no word that somebody teaches: "the kids should have the lamp off"."""
_IS_SHORT = regex(r"'s$")
_AND_SO = regex(
    r"^(?:(?:includes?|involves|takes|gets|has|does) |[^,;.]*?\b(?:too|wrong|enough|forgot|mistake|not right|"
    r"different(?:ly)?|otherwise|meant|else)"
    r"\b[^,;.]*[,;.]\s+)?"
    r"(?:(?:for|me|us|it|that|is|'s|are|was|be|been|have|has|should|ought|needs?|must|to|make|set|put|turn|it's|i|we|"
    r"you|want|"
    r"wanted|meant|would|like|rather|supposed|really|also|now|so|instead|mean|means|actually|include|just)\b[,:]?\s+)*",
    re.IGNORECASE,
)


def _composed(text: str, known: Container[str], house: House) -> Iterator[Statement]:
    """Yield what a text declares by its parts, or says anew of a word that is known: "sauna is too hot, make it 20"."""
    bare = without_frame(text)
    forms = dict.fromkeys((bare, text, _HENCEFORTH.sub("", text)))
    for concept, body in (one for said in forms for one in declared_in(said)):
        if key_of(concept) in known:
            yield Statement(kind="correct", concept=concept, body=body)
        elif (
            _may_be_named(concept)
            and not _COMPARES.search(bare)
            and not _REASON.match(body)
            and _NO_WORD.fullmatch(concept) is None
            and _begins_with_a_deed(body, house, known)
        ):
            yield Statement(kind="maybe", concept=concept, body=body)
    words = bare.split() if _ANEW.search(bare) or _LASTS.search(text) else []
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        for at in range(min(len(words) - size, _FAR)):
            concept = _IS_SHORT.sub("", " ".join(words[at : at + size]).strip(",.;:"))
            if key_of(concept) in known:
                if not (_LASTS.search(text) or _is_said_anew(words, at, at + size)):
                    return
                rest = _AND_SO.sub("", " ".join(words[at + size :]))
                yield Statement(kind="correct", concept=concept, body=rest)
                return


_HENCEFORTH = regex(
    r"^(?:(?:ok|okay|right|so|hey|and|please)[,.]? )*(?:from (?:now|here|today) on(?:wards?)?|in future|going "
    r"forward|starting "
    r"(?:now|today)|as of (?:now|today)),?\s+",
    re.IGNORECASE,
)
_LASTS = regex(r"\b(?:from now on|in future|no longer|on second thoughts?|as of now|starting today)\b", re.IGNORECASE)
_PLACED = regex(r"(?:in|on|for|at|with) (?:the|my|our|all|both|every)\b", re.IGNORECASE)
_STOPS = regex(r"[,;:.!?]$")


def _begins_with_a_deed(body: str, house: House, known: Container[str]) -> bool:
    """Tell whether a meaning begins with what is to be done, and not with what else is so: "ready, turn it off"."""
    words = normalize(re.split(r"[,;:.!?]", body.strip(" ,;:"))[0]).split()[:_OPENING]
    verb = re.match(rf"(?:please |just |you |to )*{VERB}\b", body, re.IGNORECASE) is not None
    named = any(
        key_of(" ".join(words[at:end])) in known for at in range(len(words)) for end in range(at + 1, len(words) + 1)
    )
    return verb or named or bool(house.mentions(words)) or bool(find_values(words))


def _is_said_anew(words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether the clause around a word says that it is to be otherwise, and not where it is wanted."""
    first = next((at + 1 for at in range(start - 1, -1, -1) if _STOPS.search(words[at])), 0)
    last = next((at + 1 for at in range(end - 1, len(words)) if _STOPS.search(words[at])), len(words))
    behind = " ".join(words[end:last])
    return _ANEW.search(" ".join(words[first:last])) is not None and not _PLACED.match(behind)


_DOES_IT = regex(r"\w+ (?:it|that|this|them)\W* (?:it|that|this|they)(?:'s|'re| is| are)\b", re.IGNORECASE)
"""A command and its reason: "stop it, it's only half full"."""
_RECALLS = regex(
    r"^(?:(?:let's|i'd|we'd|i would|we would|i|we|let us)(?: rather| sooner| prefer to| like to| want to| now)* )"
    r"?(?:call|name) "
    r"(?P<rest>[^,;:]+)$",
    re.IGNORECASE,
)


def _reset(text: str, known: Container[str]) -> Statement | None:
    """Return what a known concept is to be from now on: "make hush twenty percent instead"."""
    words = (set_anew(text) or "").split()
    for at in range(min(_LONGEST, len(words) - 1), 0, -1):
        if key_of(" ".join(words[:at])) in known:
            return Statement(kind="correct", concept=" ".join(words[:at]), body=" ".join(words[at:]))
    match = _RECALLS.match(without_frame(text))
    words = match["rest"].split() if match is not None else []
    for at in range(min(_LONGEST, len(words) - 1), 0, -1):
        if key_of(" ".join(words[:at])) in known:  # "call study mode homework"
            return Statement(kind="rename", concept=" ".join(words[at:]), body=" ".join(words[:at]))
    return None


def _statement(  # noqa: PLR0911 - one return a kind of statement
    kind: StatementKind, match: re.Match[str], house: House, known: Container[str]
) -> Statement | None:
    groups = match.groupdict()
    concept = _CALLED_SO.sub(
        "", _OWN.sub("", _CARRIES.sub("", _HERE.sub("", (groups.get("x") or "").strip(" \"'.!?"))))
    )
    left_out = groups.get("without")
    body = f"without {left_out}" if left_out else (groups.get("y") or "").strip(' "')
    if kind in ("declare", "maybe", "name") and (_REASON.match(body) or _is_entry(match.string, body)):
        return None
    if kind in ("declare", "maybe") and _DOES_IT.match(match.string):
        return None
    if groups.get("y2"):
        pair = _called(groups["y2"], house)
        if pair is None:
            return None
        body, concept = pair
    if kind == "name":
        return _name(concept, body, house)
    key = key_of(concept)
    if kind == "say":  # whatever is said may be a signal: "when I say we're off"
        kind, words = "declare", len(concept.split())
        return Statement(kind=kind, concept=concept, body=body) if 0 < words <= _LONGEST and key not in _SO else None
    if kind in ("correct", "forget", "show"):
        return Statement(kind=kind, concept=concept, body=body) if key in known else None
    if kind == "rename":
        return Statement(kind=kind, concept=concept, body=body) if concept and body else None
    if kind in ("declare", "maybe", "keep") and (not _may_be_named(concept) or _NO_WORD.fullmatch(concept)):
        return None
    return Statement(kind=kind, concept=concept, body=body)


def _is_entry(text: str, body: str) -> bool:
    """Return whether something is to be added to what there is, "add milk to the list", rather than defined."""
    return bool(re.match(r"add\b", text, re.IGNORECASE)) and not re.match(rf"{VERB}\b", body, re.IGNORECASE)


def _may_be_named(concept: str) -> bool:
    words = normalize(concept).split()
    return (
        0 < len(words) <= _LONGEST
        and words[0] not in _NO_NAMES
        and words[0] not in ("to", "like", "need", "want", "by", "of", "got", "gotta", "has", "have", "going")
        and words[-1] not in ("that", "which", "who", "and", "or", "the", "a", "if", "when", "half", "twice")
        and not words[0].endswith(("'m", "'ll", "'ve", "'re"))
        and words[0] not in ("it's", "that's", "here's", "there's", "let's", "can", "could", "store", "save")
        and (words[1:] in _IS_OVER or not {"is", "are", "means"} & set(words[1:]))
        and not {"says", "said", "calls"} & set(words[1:])
        and "if" not in words  # "lock the door if nobody is home" names nothing
    )


def _name(concept: str, body: str, house: House) -> Statement | None:
    """Return another name for a thing of the home; None where the body names none, or the concept is none."""
    if not _may_be_named(concept):
        return None
    target = named_thing(body, house)
    if target is None or key_of(target) == key_of(concept):
        return None
    return Statement(kind="name", concept=concept, body=target)


def _called(text: str, house: House) -> tuple[str, str] | None:
    """Split "the vacuum Dusty" into the thing and the name that it gets."""
    words = text.split()
    for at in range(len(words) - 1, 0, -1):
        target = named_thing(" ".join(words[:at]), house)
        if target is not None:
            rest = re.sub(r"^(?:as|by the name of|just|simply) ", "", " ".join(words[at:]))
            return target, rest
    return None
