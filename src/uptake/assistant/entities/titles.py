"""Find the title or name in "play …", and its kind.

The same words may be a film and an audiobook: with a screen the film comes first, without one audio comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from uptake.assistant.entities.catalogue import Catalogue, ItemMatch
from uptake.assistant.entities.matching import core
from uptake.assistant.entities.players import WATCHED
from uptake.types import Habit, Interpretation, ResolvedEntity

__all__ = ["PLAY", "Titles", "class_called", "find_titles", "tasteful", "words_for"]

PLAY = "HassMediaSearchAndPlay"
"""The intent that plays something by name."""

_ACCEPT = 0.80  # least score of a title that replaces what was said; any other words may be a title nobody listed
_NEAR = 0.10  # titles this close to the best are readings of their own
_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "track": frozenset({"song"}),
        "music": frozenset({"song", "artist", "album", "genre", "station"}),
        "movie": frozenset({"film"}),
        "video": frozenset({"film", "series"}),
        "tv_show": frozenset({"series"}),
        "radio": frozenset({"station"}),
        "channel": frozenset({"station"}),
        "audiobook": frozenset({"audiobook"}),
        "artist": frozenset({"artist"}),
        "album": frozenset({"album"}),
        "genre": frozenset({"genre"}),
        "podcast": frozenset({"podcast"}),
    }
)
_SAID = {
    **dict.fromkeys(("song", "track"), "track"),
    **dict.fromkeys(("film", "movie"), "movie"),
    **dict.fromkeys(("audiobook", "audio book", "book"), "audiobook"),
    **dict.fromkeys(("series", "show", "tv show", "tv series"), "tv_show"),
    **dict.fromkeys(("radio", "station", "radio station"), "radio"),
    "album": "album",
    "artist": "artist",
    "podcast": "podcast",
}
_FROM = ("search_query", "artist", "album", "genre")
_SOME = r"(?:some |any |a few )?(?:s|songs?|tracks?|tunes?|music|stuff|something|anything)"
_SONGS = re.compile(rf"^{_SOME}(?: by)?$")
_SONGS_BY = re.compile(rf"^{_SOME} by (?P<who>.+)$")
_VAGUE = frozenset(
    "|music|songs|tunes|something|anything|something nice|some music|a song|my music|song|audio|sound|media".split("|")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """Interpretations of a request to play something."""

    readings: tuple[Interpretation, ...]
    """At least one, best first."""
    entity: ResolvedEntity | None = None
    """Thing that the title stands for in the first of them."""


def find_titles(reading: Interpretation, catalogue: Catalogue, *, has_screen: bool | None) -> Titles:
    """Find the titles that may be meant.

    Args:
        reading: A reading with the intent `PLAY`.
        catalogue: What there is.
        has_screen: Whether the device that is to play has a screen; None where unknown.
    """
    reading = _by_whom(reading)
    slots = dict(reversed(reading.slots))
    source = next((slot for slot in _FROM if core(slots.get(slot, ""))), None)
    if source is None or core(slots[source]) in _VAGUE:
        return Titles(readings=(reading,))
    said, wanted = _hinted(slots[source], slots.get("media_class") or (source if source != "search_query" else None))
    by = slots.get("artist") if source != "artist" else None
    items = catalogue.find(said, kinds=_KINDS.get(wanted or ""), by=by)
    if wanted is not None and not _good(items):
        items = catalogue.find(slots[source], kinds=_KINDS.get(slots.get("media_class", "")), by=by)
    ranked = sorted(_good(items), key=lambda each: (-round(each.score, 1), _awkward(each, has_screen)))
    if not ranked:
        return Titles(readings=(_as_said(reading, source, wanted),))
    chosen = [each for each in ranked if ranked[0].score - each.score <= _NEAR]
    return Titles(
        readings=tuple(_with_title(reading, each, source) for each in chosen),
        entity=ResolvedEntity(
            slot="search_query",
            value=ranked[0].item.name,
            score=ranked[0].score,
            candidates=tuple((f"{each.item.name} ({each.item.kind})", each.score) for each in items),
        ),
    )


def _by_whom(reading: Interpretation) -> Interpretation:
    """Return the artist and no title where songs by somebody were wanted, however a reader split the words."""
    slots = dict(reversed(reading.slots))
    query = slots.get("search_query", "").casefold().strip()
    match = _SONGS_BY.match(query)
    who = match["who"] if match else slots.get("artist") if _SONGS.match(query) else None
    if not who:
        return reading
    rest = tuple(pair for pair in reading.slots if pair[0] not in ("search_query", "artist", "media_class"))
    return replace(reading, slots=(("artist", who), *rest))


def words_for(media_class: str) -> tuple[str, ...]:
    """Return the words that people use for a media class, the usual word first.

    >>> words_for("movie")
    ('film', 'movie')
    """
    return tuple(word for word, meant in _SAID.items() if meant == media_class)


def class_called(words: str) -> str | None:
    """Return the media class of this name; None where the words are something else."""
    return _SAID.get(core(words))


def tasteful(reading: Interpretation, catalogue: Catalogue, habits: tuple[Habit, ...]) -> tuple[Interpretation, ...]:
    """Return readings of "play music" for a person with habits: the genres they play most."""
    said = next((value for slot, value in reading.slots if slot == "search_query"), "")
    if (
        reading.intent != PLAY
        or core(said) not in _VAGUE
        or any(slot in ("artist", "album") for slot, _ in reading.slots)
    ):
        return ()
    rest = tuple(pair for pair in reading.slots if pair[0] not in ("search_query", "media_class"))
    return tuple(
        replace(reading, slots=(("search_query", genre), ("media_class", "genre"), *rest))
        for genre, share in catalogue.tastes(habits)[:2]
        if share >= 0.2
    )


def _hinted(said: str, wanted: str | None) -> tuple[str, str | None]:
    """Return the title without "the movie" in front or "music" behind, and the class they say."""
    text = core(said)
    for words, media_class in _SAID.items():
        for left, right in (("", f" {words}"), (f"{words} ", "")):
            if text.startswith(left) and text.endswith(right) and len(text) > len(left) + len(right):
                inner = text[len(left) : len(text) - len(right)]
                return core(inner), wanted or media_class
    for ending in (" music", " songs"):
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending), wanted or "music"
    return said, wanted


def _good(found: tuple[ItemMatch, ...]) -> list[ItemMatch]:
    return [each for each in found if each.score >= _ACCEPT]


def _awkward(found: ItemMatch, has_screen: bool | None) -> bool:
    """Tell whether the device does not suit the item."""
    return has_screen is not None and (found.item.media_class in WATCHED) != has_screen


def _with_title(reading: Interpretation, found: ItemMatch, source: str) -> Interpretation:
    own = ("search_query", "media_class", source)
    rest = tuple(pair for pair in reading.slots if pair[0] not in own)
    return replace(reading, slots=(("search_query", found.item.name), ("media_class", found.item.media_class), *rest))


def _as_said(reading: Interpretation, source: str, wanted: str | None) -> Interpretation:
    """Return the words as they were said, where no title is near, in the slot that is searched."""
    slots = reading.slots
    if not any(slot == "search_query" for slot, _ in slots):
        slots = (*slots, ("search_query", next(value for slot, value in slots if slot == source)))
    if wanted is not None and not any(slot == "media_class" for slot, _ in slots):
        slots = (*slots, ("media_class", wanted))
    return replace(reading, slots=slots)
