"""Find the concept that a request uses, and its action there.

A request uses a concept if it says its name and nothing else is left unexplained: "study mode in the bedroom" uses it;
"play some study music", "is study mode on?" and "study mode tomorrow at nine" do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from uptake.teaching.concepts.answers import is_question
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place, bound
from uptake.teaching.concepts.gaps import place_said
from uptake.teaching.concepts.house import House, Mention, stem
from uptake.teaching.concepts.phrases.framing import request_alone
from uptake.teaching.concepts.phrases.shapes import OPENS
from uptake.teaching.concepts.phrases.words import Labelled, label
from uptake.teaching.concepts.wanting import wish_in
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = [
    "Use",
    "find_use",
    "is_explained",
    "may_use",
    "parts_with_uses",
    "use_wanted",
    "with_names",
]

_EXPLAINED = regex(r"^[vrdcphaokfV]*$")
_TIMES = regex(r"^[vrdcphaokfVxn]*$")
_PLAYS = regex(r"^[vrdcphaokfmV]*$")
_SAID = regex(
    r"^(?:(?:no|sorry|hey|well)[,.]? )*(?:i (?:said|meant|mean|asked for|want)|let (?:me|us) have|(?:how|what) about|"
    r"another|(?:one|1) more) ",
    re.IGNORECASE,
)
_MEANT = regex(r"^(?:(?:no|sorry|hey|well|oi|oh)[,.!]? )*i (?:said|meant|mean|asked for) (?!that\b)", re.IGNORECASE)
_POLITE = regex(
    r"^(?:hey |ok |okay |so |please )*(?:(?:can|could|may|might) (?:i|we) (?:please |just )*(?:get|have|try)|(?:how|"
    r"what) about)\b",
    re.IGNORECASE,
)
_SPEAKERS = frozenset("i we they you he she people everyone really do".split())
_ATTRIBUTES = frozenset("volume brightness temperature speed position level".split())
_JOINTS = regex(r"\s*(?:[,;]\s*)?\b(?:and then|and also|and|then|plus)\s+|\s*[,;]\s+", re.IGNORECASE)
_MOST = 4  # requests in one
_DENIED = frozenset("not no don't never stop cancel end off closed what was were wasn't".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A request that uses a concept."""

    key: str
    """Key of the concept."""
    meanings: tuple[Concept, ...]
    """What it may mean: one, or several where the household does not agree."""
    deeds: tuple[Interpretation, ...] = ()
    """What is to be done."""
    place: Place = field(default_factory=Place)
    """Where the request wants it; empty where it says nothing."""

    @property
    def fits(self) -> bool:
        """Whether the concept makes sense in that place."""
        return bool(self.deeds)


def find_use(text: str, house: House, known: Mapping[str, Sequence[Concept]]) -> Use | None:
    """Find the concept that a request uses; None where it uses none.

    Args:
        text: The request, with the names of things in the place of other names that were taught for them.
        house: Names of the home.
        known: Meanings of each concept, by key.
    """
    if is_question(normalize(text)) and not _POLITE.match(text):  # "will it be a rainy sunday"
        return None
    named = [key for key, rows in known.items() if rows[0].alias_of is None]
    said = label(_SAID.sub("", text), house, named)
    keys = _keys(said, named)
    if not keys:  # "police visit", of "police visit volume"
        short = {shorter: key for key in named if (shorter := _without_attribute(key))}
        said = label(_SAID.sub("", text), house, list(short))
        keys = [short[one] for one in _keys(said, list(short))]
    if len(keys) != 1:
        return None
    key = keys[0]
    meanings = tuple(known[key])
    shape = _shape(meanings, said)
    rest = [word for word, letter in zip(said.words, said.labels, strict=True) if letter != "k"]
    if (
        not shape.match(_AND.sub("c", _with_joints(said)))
        or _DENIED & set(rest)
        or _only_mentions(said)
        or _is_a_verb_here(said)
    ):
        return None
    mentions = _placed(said.mentions)
    place = place_said(list(mentions), said, house) if mentions else Place()
    timed = shape is _TIMES
    deeds = meanings[0].deeds if timed else bound(meanings[0], place, house)
    return Use(key=key, meanings=meanings, deeds=deeds, place=Place() if timed else place)


def may_use(text: str, known: Mapping[str, Sequence[Concept]]) -> bool:
    """Tell whether a text says all words of some concept, wherever: a quick look before a close one."""
    words = {stem(word) for word in normalize(text).split()}
    return any(
        {stem(word) for word in key.split() if word not in _ATTRIBUTES} <= words
        for key, rows in known.items()
        if rows[0].alias_of is None
    )


_TOLD = regex(r"\b(?:he|she|they)(?:'s|'ve| has| have)? (?:said|says?|calls?|called|told|tells?)\b", re.IGNORECASE)
"""What somebody else said, which wants nothing."""


