"""What `uptake learn` learns beside the statistics that add: models that are trained on the log's latest turns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from uptake.apps.cli.state import State
from uptake.errors import NotReady
from uptake.types import Interpretation, Request, Turn

if TYPE_CHECKING:
    from uptake.agent.home import VirtualHome
    from uptake.agent.understand.labelling import Labelling
    from uptake.artifacts.labels import Labels
    from uptake.protocols import Artifact

__all__ = ["MODELS", "learn_model"]

_TURNS = 20_000
"""Latest turns that a model is trained on."""


def learn_model(state: State, name: str, *, dry_run: bool) -> dict[str, Any]:
    """Train one model and publish it; one row of figures.

    Args:
        state: The state directory.
        name: A key of `MODELS`.
        dry_run: Train it, and publish nothing.

    Raises:
        NotReady: The log does not hold enough; says what is missing.
    """
    made = MODELS[name](state)
    artifact, figures = (made.artifact, made.figures) if isinstance(made, Gated) else (made, {})
    made_by = {"learner": name, "turns": _TURNS, **figures}
    before = made.before if isinstance(made, Gated) else None
    if before is not None and not dry_run and state.artifacts.current_version(before.kind) is None:
        state.artifacts.publish(before, made_by={"learner": "shipped"})
    version = None if dry_run else state.artifacts.publish(artifact, made_by=made_by)
    return {
        "kind": artifact.kind,
        "published": version,
        "served": state.artifacts.current_version(artifact.kind),
        **figures,
    }


class Gated(NamedTuple):
    """A model that had to pass a gate, and what it showed there."""

    artifact: Artifact
    before: Artifact | None
    """What serves where nothing was published; published first, so that a rollback leads there."""
    figures: dict[str, Any]
    """Kept with the artifact and printed."""


def _ranker(state: State) -> Artifact:
    from uptake.agent.lessons import Options, learn_ranker

    return learn_ranker(state.log, hear=_hears(state), options=Options(most=_TURNS), progress=_tell)


def _hears(state: State) -> Callable[[Turn, str], Sequence[Interpretation]]:
    """What the assistant makes of other texts of a recogniser's list."""
    from uptake.agent.build import open_agent
    from uptake.agent.situation import Origin

    agent = open_agent(state.directory, state.config, store=state.artifacts)

    def hear(turn: Turn, text: str) -> Sequence[Interpretation]:
        origin = Origin(device_id=turn.device_id, device_type=turn.context.device_type, room=turn.context.room)
        return agent.read(Request(text=text, user_id=turn.user_id), origin)

    return hear


def _failures(state: State) -> Artifact:
    from uptake.learn.failure import adapt_failures
    from uptake.measure.failing import last_sessions

    return adapt_failures(last_sessions(state.log, _TURNS))


def _labels(state: State) -> Labels:
    from uptake.agent.skills import Skills
    from uptake.agent.understand import Understanding
    from uptake.agent.understand.labelling import labelled
    from uptake.measure.failing import last_sessions

    found = last_sessions(state.log, _TURNS)
    if not found:
        raise NotReady("there is nothing to label: the log is empty; ingest one or talk to the assistant first")
    understanding = Understanding.for_home(_home(state), Skills())
    served = state.artifacts.current_version("intents")
    return labelled(found, understanding=understanding, options=_labelling(state), model=served)


def _labelling(state: State) -> Labelling:
    from uptake import config as configuration
    from uptake.agent.understand.labelling import Labelling

    return configuration.build(Labelling, "label", state.config)


def _intent(state: State) -> Gated:
    from uptake.agent.skills import Skills
    from uptake.agent.understand import Vocabulary
    from uptake.agent.understand.packaged import packaged
    from uptake.agent.understand.retrain import retrained
    from uptake.artifacts.labels import Labels

    labels = state.artifacts.load(Labels) if state.artifacts.current_version("labels") else _labels(state)
    vocabulary, options = Vocabulary.of(_home(state)), _labelling(state)
    model, gate = retrained(labels, vocabulary=vocabulary, skills=Skills(), options=options, progress=_tell)
    known = packaged()
    return Gated(model, known[0] if known else None, {"gate": asdict(gate), "says": str(gate)})


def _repairs(state: State) -> Artifact:
    from uptake.agent.hypotheses import OUT_OF_SCOPE
    from uptake.artifacts.repair.heard import Conventions
    from uptake.learn.repair.from_log import learn_repairs
    from uptake.measure.failing import last_sessions

    return learn_repairs(last_sessions(state.log, _TURNS), conventions=Conventions(courtesy=(OUT_OF_SCOPE,)))


def _reader(state: State) -> Artifact:
    from uptake.learn.reader.own_log import learn_reader
    from uptake.measure.failing import last_sessions
    from uptake.signals.reader_files import packed

    return packed(learn_reader(last_sessions(state.log, _TURNS), progress=_tell))


def _home(state: State) -> VirtualHome:
    from uptake import config as configuration
    from uptake.agent.build import home_of

    return configuration.build(home_of, "home", state.config, state.directory)


def _tell(stage: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{stage}\n")


MODELS: dict[str, Callable[[State], Artifact | Gated]] = {
    "ranker": _ranker,
    "repairs": _repairs,
    "failures": _failures,
    "reader": _reader,
    "labels": _labels,
    "intent": _intent,
}
"""Name -> what makes it."""
