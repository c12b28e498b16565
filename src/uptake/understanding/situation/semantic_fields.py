"""Fields of life: what words are about, so that a reading can be compared with a situation it was never seen in.

"Brighten the floor lamp" and `HassLightSet` share no word, but a field: light. `fields.toml` holds a few dozen
fields with their words, the same for names of intents, kinds of devices, rooms, places and hours.

Limit: English; a closed list. What it does not know shares no field with anything, and other evidence decides.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from uptake.errors import BadConfig
from uptake.text.lexicon import STOP_WORDS
from uptake.text.normalize import normalize

__all__ = ["Fields", "camel_words", "fields", "stem", "stems"]

SCHEMA_VERSION = 1
_TABLES = ("fields", "intents", "classes", "devices", "places", "rooms")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_CLOCK = re.compile(r"0?(\d{1,2}):(\d\d)")
_EMPTY = frozenset({"off", "on", "up", "down", "out"})  # particles: they say which way, not what


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Semantic fields that a word belongs to, by where the word stands."""

    tables: Mapping[str, Mapping[str, frozenset[str]]]
    """Table -> stem -> fields."""
    hours: tuple[frozenset[str], ...]
    """For each hour of the day, the fields people ask about."""

    def of(self, words: Iterable[str], table: str = "fields") -> frozenset[str]:
        """Return fields of stems."""
        known = self.tables[table]
        found: set[str] = set()
        for word in words:
            found |= known.get(word, frozenset())
        return frozenset(found)


@lru_cache(maxsize=1)
def fields() -> Fields:
    """Return the fields that come with the package."""
    text = (
        resources.files("uptake.understanding.situation").joinpath("semantic_fields.toml").read_text(encoding="utf-8")
    )
    content = tomllib.loads(text)
    if content.get("schema_version") != SCHEMA_VERSION:
        raise BadConfig(f"fields.toml has schema version {content.get('schema_version')}, expected {SCHEMA_VERSION}")
    by_word: dict[str, set[str]] = {}
    for field, words in content["fields"].items():
        for word in words.split():
            by_word.setdefault(stem(word), set()).add(field)
    tables = {"fields": {word: frozenset(found) for word, found in by_word.items()}}
    for name in _TABLES[1:]:
        tables[name] = {stem(word): frozenset(found.split()) for word, found in content[name].items()}
    hours: list[set[str]] = [set() for _ in range(24)]
    for span, found in content["hours"].items():
        start, end = map(int, span.split("-"))
        for hour in range(start, end if end > start else end + 24):
            hours[hour % 24] |= set(found.split())
    return Fields(tables=tables, hours=tuple(map(frozenset, hours)))


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """Return a word without its ending, so that its forms meet.

    >>> stem("lights") == stem("light"), stem("dimming") == stem("dim"), stem("closed") == stem("closes")
    (True, True, True)
    """
    word = word.lower().removesuffix("'s")
    if not word.isalpha() or len(word) < 4:
        return word
    for ending, least in (
        ("ingly", 9),
        ("ings", 7),
        ("ing", 6),
        ("edly", 8),
        ("ies", 5),
        ("ed", 5),
        ("es", 5),
        ("s", 4),
    ):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word.removesuffix(ending) + ("y" if ending == "ies" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


@lru_cache(maxsize=512)
def stems(text: str) -> frozenset[str]:
    """Return stems of the words of a text that say something; times of day also as their hour.

    >>> sorted(stems("Close the blinds at 05:00"))
    ['05:00', '5', 'blind', 'clos']
    """
    found: set[str] = set()
    for word in normalize(text).split():
        clock = _CLOCK.fullmatch(word)
        if clock:
            found.add(f"{int(clock[1])}:{clock[2]}" if clock[2] != "00" else clock[1].lstrip("0") or "0")
            found.add(word)
        elif word.removesuffix("'s") not in STOP_WORDS and word not in _EMPTY:
            found.add(stem(word.strip("-:.,/")))
    found.discard("")
    return frozenset(found)


@lru_cache(maxsize=4_096)
def camel_words(name: str) -> tuple[str, ...]:
    """Return words of a name in camel case, in lower case.

    >>> camel_words("HassMediaSearchAndPlay")
    ('hass', 'media', 'search', 'and', 'play')
    """
    return tuple(word.lower() for word in _CAMEL.findall(name))
