"""Catalogue of titles and names: songs, artists, films, audiobooks, genres, podcasts, stations, series.

The shipped catalogue holds a few hundred well-known ones, compiled for this project, so that the same words can be a
film here and an audiobook there. A person's own file has the same columns, separated by tabs: kind, name, by, genres,
aliases (the last two with semicolons between).

Limit: no catalogue is complete; an unknown title is passed on as it was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from uptake.assistant.entities.matching import Names, core
from uptake.config import nearest
from uptake.errors import BadRecord
from uptake.types import Habit

__all__ = ["MEDIA_CLASSES", "Catalogue", "Item", "ItemMatch"]

MEDIA_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "song": "track",
        "artist": "artist",
        "album": "album",
        "film": "movie",
        "audiobook": "audiobook",
        "genre": "genre",
        "podcast": "podcast",
        "station": "radio",
        "series": "tv_show",
    }
)
"""Home Assistant's media class (or one in its style) of each kind of item."""

_COLUMNS = ["kind", "name", "by", "genres", "aliases"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Item that can be requested by name."""

    kind: str
    """song, artist, album, film, audiobook, genre, podcast, station or series."""
    name: str
    """Its title or name."""
    by: str | None = None
    """Artist or author."""
    genres: tuple[str, ...] = ()
    """Genres it belongs to."""
    aliases: tuple[str, ...] = ()
    """Other names."""

    @property
    def media_class(self) -> str:
        """Its media class, for example "movie"."""
        return MEDIA_CLASSES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMatch:
    """Item that may be meant."""

    item: Item
    """The item."""
    score: float
    """Score of the match, in [0, 1] (see `matching`)."""


class Catalogue:
    """Searchable catalogue of items.

    >>> catalogue = Catalogue.shipped()
    >>> sorted(found.item.kind for found in catalogue.find("hunger games"))
    ['audiobook', 'film']
    >>> [(found.item.name, found.item.by) for found in catalogue.find("borne to run", limit=1)]
    [('Born to Run', 'Bruce Springsteen')]
    """

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = tuple(items)

    @cached_property
    def _names(self) -> Names:
        return Names((str(at), (item.name, *item.aliases)) for at, item in enumerate(self.items))

    @classmethod
    def shipped(cls) -> Catalogue:
        """Load the catalogue that ships with the package."""
        text = files("uptake.assistant.entities").joinpath("catalogue.tsv").read_text(encoding="utf-8")
        return cls(_read(text, "catalogue.tsv"))

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read a catalogue of one's own.

        Raises:
            BadRecord: The file cannot be read, or a line is wrong.
        """
        try:
            return cls(_read(path.read_text(encoding="utf-8"), str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise BadRecord(
                f"cannot be read ({type(error).__name__}); expected tab-separated text", file=str(path)
            ) from error

    def __add__(self, other: Catalogue) -> Catalogue:
        """Join both catalogues; an item that both hold counts once."""
        return Catalogue(dict.fromkeys((*self.items, *other.items)))

    def find(
        self, said: str, *, kinds: Iterable[str] | None = None, by: str | None = None, limit: int = 6
    ) -> tuple[ItemMatch, ...]:
        """Find items that may be meant, best first.

        Args:
            said: Title or name, perhaps "thriller by michael jackson".
            kinds: Kinds that count; None for all.
            by: Who made it, where that was said.
            limit: Most items.
        """
        wanted = None if kinds is None else frozenset(kinds)
        title, _, maker = core(said).rpartition(" by ")
        if by is None and title and (of_maker := self._find(title, wanted, maker, limit)):
            return of_maker
        return self._find(said, wanted, by, limit)

    def _find(self, said: str, kinds: frozenset[str] | None, by: str | None, limit: int) -> tuple[ItemMatch, ...]:
        makers = None if by is None else self._makers(by)

        def counts(key: str) -> bool:
            item = self.items[int(key)]
            return (kinds is None or item.kind in kinds) and (makers is None or item.by in makers)

        return tuple(
            ItemMatch(item=self.items[int(match.key)], score=match.score)
            for match in self._names.match(said, limit=limit, among=counts)
        )

    @cached_property
    def _maker_names(self) -> Names:
        return Names((maker, (maker,)) for maker in dict.fromkeys(item.by for item in self.items if item.by))

    def _makers(self, said: str) -> frozenset[str]:
        """Find makers that may be meant, by name."""
        artists = [found.item.name for found in self._find(said, frozenset({"artist"}), None, 3) if found.score > 0.8]
        return frozenset(artists) | {match.key for match in self._maker_names.match(said, limit=3) if match.score > 0.8}

    def tastes(self, habits: Iterable[Habit]) -> tuple[tuple[str, float], ...]:
        """Return genres that a person has played, with their share of what was recognised, the most frequent first."""
        heard: Counter[str] = Counter()
        for habit in habits:
            heard.update(self._genres(habit))
        total = sum(heard.values())
        return tuple(
            (genre, count / total) for genre, count in sorted(heard.items(), key=lambda pair: (-pair[1], pair[0]))
        )

    def _genres(self, habit: Habit) -> tuple[str, ...]:
        words = core(habit.request).split()
        if not words or words[0] not in ("play", "put", "start", "listen"):
            return ()
        wanted = " ".join(word for word in words[1:] if word not in ("some", "on", "to", "music", "me", "songs"))
        matches = self._names.match(wanted, limit=1)
        if not matches or matches[0].score < 0.8:
            return ()
        item = self.items[int(matches[0].key)]
        return (item.name,) if item.kind == "genre" else item.genres[:1] if item.kind in _MUSICAL else ()


_MUSICAL = frozenset({"song", "artist", "album", "station"})


def _read(text: str, file: str) -> list[Item]:
    lines = text.splitlines()
    if not lines or lines[0].rstrip().split("\t") != _COLUMNS:
        raise BadRecord(f"the first line must name the columns {', '.join(_COLUMNS)}, tabs between", file=file, line=1)
    return [
        _item(line, file, number) for number, line in enumerate(lines[1:], start=2) if line.strip() and line[0] != "#"
    ]


def _item(line: str, file: str, number: int) -> Item:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) > len(_COLUMNS):
        raise BadRecord(f"has {len(cells)} columns, expected at most {len(_COLUMNS)}", file=file, line=number)
    kind, name, by, genres, aliases = (*cells, *[""] * (len(_COLUMNS) - len(cells)))
    if kind not in MEDIA_CLASSES:
        offer = nearest(kind, MEDIA_CLASSES)
        raise BadRecord(f"expected one of {', '.join(MEDIA_CLASSES)}{offer}", file=file, line=number, field="kind")
    if not core(name):
        raise BadRecord("must not be empty", file=file, line=number, field="name")
    return Item(kind=kind, name=name, by=by or None, genres=_several(genres), aliases=_several(aliases))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
