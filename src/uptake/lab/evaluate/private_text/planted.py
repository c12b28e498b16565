"""Measure the recall of the anonymiser on identifiers that were planted in texts, or written there by people.

Carriers are requests of a crowd (HWU64) with a person, place, e-mail address or clock time marked by annotators. Each
is used as it was written (`person`, `place`, `email`, `time`), and with a replacement: a town of the world's (`town`),
an address, a telephone number in digits or as it is spoken, a made-up name (`made_up_name`). None of these lists is the
anonymiser's. Rules were made on one half of the texts, by a hash; the other half is the test set.

An identifier is found if none of its words of more than two letters is left; `words_kept` is the share of the public
words around it that stay. `patterns` is the baseline: the same rules with every word public.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import NotReady
from uptake.lab.corpora.crowd import is_judged
from uptake.lab.corpora.files import lines, record_files
from uptake.lab.evaluate.harness import bounded, mean
from uptake.privacy.anonymise import Anonymiser
from uptake.release.export import known_places, public_words

__all__ = ["Planted", "found", "planted", "recall"]

_KEY = b"evaluation, no secret"
_MARKED = {"person": "person", "place_name": "place", "email_address": "email", "time": "time"}
_CLOCK = re.compile(r"\b(?:am|pm|a\.m\.|p\.m\.|o'?clock|noon|midnight|half past|quarter (?:to|past)|\d{1,2}:\d\d)\b")
_DIGITS = "zero one two three four five six seven eight nine".split()
_ONSETS, _VOWELS = "b br d dr f g k kr l m n p r s sh t th v w z".split(), "a e i o u ae ia ou".split()
_CODAS = "l n r s m x ndt rsk".split()
_WORD = re.compile(r"[^\W_]{3,}")
_OF_TWO = re.compile(r"\d{2,}")
_TAG = re.compile(r"\b[a-z]+_[0-9a-f]{8}\b")
_WAYS = "street road avenue lane close square".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Text with an identifier in it."""

    kind: str
    before: str
    identifier: str
    after: str

    @property
    def text(self) -> str:
        """Whole text."""
        return f"{self.before}{self.identifier}{self.after}"


def recall(
    *, data: Path, seed: int = 0, judged: bool = True, tell: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Measure the recall of the anonymiser by kind of identifier, and what it leaves of the words around.

    Args:
        data: Root with the folders hwu64 and entity_catalogues.
        seed: Of what is planted.
        judged: Whether to use the half that rules were not made on.
        tell: Is told what is being done.
    """
    say = tell or (lambda _: None)
    cases = [case for case in planted(data, seed=seed) if is_judged(case.before + case.after) == judged]
    every = {word for case in cases for word in _WORD.findall(case.text.casefold())} | public_words()
    anonymisers = {
        "": Anonymiser(_KEY, vocabulary=public_words(), names=known_places()),
        "patterns_": Anonymiser(_KEY, vocabulary=every),
    }
    figures: dict[str, Any] = {"cases": len(cases)}
    for name, clean in anonymisers.items():
        say(f"anonymising {len(cases)} texts")
        by_kind: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
        kept: list[float] = []
        for case in cases:
            left = clean(case.text)
            by_kind[case.kind].append((case.before + case.after, found(case.identifier, left)))
            kept += _kept(case, left)
        for kind, rows in sorted(by_kind.items()):
            right = np.array([one for _, one in rows])
            if name:
                figures[f"{name}recall_{kind}"] = float(right.mean())
            else:
                figures |= bounded(f"recall_{kind}", mean(right), [text for text, _ in rows], seed=seed)
                figures[f"cases_{kind}"] = len(rows)
        figures[f"{name}words_kept"] = float(np.mean(kept)) if kept else float("nan")
    return figures


def found(identifier: str, text: str) -> bool:
    """Tell whether nothing of an identifier is left in a text."""
    said, left = identifier.casefold(), _TAG.sub(" ", text.casefold())
    return not any(set(each.findall(said)) & set(each.findall(left)) for each in (_WORD, _OF_TWO))


def _kept(case: Planted, left: str) -> list[float]:
    """1 for each public word around the identifier that is still there, else 0."""
    there = set(left.split())
    around = [word for word in f"{case.before} {case.after}".casefold().split() if word in public_words()]
    return [float(word in there) for word in around]


def planted(data: Path, *, seed: int = 0) -> Iterator[Planted]:
    """Yield texts with an identifier each: those that people wrote, and others planted in the same places.

    Raises:
        NotReady: There is no text with a marked person, place, address or time.
    """
    rng = np.random.default_rng(seed)
    towns = [town for town in _values(data / "entity_catalogues", "geonameid", "name") if town[:1].isalpha()]
    carriers = list(_carriers(data / "hwu64"))
    if not carriers or not towns:
        raise NotReady(f"{data}: needs marked texts in hwu64 and towns in entity_catalogues")
    made: Mapping[str, Sequence[Callable[[], tuple[str, str, str]]]] = {
        "person": (
            lambda: ("made_up_name", _name(rng), ""),
            lambda: ("phone", f"0{rng.integers(10**8, 10**9)}", ""),
            lambda: ("phone_spoken", " ".join(_DIGITS[one] for one in rng.integers(10, size=9)), ""),
        ),
        "place": (
            lambda: ("town", towns[rng.integers(len(towns))], ""),
            lambda: ("address", f"{rng.integers(10, 200)} {towns[rng.integers(len(towns))]}", f" {rng.choice(_WAYS)}"),
        ),
    }
    for case in carriers:
        yield case
        for make in made.get(case.kind, ()):
            kind, identifier, more = make()
            yield Planted(kind=kind, before=case.before, identifier=identifier, after=more + case.after)


def _carriers(folder: Path) -> Iterator[Planted]:
    for file in record_files(folder):
        for place in lines(file):
            text, marks = place.record.get("text"), place.record.get("entities") or []
            for kind, start, end in marks if isinstance(text, str) else ():
                said = str(text)[start:end]
                if kind in _MARKED and (kind != "time" or _CLOCK.search(said)):
                    yield Planted(kind=_MARKED[kind], before=str(text)[:start], identifier=said, after=str(text)[end:])


def _values(folder: Path, by: str, field: str) -> list[str]:
    """Values of a field of the records that have another."""
    return [str(place.record[field]) for file in record_files(folder) for place in lines(file) if by in place.record]


def _name(rng: np.random.Generator) -> str:
    """A name that nobody has, of two or three syllables."""
    parts = [str(rng.choice(_ONSETS)) + str(rng.choice(_VOWELS)) for _ in range(rng.integers(2, 4))]
    return "".join(parts) + str(rng.choice(_CODAS))
