"""List offers, and switch them on or off, outside a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from uptake import config as configuration
from uptake.assistant.memory import Memory
from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.catalogue import capabilities, open_proposer, open_proposers
from uptake.errors import ArtifactRefused, NotReady
from uptake.proactive.offers.artifact import EVERYBODY, OfferAnswers
from uptake.proactive.offers.offer import Offer, kind_of
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Standing, Tally
from uptake.store.store import ArtifactStore

__all__ = ["Row", "SuggestionBook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Offer as shown to a person."""

    offer_id: str
    """Its identifier."""
    kind: str
    """Its kind."""
    meaning: str
    """What it is about."""
    because: str
    """What speaks for it."""
    welcome: float
    """P(accept), in [0, 1]."""
    anyway: float
    """Chance, in [0, 1], that the person does it anyway."""
    verdict: str
    """Whether it is made, and why not."""
    answers: Tally
    """How it was answered, by the person or by everybody."""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self) | {"welcome": round(self.welcome, 4), "anyway": round(self.anyway, 4)}

    def account(self) -> Iterator[tuple[str, str]]:
        """Tell (label, text) of all that is known of it."""
        yield "offer", self.meaning
        yield "because", self.because
        yield "welcome", f"{self.welcome:.0%} likely to be accepted; {self.anyway:.0%} do it anyway"
        said = self.answers
        yield "answers", f"{said.accepted} yes, {said.declined} no, {said.ignored} ignored, {said.anyway} asked anyway"
        yield "verdict", self.verdict


class SuggestionBook:
    """Offers of a state directory.

    Args:
        directory: The state directory.
        config: Result of `uptake.config.read`.
        store: Store of the published artifacts.
    """

    def __init__(self, directory: Path, config: Mapping[str, Mapping[str, Any]], store: ArtifactStore) -> None:
        self._memory, self._store = Memory(directory / "memory.sqlite"), store
        self._known: dict[tuple[str, str, str], dict[str, Offer]] = {}
        self.policy: OfferPolicy = configuration.build(OfferPolicy, "proactive", config)

    @staticmethod
    def kinds() -> list[str]:
        """Return the kinds of offers that can be switched, and "all"."""
        return ["all", *(one.name for one in capabilities() if one.proposes is not None)]

    def standing(self, user_id: str) -> Standing:
        """Return where a person stands with offers."""
        return standing_of(self._memory, user_id)

    def switch(self, user_id: str, kind: str, *, on: bool) -> Standing:
        """Switch a kind of offers, or "all", on or off for a person."""
        standing = self.standing(user_id).switched(kind, on=on)
        keep_standing(self._memory, user_id, standing)
        return standing

    def stop(self, user_id: str, offer_id: str) -> None:
        """Let a person hear one offer never again."""
        keep_standing(self._memory, user_id, self.standing(user_id).stopped(offer_id))

    def rows(self, user_id: str | None) -> Iterator[Row]:
        """Yield every offer that was learned, as it stands for a person; for everybody where None."""
        standing = Standing(on=("all",)) if user_id is None else self.standing(user_id)
        answers = self._answers()
        for offer in self.offers(user_id):
            yield self._row(offer, user_id or EVERYBODY, standing, answers)

    def offers(self, user_id: str | None) -> Iterator[Offer]:
        """Yield every offer that could be made to a person; what everybody shares where None."""
        for served in open_proposers(self._store):
            proposer = served.current()
            if proposer is not None:
                yield from proposer.offers(user_id)

    def offer_at(self, user_id: str, offer_id: str, at: datetime) -> Offer | None:
        """Return an offer as it was proposed to a person at a moment; None where what proposed it then is gone."""
        version = self._version_at(kind_of(offer_id), at)
        if version is None:
            return None
        key = (kind_of(offer_id), version, user_id)
        if key not in self._known:
            proposer = open_proposer(self._store, *key[:2])
            self._known[key] = {one.offer_id: one for one in proposer.offers(user_id)}
        return self._known[key].get(offer_id)

    def _version_at(self, name: str, at: datetime) -> str | None:
        kind = next((one.kind for one in capabilities() if one.name == name and one.proposes is not None), None)
        if kind is None:
            return None
        served = [move.version for move in self._store.history(kind) if move.at <= at]
        return served[-1] if served and served[-1] in self._store.versions(kind) else None

    def _row(self, offer: Offer, user_id: str, standing: Standing, answers: OfferAnswers) -> Row:
        belief = self.policy.belief(offer, user_id, standing, answers)
        refused = self.policy.refuses(offer, belief, standing)
        learned = answers.find(user_id, offer.offer_id).tally
        return Row(
            offer_id=offer.offer_id,
            kind=offer.kind,
            meaning=offer.meaning,
            because=offer.because,
            welcome=belief.mean,
            anyway=belief.anyway,
            verdict=refused or self.policy.verdict(belief),
            answers=learned.most(standing.tally(offer.offer_id)),
        )

    def _answers(self) -> OfferAnswers:
        try:
            return self._store.load(OfferAnswers)
        except (NotReady, ArtifactRefused):
            return OfferAnswers()
