"""Book of hearings: sentences with speaker and room, and the output of a real recogniser.

It holds texts and figures only, as gzipped JSON lines: a head with the provenance, one line per goal (its values and
its wordings), one line per hearing. The part of a voice restricts its use: see `uptake.lab.simulate.hearing.voices`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.simulate.hearing.voices import VOICES
from uptake.lab.simulate.people import Phrase
from uptake.types import Transcript

_PHRASE = 4  # fields of a wish; a hearing has five

__all__ = ["SHIPPED", "Book", "Hearing", "from_row", "load", "row", "save"]

SHIPPED = Path(__file__).parent / "book.jsonl.gz"
"""The book that ships."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Transcription of one spoken sentence."""

    said: str
    """The sentence, as written by `text.normalize`."""
    voice: str
    """Who said it: a key of `VOICES`."""
    far: bool
    """Whether the microphone was across the room."""
    snr_db: float
    """Level of the voice above the noise."""
    heard: tuple[Transcript, ...]
    """The recogniser's list, best first; empty where it heard nothing."""

    @property
    def part(self) -> str:
        """Part of the voice: "fit" or "judge"."""
        return VOICES[self.voice].part


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Hearings, with the goals that their sentences express."""

    provenance: Mapping[str, Any]
    """The recogniser, the command and the packages."""
    phrases: tuple[Phrase, ...]
    """Wishes that can be had: all their wordings were heard."""
    hearings: tuple[Hearing, ...]
    """All hearings."""


def row(one: Hearing) -> list[Any]:
    """Return a hearing as a JSON value."""
    return [one.said, one.voice, int(one.far), one.snr_db, [[each.text, each.score] for each in one.heard]]


def from_row(value: Sequence[Any]) -> Hearing:
    """Return the hearing of a JSON value."""
    said, voice, far, snr_db, heard = value
    lists = tuple(Transcript(text=text, score=score) for text, score in heard)
    if voice not in VOICES:
        raise ValueError("unknown voice")
    return Hearing(said=said, voice=voice, far=bool(far), snr_db=float(snr_db), heard=lists)


def save(path: Path, phrases: Iterable[Phrase], hearings: Iterable[Hearing], provenance: Mapping[str, Any]) -> None:
    """Write a book; equal books are equal files."""
    lines = [json.dumps({"book": 1, **provenance}, sort_keys=True)]
    lines += [json.dumps([one.wish, one.official, one.spoken, one.texts]) for one in phrases]
    lines += [json.dumps(row(one)) for one in hearings]
    content = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(content.encode(), 9, mtime=0))


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> Book:
    """Read a book.

    Raises:
        BadRecord: It is not there, or is no book.
    """
    phrases: list[Phrase] = []
    hearings: list[Hearing] = []
    try:
        head, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        provenance: dict[str, Any] = json.loads(head)
        if provenance.get("book") != 1:
            raise ValueError("not a book")
        for line in lines:
            value = json.loads(line)
            if len(value) == _PHRASE:
                wish, official, spoken, texts = value
                phrases.append(Phrase(wish, _pairs(official), _pairs(spoken), tuple(texts)))
            else:
                hearings.append(from_row(value))
    except (OSError, EOFError, ValueError, TypeError, AttributeError) as error:
        raise BadRecord("is not a book of hearings; make one with uptake simulate hear", file=str(path)) from error
    return Book(provenance=provenance, phrases=tuple(phrases), hearings=tuple(hearings))


def _pairs(value: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in value)
