"""Answers to offers: how often each was accepted, declined, ignored, or only preceded what people do anyway."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from uptake.proactive.offers.standing import Tally

__all__ = ["EVERYBODY", "Answered", "OfferAnswers"]

EVERYBODY = ""
"""User of the counts that enough people share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Counts of the answers to one offer, by one person or by everybody."""

    user_id: str
    """The person; `EVERYBODY` for what enough homes share."""
    offer_id: str
    """Which offer."""
    tally: Tally
    """Counts of the answers where it was made."""
    withheld: int = 0
    """Times chance withheld it."""
    came_anyway: int = 0
    """Of these, times the person then asked for it unprompted."""

    @property
    def key(self) -> str:
        """Identifier of the offer."""
        return self.offer_id


_NOTHING = Answered(user_id=EVERYBODY, offer_id="", tally=Tally())


@dataclass(frozen=True)
class OfferAnswers:
    """Counts of the answers to offers, by person and offer.

    >>> seen = Answered(user_id="ann", offer_id="routines:tea", tally=Tally(accepted=2))
    >>> OfferAnswers.of([seen]).find("ann", "routines:tea").tally.accepted
    2
    """

    kind: ClassVar[str] = "offer_answers"
    schema_version: ClassVar[int] = 1

    known: Mapping[tuple[str, str], Answered] = field(default_factory=dict)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, rows: Iterable[Answered]) -> OfferAnswers:
        """Index rows by person and offer, in order."""
        found = {(row.user_id, row.offer_id): row for row in rows}
        return cls({key: found[key] for key in sorted(found)})

    def __len__(self) -> int:
        return len(self.known)

    def rows(self) -> Iterator[Answered]:
        """Return every row."""
        return iter(self.known.values())

    def find(self, user_id: str, offer_id: str) -> Answered:
        """Return the counts of a person for an offer, or with `EVERYBODY` those of all; zeros if unknown."""
        return self.known.get((user_id, offer_id), _NOTHING)

    def save(self, directory: Path) -> None:
        """Write `offer_answers.json`."""
        rows = [{name: value for name, value in asdict(row).items() if value} for row in self.rows()]
        written = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        (directory / "offer_answers.json").write_text(written, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> OfferAnswers:
        """Read what `save` wrote."""
        rows: list[dict[str, Any]] = json.loads((directory / "offer_answers.json").read_text(encoding="utf-8"))
        return cls.of(Answered(**{"user_id": EVERYBODY, **row, "tally": Tally(**row.get("tally", {}))}) for row in rows)

    def without(self, user_id: str) -> OfferAnswers | None:
        """Return the artifact without a person; None if shared counts may include them: they are counted again."""
        if not any(row.user_id == user_id for row in self.rows()):
            return self
        return None