def use_wanted(text: str, house: House, known: Mapping[str, Sequence[Concept]]) -> Use | None:
    """Find the concept that a request uses or wants, whatever is said around it: "I've earned a study mode".

    Args:
        text: The request.
        house: Names of the home.
        known: Meanings of each concept, by key.
    """
    alone = text if _TOLD.search(text) else request_alone(text, house)
    use = find_use(text, house, known) or find_use(alone, house, known)
    if use is not None:
        return use
    wish = wish_in(_MEANT.sub("", text), house, [key for key, rows in known.items() if rows[0].alias_of is None])
    return None if wish is None else find_use(wish, house, known)


def parts_with_uses(
    text: str, house: House, known: Mapping[str, Sequence[Concept]], is_request: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the requests that a text is made of, where some use a concept: "movie night and lock the door"; else ().

    Args:
        text: The request.
        house: Names of the home.
        known: Meanings of each concept, by key.
        is_request: Whether a part that uses none is a request of its own.
    """
    parts = tuple(part for part in _JOINTS.split(text) if part.strip())
    if not 1 < len(parts) <= _MOST or "?" in text:
        return ()
    using = [part for part in parts if use_wanted(part, house, known)]
    others = [part for part in parts if part not in using]
    return parts if using and all(is_request(part) for part in others) else ()


def _keys(said: Labelled, named: Sequence[str]) -> list[str]:
    text = " ".join(word for word, letter in zip(said.words, said.labels, strict=True) if letter == "k")
    keys = [key for key in named if key in text]
    return [key for key in keys if not any(key != other and key in other for other in keys)]


def _without_attribute(key: str) -> str | None:
    """Return a key of several words without the attribute that it ends in; None where it ends in none."""
    *rest, last = key.split()
    return " ".join(rest) if len(rest) > 1 and last in _ATTRIBUTES else None


def _shape(meanings: Sequence[Concept], said: Labelled) -> re.Pattern[str]:
    """Return what the labels of a request must look like: media may be played, timers may have any name."""
    if any(row.slot_type == "media" or _does(row, "HassMediaSearchAndPlay") for row in meanings):
        return _PLAYS
    timed = any(_does(row, "HassStartTimer") for row in meanings)
    return _TIMES if timed and {"timer", "countdown"} & set(said.words) else _EXPLAINED


def _does(concept: Concept, intent: str) -> bool:
    return any(deed.intent == intent for deed in concept.deeds)


def is_explained(said: Labelled) -> bool:
    """Return whether every word of a request is a name, a value, or carries them."""
    return set(said.labels) <= set("vrdcphaofVn")


def _only_mentions(said: Labelled) -> bool:
    """Tell whether a request names a concept without wanting it: "I love study mode"."""
    opens = {word for word, before in zip(said.words[1:], said.words, strict=False) if before in _SPEAKERS}
    return bool({"love", "like"} & (opens | {*said.words[:1]})) and not {"i'd", "would"} & set(said.words)


_AND = regex(r"(?<=p)&(?=[dr]*p)")


def _with_joints(said: Labelled) -> str:
    """Return the labels with "&" for "and", which may join two names."""
    return "".join(
        "&" if word == "and" and letter == "x" else letter for word, letter in zip(said.words, said.labels, strict=True)
    )


def _is_a_verb_here(said: Labelled) -> bool:
    """Tell whether words are what somebody does, or what a verb opens: "can you whisper", "open my spreadsheet"."""
    named = said.labels.count("k")
    if said.words[0] in OPENS and "p" not in said.labels:
        return True
    at = said.labels.find("k")
    asked = at > 1 and said.words[at - 2] in ("can", "could", "would", "will") and said.words[at - 1] == "you"
    return asked and named == 1 and "p" not in said.labels


def _placed(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Leave out the home as a whole, and words that only share a word with a name."""
    return tuple(one for one in mentions if one.is_exact or one.domain is not None or one.things)


def with_names(text: str, known: Mapping[str, Sequence[Concept]], house: House) -> tuple[str, str | None]:
    """Put the names of things in the place of other names that were taught for them, but not inside names of the home.

    Returns:
        The text, and the key of the other name that was replaced; None where none was.
    """
    used = None
    for key in sorted(known, key=len, reverse=True):
        rows = known[key]
        if rows[0].alias_of is None or len(rows) != 1:
            continue
        name = rows[0].alias_of
        changed = re.sub(_said_as(key, house), partial(_in_place, name), text, flags=re.IGNORECASE)
        if changed != text:
            text, used = changed, used or key
    return text, used


def _said_as(key: str, house: House) -> str:
    """Return the pattern of another name, and first of the names of the home that it is a part of: "floor lamp"."""
    longer = (r"(?:'?s)?[^a-z0-9]+".join(map(re.escape, words)) for words in house.longer_names(key))
    whole = "|".join((*longer, "(?!)"))
    own = r"[^a-z0-9]+".join(map(re.escape, key.split()))
    return rf"(?<![\w'])(?P<whole>(?:{whole})(?:'?s)?(?![\w']))|(?<![\w'])(?:the |my |our )?{own}(?![\w'])"


def _in_place(name: str, match: re.Match[str]) -> str:
    if match["whole"] is not None:
        return match[0]
    return f"the {name}" if match[0].lower().startswith(("the ", "my ", "our ")) else name
