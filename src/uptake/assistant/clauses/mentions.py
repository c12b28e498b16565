"""Find where a request names things of the home, and which of them are listed together.

"Turn off the kettle, the coffee maker and the kitchen lights" names three things in one list; each of them stands for
a request of its own. One pass over the words; the names are looked up, not compared.

Limit: names as they are, singular or plural; misheard ones are left to the readers. English lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import KIND_WORDS, kind_of
from uptake.assistant.entities.matching import core, singular
from uptake.text.patterns import regex

__all__ = ["Mention", "expand", "find_mentions", "whole_of"]

_TOKEN = regex(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_LONGEST = 5
_DETERMINERS = frozenset("the a an my our your all every each any both this that some".split())
_AFTER_VERB = _DETERMINERS | {"on", "off", "it", "them", "everything", "over", "to"}
_ALL = frozenset({"everything"})
_INSIDE = regex(r"\s+(?:(?:in|on|of|at) )?(?:the |my |our )?", re.IGNORECASE)
_LISTED = regex(
    r"\s*(?:,\s*(?:and |or |plus )?|and |or |& |plus |as well as )\s*(?:also |then |(?:in|on|at) )*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of a request that name something of the home."""

    start: int
    """Position of its first character."""
    end: int
    """Position after its last one."""
    text: str
    """The words."""
    place: str | None = None
    """Its room or floor, where one is named."""
    kind: str | None = None
    """Its word for a kind of device ("lights"), where one is named."""
    named: bool = False
    """Whether it is the name of a device."""


@lru_cache(maxsize=8)
def _index(household: Household) -> dict[str, str]:
    """Return what each name stands for: "device" or "place"."""
    forms: dict[str, str] = {}
    for device in household.devices:
        for form in (device.name, *device.aliases):
            forms[_key(form)] = "device"
    for area in household.areas:
        forms.update({_key(form): "place" for form in (area.name, *area.aliases)})
    for floor in household.floors:
        forms.update({_key(form): "place" for form in (floor.name, *floor.aliases)})
    return forms


@lru_cache(maxsize=8)
def _beginnings(household: Household) -> frozenset[str]:
    """Return the first word of every name and kind."""
    firsts = {name.split(" ", 1)[0] for name in (*_index(household), *map(_key, KIND_WORDS))}
    return frozenset(firsts | {token[0] for first in firsts if (token := _TOKEN.search(first))})


@lru_cache(maxsize=4_096)  # words are few, what follows on them is not
def _may_begin(word: str, household: Household) -> bool:
    """Tell whether a name may begin with a word; also for a number or a letter, which may be part of another word."""
    first = core(f"{word} x").split()[0]
    if len(word) == 1 or first == "x" or first[0].isdigit() or word.lower() in _ALL:
        return True
    return singular(first) in _beginnings(household)


def _key(words: str) -> str:
    return " ".join(map(singular, core(words).split()))


def find_mentions(text: str, household: Household) -> list[Mention]:
    """Return what a request names, in the order of the words."""
    return list(_mentions(text, household))


@lru_cache(maxsize=64)  # a request is looked at again and again while it is taken apart
def _mentions(text: str, household: Household) -> tuple[Mention, ...]:
    found: list[Mention] = []
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        here = next(
            (
                (size, kind)
                for size in range(min(_LONGEST, len(tokens) - at) if _may_begin(tokens[at][0], household) else 0, 0, -1)
                if (kind := _sort(text[tokens[at].start() : tokens[at + size - 1].end()], household))
            ),
            None,
        )
        if here is None or (here[0] == 1 and _is_verb(tokens, at)):
            at += 1
            continue
        size, kind = here
        found.append(_mention(text, tokens[at].start(), tokens[at + size - 1].end(), kind))
        at += size
    return tuple(_with_determiners(_merged(found, text), text, tokens))


def _is_verb(tokens: list[re.Match[str]], at: int) -> bool:
    """Tell whether "switch" is what to do, and not a thing."""
    after = tokens[at + 1][0].lower() if at + 1 < len(tokens) else ""
    return tokens[at][0].lower() == "switch" and (at == 0 or after in _AFTER_VERB)


@lru_cache(maxsize=4_096)  # requests share most of their words
def _sort(words: str, household: Household) -> str | None:
    """Tell what words name: a "device", a "place" or a "kind"; None where they name nothing."""
    if words.lower() in _ALL:
        return "kind"
    if words.split(maxsplit=1)[0].lower() in _DETERMINERS:
        return None  # articles are taken in later
    known = _index(household).get(_key(words))
    if known is None and kind_of(words) is not None and core(words) == words.lower():
        return "kind"
    return known


def _mention(text: str, start: int, end: int, kind: str) -> Mention:
    words = text[start:end]
    return Mention(
        start=start,
        end=end,
        text=words,
        place=words if kind == "place" else None,
        kind=words if kind == "kind" else None,
        named=kind == "device",
    )


def _merged(found: list[Mention], text: str) -> list[Mention]:
    """Join a kind with its place: "kitchen" "lights", "the lights" "in the kitchen", "everything" "upstairs"."""
    merged: list[Mention] = []
    for each in found:
        last = merged[-1] if merged else None
        between = text[last.end : each.start] if last is not None else ""
        if last is not None and _INSIDE.fullmatch(between):
            ours, theirs = (last.place, last.kind or last.named), (each.place, each.kind or each.named)
            close = not between.strip()
            if (ours[0] and not ours[1] and theirs[1] and not theirs[0] and close) or (
                ours[1] and not ours[0] and theirs[0] and not theirs[1]
            ):
                merged[-1] = replace(
                    last,
                    end=each.end,
                    text=text[last.start : each.end],
                    place=last.place or each.place,
                    kind=last.kind or each.kind,
                    named=last.named or each.named,
                )
                continue
        merged.append(each)
    return merged


def _with_determiners(found: list[Mention], text: str, tokens: list[re.Match[str]]) -> list[Mention]:
    """Take in the articles and quantifiers in front: "all the lights"."""
    order = {token.start(): at for at, token in enumerate(tokens)}
    widened = []
    for each in found:
        at = order[each.start]
        while (
            at > 0
            and tokens[at - 1][0].lower() in _DETERMINERS
            and not text[tokens[at - 1].end() : tokens[at].start()].strip()
        ):
            at -= 1
        start = tokens[at].start()
        widened.append(replace(each, start=start, text=text[start : each.end]))
    return widened


def expand(text: str, household: Household) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return one request for each thing of a list, and the things; only the request itself where nothing is listed.

    A kind said once holds for the whole list: "the kitchen and bedroom blinds", "the blinds in the study and the hall".
    """
    mentions = find_mentions(text, household)
    best: list[Mention] = []
    run: list[Mention] = []
    for each in mentions:
        if run and _LISTED.fullmatch(text[run[-1].end : each.start]):
            run.append(each)
        else:
            run = [each]
        if len(run) > max(1, len(best)):
            best = list(run)
    if len(best) < 2:
        return (text,), ()
    front, back = text[: best[0].start], text[best[-1].end :]
    kinds = [each.kind for each in best if each.kind]
    things = tuple(whole_of(each, kinds[0 if at else -1] if kinds else None) for at, each in enumerate(best))
    return tuple(f"{front}{thing}{back}" for thing in things), things


def whole_of(each: Mention, kind: str | None) -> str:
    """Return the words of a mention; a bare place gets the kind of device that was said of another place."""
    said = re.sub(r"^both (?:of )?", "", each.text, flags=re.IGNORECASE)
    if each.place and not each.kind and not each.named and kind and kind.lower() not in _ALL:
        return f"the {each.place} {kind}"
    return said
