"""Define the components of an assistant, and the interfaces by which the loop uses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from uptake.assistant.asking.feedback import AskPolicy
from uptake.assistant.dialogue import Conversation, Pending
from uptake.assistant.entities import Resolver
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device, Home
from uptake.assistant.home.watch import Watch
from uptake.assistant.hypotheses import Reader
from uptake.assistant.memory import Memory
from uptake.assistant.readers import Understanding
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.record.trace import Trace
from uptake.assistant.skills import Skills
from uptake.proactive.offers.offer import Occasion, Offer
from uptake.rewriting.pipeline import Pipeline
from uptake.types import Interpretation, Offered, Situation
from uptake.understanding.situation.step import ContextRanker

if TYPE_CHECKING:
    from uptake.assistant.asking.explore import Exploration

__all__ = ["Assigned", "Assigns", "Components", "KeepsReadings", "Moments", "Speaks", "Suggestion", "Suggests"]

R = TypeVar("R")


class Assigned(Protocol):
    """Arm of an experiment that a person is in."""

    @property
    def arm(self) -> str:
        """Name of the arm."""

    @property
    def propensity(self) -> float:
        """Probability, in (0, 1], of that arm."""

    @property
    def rewrites(self) -> bool:
        """Whether rewrites are acted on in it."""

    @property
    def offers(self) -> bool:
        """Whether offers are made in it."""


class Assigns(Protocol):
    """Source of the experiment's arm, as the loop sees it (`uptake.experiments.registry.Serving`)."""

    def assign(self, user_id: str) -> Assigned | None:
        """Return the arm of a person, the same for as long as an experiment runs; None where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Offer that is made with an answer, or withheld."""

    offered: Offered
    """What goes on record."""
    speech: str = ""
    """What to say after the answer; "" where it is withheld."""
    pending: Pending | None = None
    """The question that is open then; None where nothing is asked."""


class Suggests(Protocol):
    """Source of offers, as the loop sees it (`uptake.assistant.suggesting`)."""

    def hear(self, turn: Any, text: str, components: Components, *, timeout_s: float) -> Any:
        """Do what a request has to do with offers: from `Incoming` to `TeachingTurn`, which both stand on this file."""

    def offers(self, occasion: Occasion) -> tuple[Offer, ...]:
        """Return all that is proposed on an occasion, said or not."""

    def propose(
        self, occasion: Occasion, conversation: Conversation, components: Components, trace: Trace
    ) -> Suggestion | None:
        """Return the offer to make after a goal that went well; None for silence."""


class Moments(Protocol):
    """Detector of moments to teach in a finished turn (`uptake.assistant.teaching.by_hand`)."""

    def propose(
        self, turn: Any, done: Interpretation, targets: Sequence[Device], household: Household
    ) -> tuple[str, Pending] | None:
        """Return what to offer to learn with the answer to a turn, an `Incoming`; None for silence."""


class Speaks(Protocol):
    """Speaker of another language than English (`uptake.assistant.languages.speaker`)."""

    def reaction(self, text: str, *, asked: bool) -> str | None:
        """Return the English words of a reaction such as "ja"; None for a request."""

    def say(self, asked: Any) -> str:
        """Return what is said instead of an English answer: from `Asked`, which stands on this file."""

    def announce(self, speech: str) -> str:
        """Return what is said instead of an English announcement."""

    def phrase(self, name: str) -> str | None:
        """Return one of the assistant's own sentences; None where the language has none."""


class KeepsReadings(Protocol):
    """Keeper of what texts were read as, for a home that stands still (`uptake.lab.simulate`)."""

    def reading(self, text: str, situation: Situation, make: Callable[[], R]) -> R:
        """Return the `Readings` of a text in a situation, made where they are not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Components that the stages of the loop work with."""

    home: Home
    """The devices that can be acted on."""
    memory: Memory
    """Keeps values between requests."""
    skills: Skills
    """Do what can be asked."""
    understanding: Understanding
    """The readers."""
    resolver: Resolver
    """Ties slots to what exists."""
    recorder: Recorder
    """The log, the traces, the conversation."""
    pipeline: Pipeline | None = None
    """Decides about rewriting; None where nothing was learned."""
    ranker: ContextRanker | None = None
    """Ranks readings by the situation; None to leave their order alone."""
    asks: AskPolicy | None = None
    """When to ask "did I get that right?"; None never to."""
    llm: Reader | None = None
    """Language model that is asked, once a turn, where nobody else is sure; None for none."""
    explores: Exploration | None = None
    """Leaves some choices to chance, to learn from them; None for none."""
    suggests: Suggests | None = None
    """Makes offers; None for silence."""
    moments: Moments | None = None
    """Finds moments to teach; None for silence."""
    watch: Watch | None = None
    """Notes what the devices of the home do; None to note nothing."""
    speaks: Speaks | None = None
    """Speaks another language than English; None for English."""
    experiment: Assigns | None = None
    """Experiment that decides who gets rewrites; None where everybody does."""
    keeps: KeepsReadings | None = None
    """Keeps what texts were read as; None to read each anew, as every real home does."""
