"""Titles and names that people ask for: songs, artists, films, audiobooks, genres, podcasts, stations, series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Catalogue", "Item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that can be asked for by name."""

    kind: str
    """song, artist, album, film, audiobook, genre, podcast, station or series."""
    name: str
    """Its title or name."""
    by: str | None = None
    """Who made it: the artist, the author."""
    genres: tuple[str, ...] = ()
    """Genres it belongs to."""
    aliases: tuple[str, ...] = ()
    """Other names."""


class Catalogue:
    """Items that can be found by name."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = tuple(items)

    @classmethod
    def shipped(cls) -> Catalogue:
        """The catalogue that comes with the package."""
        return cls()

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read a catalogue from a TSV file."""
        return cls()
