"""Data types that all packages share: plain and frozen.

`None` means "unknown" everywhere: never 0, "" or -1. Reading and writing these types is in `uptake.log.records`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, get_args

from uptake.errors import BadRecord

__all__ = [
    "Consequence",
    "Context",
    "Decision",
    "DeviceState",
    "Evidence",
    "Exchange",
    "Habit",
    "Interpretation",
    "Offered",
    "Request",
    "ResolvedEntity",
    "Session",
    "Situation",
    "Status",
    "Transcript",
    "Truth",
    "Turn",
]

Status = Literal["ok", "failed", "unsupported", "cancelled"]
"""How an action ended, as the assistant itself saw it. "unsupported" is an honest "I cannot"."""

_STATUSES = frozenset(get_args(Status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Alternative of a speech recogniser."""

    text: str
    """What the recogniser believes was said."""
    score: float | None = None
    """The recogniser's own score: larger is better; the scale is the recogniser's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """Meaning of a request: domain, intent and slots (an NLU hypothesis).

    >>> Interpretation(domain="music", intent="play", slots=(("artist", "queen"),)).key
    'music|play|artist=queen'
    """

    intent: str
    """Name of the intent, as the understanding component calls it."""
    domain: str | None = None
    """Name of the domain, where there is one."""
    slots: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs; a name may occur more than once."""
    confidence: float | None = None
    """Confidence of the understanding component, in [0, 1]."""

    @property
    def key(self) -> str:
        """Key of the meaning: equal for equal interpretations, in any order of the slots."""
        return f"{self.domain or ''}{self.meaning}"

    @property
    def meaning(self) -> str:
        """Key without the domain, which not every reader knows."""
        return "|".join(["", self.intent, *[f"{name}={value}" for name, value in sorted(self.slots)]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """Changes in the home that acting on an interpretation would bring, by a dry run."""

    intent: str
    """Name of the intent that would be done."""
    things: frozenset[str] = frozenset()
    """Identifiers of the devices that it would be done to; empty where it is about none."""
    values: tuple[tuple[str, str], ...] = ()
    """(slot, value) of all else that it needs, in order."""
    changes: bool = True
    """Whether it may change anything; False for a question."""
    irrevocable: bool = False
    """Whether it destroys, ends, unlocks, opens or spends something."""
    asks: bool = field(default=False, compare=False)
    """Whether the person would be asked first, as the reading is not sure enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedEntity:
    """Slot value resolved to an existing entity."""

    slot: str
    """Name of the slot that was resolved."""
    value: str
    """Identifier of the entity that was chosen."""
    score: float | None = None
    """Score of the choice: larger is better."""
    candidates: tuple[tuple[str, float], ...] = ()
    """(identifier, score) of the entities that were considered, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Place and time of a request. Everything may be unknown."""

    device_type: str | None = None
    """Kind of the device that heard the request, for example "speaker" or "phone"."""
    device_state: str | None = None
    """What the device was doing, for example "playing"."""
    room: str | None = None
    """Room in which the request was heard."""
    local_time: str | None = None
    """Wall-clock time at the home, "HH:MM"."""
    activity: str | None = None
    """What the user was doing, for example "cooking"."""
    place: str | None = None
    """Where the user was, as far as they let it be known: "home", or for example "office"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Recent turn, as context for the next one."""

    request: str
    """What the user said."""
    response: str | None = None
    """What the assistant answered."""
    interpretation: Interpretation | None = None
    """The reading that was acted on; None where nothing was understood or it is unknown."""
    entities: tuple[ResolvedEntity, ...] = ()
    """What the slots were resolved to."""
    action: str | None = None
    """How the assistant acted, in its own terms, as `Turn.action`."""
    alternatives: tuple[Transcript, ...] = ()
    """The recogniser's n-best list, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Earlier request of the same person that ended well."""

    request: str
    """What they said."""
    at: datetime | None = None
    """When, on the clock of the home (no zone)."""
    interpretation: Interpretation | None = None
    """What it was taken for."""


class DeviceState(NamedTuple):
    """State of a device at a moment."""

    entity_id: str
    """Its identifier in the home."""
    name: str
    """Name that people use."""
    state: str
    """State in the words of the home: "on", "closed", "not_home"."""
    since: datetime | None = None
    """When that state began, on the clock of the home (no zone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Context for interpreting a request: the logged `Context` and what can be looked up beside it."""

    context: Context = field(default_factory=Context)
    """Where and when the request was made."""
    user_id: str | None = None
    """Pseudonym of the person."""
    home_id: str | None = None
    """Pseudonym of the home."""
    has_screen: bool | None = None
    """Whether the device that heard the request has a screen."""
    states: tuple[tuple[str, str], ...] = ()
    """(name, state in plain words) of devices and other things, for example ("Oven", "on, 180 °C")."""
    devices: tuple[DeviceState, ...] = ()
    """The devices of the home."""
    names: tuple[str, ...] = ()
    """What else is called by a name here: rooms, and other names of rooms and devices."""
    recent: tuple[Exchange, ...] = ()
    """Turns of the conversation so far, oldest first; the last one seconds ago."""
    habits: tuple[Habit, ...] = ()
    """Earlier requests of the person that ended well, oldest first."""
    local: datetime | None = None
    """Moment of the request on the clock of the home (no zone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """True words and meaning, if a corpus or a simulator knows them.

    Kept separate, so that evaluation can read it and no learner can: in tables its columns start with `truth_`, and a
    contract test checks that no learner's view has one.
    """

    request: str | None = None
    """What was said, transcribed by a person; "" where nothing was said to the assistant."""
    interpretation: Interpretation | None = None
    """What was meant."""
    defect: bool | None = None
    """Whether the turn failed its user."""
    goal_success: bool | None = None
    """Whether the session reached its goal."""
    failure_point: str | None = None
    """The component that failed first."""
    defect_as_heard: bool | None = None
    """Whether a turn that was acted on otherwise would have failed had it been acted on as heard."""


_NO_TRUTH = Truth()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Offer that a turn made with its answer, or withheld by chance."""

    offer_id: str
    """Identifier of the offer: "kind:meaning", the same for equal offers of one kind."""
    said: bool = True
    """Whether it was said; False where it was withheld, to learn what people do by themselves."""
    propensity: float = 1.0
    """Probability, in (0, 1], with which it was said (or withheld, where it was)."""

    def __post_init__(self) -> None:
        if not self.offer_id:
            raise BadRecord("must not be empty", field="offer.offer_id")
        if not 0.0 < self.propensity <= 1.0:
            raise BadRecord("must be in (0, 1]", field="offer.propensity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One request, what the assistant did about it, and how it went.

    It records the treatment: a log without it misleads learners (arXiv:2205.00029).

    >>> turn = Turn(turn_id="t1", user_id="ann", said_at=datetime(2026, 1, 1, tzinfo=UTC), request="play jazz")
    >>> turn.barge_in_ms is None
    True
    """

    turn_id: str
    """Identifier of the turn, unique in the log. Sending it again is harmless."""
    user_id: str
    """Pseudonym of the person (or of the home, where persons are not told apart)."""
    said_at: datetime
    """When the request began, aware; kept in UTC with a resolution of one microsecond."""
    request: str
    """Text the recogniser heard (or that was typed), as it came."""
    home_id: str | None = None
    """Pseudonym of the home."""
    device_id: str | None = None
    """Pseudonym of the device that heard the request."""
    session_id: str | None = None
    """Session the source says the turn belongs to; where unknown, the log finds sessions by time."""
    language: str | None = None
    """BCP 47 tag of the request, for example "en"."""
    wake_score: float | None = None
    """Score of the wake-word detector, in [0, 1]."""
    alternatives: tuple[Transcript, ...] = ()
    """The recogniser's n-best list, best first, the text of `request` included."""
    spoken_ms: float | None = None
    """Length of the utterance, in milliseconds."""
    acted_on: str | None = None
    """Text the assistant acted on, if a rewrite replaced `request`."""
    rewrite_id: str | None = None
    """Identifier of that rewrite in its artifact."""
    artifact_version: str | None = None
    """Version of the artifact the rewrite came from."""
    arm: str | None = None
    """Arm of the experiment that the user was in."""
    propensity: float = 1.0
    """Probability, in (0, 1], with which the serving policy chose what it did."""
    interpretation: Interpretation | None = None
    """The reading that was acted on."""
    runners_up: tuple[Interpretation, ...] = ()
    """Other readings, best first."""
    entities: tuple[ResolvedEntity, ...] = ()
    """What the slots were resolved to."""
    action: str | None = None
    """What the assistant did, in its own terms."""
    status: Status | None = None
    """How the action ended, as the assistant itself saw it."""
    response: str | None = None
    """What the assistant answered."""
    response_ms: float | None = None
    """Length of the spoken answer, in milliseconds."""
    context: Context = field(default_factory=Context)
    """Where and when the request was made."""
    offer: Offered | None = None
    """What the assistant offered with its answer, unasked."""
    barge_in_ms: float | None = None
    """How far into the answer the user cut in, in milliseconds; None where they did not or it is unknown."""
    answer: bool | None = None
    """The user's explicit yes or no to "did I get that right?"."""
    undone: bool | None = None
    """Whether the user undid the action soon after."""
    truth: Truth | None = None
    """What really was said and meant, for evaluation alone; one that says nothing becomes None."""

    def __post_init__(self) -> None:
        for name in ("turn_id", "user_id"):
            if not getattr(self, name):
                raise BadRecord("must not be empty", field=name)
        if self.said_at.tzinfo is None:
            raise BadRecord('needs a time zone, for example "2026-01-31T18:00:00Z"', field="said_at")
        if self.said_at.utcoffset() != timedelta(0) or self.said_at.tzinfo is not UTC:
            object.__setattr__(self, "said_at", self.said_at.astimezone(UTC))
        if not 0.0 < self.propensity <= 1.0:
            raise BadRecord("must be in (0, 1]", field="propensity")
        if self.status is not None and self.status not in _STATUSES:
            raise BadRecord(f"must be one of {', '.join(sorted(_STATUSES))}", field="status")
        if self.truth is not None and self.truth == _NO_TRUTH:
            object.__setattr__(self, "truth", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Turns of one conversation, in time order."""

    session_id: str
    """Identifier of the session: the source's own, else the first turn's."""
    turns: tuple[Turn, ...]
    """At least one turn, ordered by (`said_at`, `turn_id`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Request that waits for a decision."""

    text: str
    """Text as heard or typed."""
    user_id: str
    """Pseudonym of the person."""
    alternatives: tuple[Transcript, ...] = ()
    """The recogniser's n-best list, best first."""
    confidence: float | None = None
    """How sure the assistant is of its own reading of the text, in [0, 1]; 0 without one; None where nobody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence for a rewrite. Counts only: never anybody's words."""

    users: int
    """Distinct users whose sessions support it."""
    sessions: int
    """Sessions that support it, after the bound on each user's contribution."""
    success_before: float
    """Upper confidence bound, in [0, 1], of success when the request is left as it is."""
    success_after: float
    """Lower confidence bound, in [0, 1], of success when the rewrite is used."""

    @property
    def gain(self) -> float:
        """Smallest rise of the success probability that the evidence supports, in [-1, 1]."""
        return self.success_after - self.success_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Proposal of a step for a request, with its reason."""

    step: str
    """Name of the step that decided."""
    acted_on: str
    """Text to act on instead of the request."""
    rewrite_id: str
    """Identifier of the rewrite, to be logged with the turn."""
    artifact_version: str | None
    """Version of the artifact it came from; None for a pin."""
    layer: Literal["personal", "global", "pin"]
    """Whose evidence it rests on."""
    reason: str
    """One sentence for a person, in counts, without anybody's words."""
    domain: str | None = None
    """Domain of `acted_on`, where known."""
    evidence: Evidence | None = None
    """The counts behind the reason; None for a pin."""
    must_confirm: bool = False
    """Whether the user must be asked before it is acted on."""
    unproven: bool = False
    """Whether it is asked about because too little speaks for it: it is not to be tried unasked, either."""
    occasions: int | None = None
    """Occasions, days where they are known, on which this person taught it, where it rests on that alone; else None."""
    propensity: float = 1.0
    """Probability, in (0, 1], with which this decision was taken."""
    interpretation: Interpretation | None = None
    """Reading to act on, in the place of whatever `acted_on` would be read as; None to read `acted_on`."""
    others: tuple[Decision, ...] = ()
    """Decisions as likely to be meant, likeliest first: where the person is asked, they are offered beside it."""
