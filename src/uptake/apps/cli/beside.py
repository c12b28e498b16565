"""`uptake learn rewrites` with the published reader beside the chain, where `[rephrase]` asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from uptake import config as configuration

if TYPE_CHECKING:
    from uptake.apps.cli.state import State
    from uptake.learn.incremental import LearnReport
    from uptake.learn.rephrase import Counted, RephraseRewriter

__all__ = ["With", "detector"]

With = Callable[["LearnReport"], "LearnReport"]
"""From what the chain says to what both learners say; other reports pass as they are."""
_GROWN = 1.1
"""By what factor the log must have grown before the reader reads it again, while the log is followed."""


def detector(state: State, *, tell: Callable[[str], None]) -> With | None:
    """What asks the reader beside the chain; None where the configuration does not want it.

    Args:
        state: The state directory.
        tell: Is told where the chain stays alone although both are wanted.
    """
    from uptake.artifacts.readers import ReaderModel
    from uptake.learn.beside import Beside, finders
    from uptake.learn.incremental import learn
    from uptake.learn.markov import MarkovRewriter

    beside = configuration.build(Beside, "rephrase", state.config)
    if not beside.beside_markov:
        return None
    chain = configuration.build(MarkovRewriter, "markov", state.config)
    read: dict[str, tuple[int, Counted]] = {}

    def both(report: LearnReport) -> LearnReport:
        if report.artifact.kind != "rewrites":
            return report
        version = state.artifacts.current_version(ReaderModel.kind)
        if version is None:
            tell("no reader is published, so the chain learns alone; `uptake learn reader` makes one")
            return report
        if version not in read or report.turns > _GROWN * read[version][0]:
            read[version] = report.turns, _counted(state, beside.detector(chain), beside.turns)
        lenient = learn(state.log, state.engine, [beside.lenient(chain)], state.directory / "learning")[0]
        table = beside.table(chain, read[version][1], strict=report.artifact, lenient=lenient.artifact)  # type: ignore[arg-type]
        made_by = {**report.made_by, "reader": version, "found_by": finders(table)}
        return replace(report, artifact=table, made_by=made_by)

    return both


def _counted(state: State, learner: RephraseRewriter, turns: int) -> Counted:
    from uptake.artifacts.readers import ReaderModel
    from uptake.measure.failing import last_sessions
    from uptake.signals.reader_files import unpacked

    return learner.count(unpacked(state.artifacts.load(ReaderModel)), last_sessions(state.log, turns))
