"""Make a book of hearings: synthesise speech, add a room, transcribe, store.

The work is a fixed list of jobs (a sentence and a voice each, heard near and far), goal by goal, and again with other
voices. Every hearing has a random seed of its own, drawn from its sentence and voice, so that interruptions do not
change the book. Results are appended to a file; `bound` makes a book of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from uptake.errors import BadRecord, NotReady
from uptake.lab.simulate.hearing.book import Hearing, from_row, row, save
from uptake.lab.simulate.hearing.recogniser import MODEL, Whisper, loops
from uptake.lab.simulate.hearing.rooms import draw, through
from uptake.lab.simulate.hearing.sentences import SEED, phrases
from uptake.lab.simulate.hearing.voices import VOICES, speak

__all__ = ["SENTENCES", "Job", "bound", "done", "hear", "jobs"]

SENTENCES = 1_000
"""Fewest sentences of a book that ships."""

_READERS = ("piper-joe", "piper-joe-high", "piper-joe-low")  # one reading, three voices
_ROBOTS = ("flite-rms", "espeak-gb-f4")
_FIT = tuple(sorted(name for name, one in VOICES.items() if one.part == "fit"))
_SWEEPS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """Sentence with a voice."""

    said: str
    """The sentence."""
    voice: str
    """The voice: a key of `VOICES`."""


def jobs(sentences: int = SENTENCES) -> Iterator[Job]:
    """List all jobs in order, wish by wish; each sentence has an order of voices of its own.

    The first sweep gives every sentence three voices that judge, and those of every second wish one to fit on; later
    sweeps bring the others.
    """
    wishes = phrases(sentences)
    given: set[Job] = set()
    for sweep in range(_SWEEPS):
        for at, wish in enumerate(wishes):
            for text in wish.texts:
                for job in _of_sweep(text, sweep, fit=sweep > 0 or at % 2 == 0):
                    if job not in given:
                        given.add(job)
                        yield job


def _of_sweep(text: str, sweep: int, *, fit: bool) -> list[Job]:
    readers, robots, others = (_order(names, text) for names in (_READERS, _ROBOTS, _FIT))
    voices = [*(readers[:2] if sweep == 0 else readers[2:]), *robots[sweep : sweep + 1]]
    return [Job(text, voice) for voice in [*voices, *(others[sweep : sweep + 1] if fit else ())]]


def _order(names: tuple[str, ...], text: str) -> list[str]:
    return sorted(names, key=lambda name: _chance(f"{text}/{name}"))


def hear(path: Path, *, sentences: int = SENTENCES, most: int | None = None, tell: Callable[[int], None]) -> int:
    """Do the jobs that a file of hearings lacks; return the number of hearings in it.

    Args:
        path: The file: JSON lines, appended to.
        sentences: Fewest sentences.
        most: Hearings after which to stop; None for all.
        tell: Told how many there are, after every job.

    Raises:
        MissingExtra: A package is not installed.
        NotReady: A program is not installed.
        BadRecord: The file holds something else.
    """
    known = {(one.said, one.voice) for one in done(path)}
    count = 2 * len(known)
    recogniser = Whisper()
    with path.open("a", encoding="utf-8") as file:
        for job in jobs(sentences):
            if most is not None and count >= most:
                break
            if (job.said, job.voice) in known:
                continue
            both = [_heard(job, far, recogniser) for far in (False, True)]
            file.write("".join(json.dumps(row(one)) + "\n" for one in both))
            file.flush()
            count += 2
            tell(count)
    return count


def done(path: Path) -> list[Hearing]:
    """Read the hearings of a file; a job that was cut short is cut off it.

    Raises:
        BadRecord: The file holds something else.
    """
    if not path.exists():
        return []
    content = path.read_text(encoding="utf-8")
    lines = content.splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")]
    whole = whole[: len(whole) // 2 * 2]
    try:
        found = [from_row(json.loads(line)) for line in whole]
    except (ValueError, TypeError) as error:
        raise BadRecord("is not a file of hearings; name another", file=str(path)) from error
    if len(whole) < len(lines):
        path.write_text("".join(whole), encoding="utf-8")
    return found


def bound(source: Path, target: Path, *, sentences: int = SENTENCES) -> dict[str, Any]:
    """Make a book of a file of hearings; return its provenance.

    Wishes of which not every wording was heard from a voice that judges are left out.

    Raises:
        NotReady: There are too few hearings for a single wish.
    """
    found = done(source)
    judged = {one.said for one in found if one.part == "judge"}
    whole = [one for one in phrases(sentences) if judged.issuperset(one.texts)]
    if not whole:
        raise NotReady("too few hearings for a book; let uptake simulate hear go on")
    texts = {text for one in whole for text in one.texts}
    kept = [_without_loops(one) for one in found if one.said in texts]
    kept.sort(key=lambda one: (one.said, one.voice, one.far))
    provenance = {
        "recogniser": MODEL,
        "command": f"uptake simulate hear --sentences {sentences}",
        "sentences": len(texts),
        "hearings": len(kept),
        "voices": sorted({one.voice for one in kept}),
        "seed": SEED,
    }
    save(target, whole, kept, provenance)
    return provenance


def _without_loops(one: Hearing) -> Hearing:
    return replace(one, heard=tuple(entry for entry in one.heard if not loops(entry.text)))


def _heard(job: Job, far: bool, recogniser: Whisper) -> Hearing:
    rng = np.random.default_rng(xxhash.xxh64_intdigest(f"{job.said}/{job.voice}/{far}".encode()))
    room = draw(far, rng)
    audio = through(speak(job.said, job.voice), room, rng)
    return Hearing(said=job.said, voice=job.voice, far=far, snr_db=room.snr_db, heard=recogniser.hear(audio))


def _chance(key: str) -> int:
    return xxhash.xxh64_intdigest(f"{SEED}/{key}".encode())
