"""Run one release: watch what is served, learn again, judge what was learned, publish what passes.

    log -> watch (exposures) -> withdraw, pause, ask -> count -> solve -> gates -> publish -> live

`Watch` sees every exposure of everything served. Rewrites that do harm are withdrawn: blocked at once, stored as known
incidents, and left out of everything published from then on. Rewrites that probably do harm are paused. Rewrites with
too little evidence are asked about before they are acted on (`uptake.experiments.canaries`). Then the learners solve
again, and their artifacts pass the gates (`uptake.release.gates`) or wait. An experiment is stopped once a stop rule is
met. `uptake learn`, `--follow`, `uptake serve` and the simulated town all publish here. One release runs at a time.

Everything here reads the log through people's reactions; the truth stored beside simulated turns is never read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from uptake.capability import Capability, Refused
from uptake.catalogue import capability, daily
from uptake.errors import ArtifactRefused, MissingExtra, NotForgotten, NotPrivate, NotReady, UptakeError
from uptake.experiments.canaries import Rules, choose_canaries
from uptake.experiments.pooled import Pooled
from uptake.experiments.withdrawal import Withdrawal
from uptake.protocols import Artifact, DialogueLearner, Learner
from uptake.release.forget import finish_forgetting
from uptake.release.gates import BUDGET, Evidence, HasRewrites, judge
from uptake.release.history import record
from uptake.release.private import may_learn
from uptake.release.retention import expire, expiry
from uptake.release.solve import Counted, LearnReport, count_safely, learn
from uptake.release.state import State, StateMaterial
from uptake.release.watching import Watched, evidence_of, stop_experiment, watched, withdraw
from uptake.rewriting.canaries import Canary
from uptake.rewriting.opinions import Opinions, rebuild
from uptake.store.diff import Difference, difference
from uptake.types import Request

if TYPE_CHECKING:
    from uptake.store.store import PointerMove

__all__ = ["Learned", "Options", "Release", "release"]

Progress = Callable[[str, int, int], None]
Revise = Callable[[Capability, Artifact], Artifact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limit on what one release may change: the table [release] of `uptake.toml`.

    Args:
        budget: Largest share, in [0, 1], of a domain's requests per day that may be treated differently.
        alpha: Probability, in (0, 1), of ever withdrawing a rewrite that does no harm.
    """

    budget: float = BUDGET
    alpha: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Outcome of one capability."""

    name: str
    """The capability."""
    kind: str
    """Kind of its artifact."""
    rows: int | None
    """Rows of what was learned; None where it has none."""
    differs: bool
    """Whether what passed the gates differs from what was served."""
    published: str | None
    """The new version; None where nothing was published."""
    served: str | None
    """The version that is served now."""
    new: Difference | None
    """What differs from what was served before, row by row; None where rows cannot be compared."""
    refused: tuple[Refused, ...]
    """What the gates left out."""
    held: PointerMove | None
    """The rollback that keeps it from being published; None where there is none."""
    report: LearnReport | None
    """What counting and solving took; None for what is made from whole dialogues."""
    figures: Mapping[str, Any]
    """What the learner says of it, as JSON values."""
    error: UptakeError | None = None
    """Why nothing was learned, or none of it published; None where something was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Outcome of one release, or of its dry run."""

    learned: tuple[Learned, ...]
    """One entry a capability."""
    withdrawn: tuple[Withdrawal, ...]
    """What was withdrawn this time."""
    canaries: tuple[Canary, ...]
    """What is asked about, paused or proven from now on, and was not before."""
    stopped: str | None
    """Name of the experiment that one of its rules stopped this time; None where none was."""
    notes: tuple[str, ...]
    """What a person should know beside: why an experiment cannot be judged."""
    turns: int
    """Turns in the log."""
    live_s: float
    """Wall time from the evidence in the log to what was learned from it in service, in seconds."""

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Return the rows that the gates of all capabilities left out."""
        return tuple(row for one in self.learned for row in one.refused)


def release(  # noqa: PLR0913 - one a choice of the caller
    state: State,
    names: Sequence[str] = (),
    *,
    full: bool = False,
    dry_run: bool = False,
    evidence_too: bool = True,
    learners: Mapping[str, Learner | DialogueLearner] | None = None,
    revise: Revise | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Release:
    """Run one release: watch, learn, judge and publish. Running it again is harmless.

    Args:
        state: The state directory.
        names: Capabilities to learn; () for the daily ones.
        full: Whether to count and solve everything again, ignoring what was kept.
        dry_run: Whether to report only what would be published, refused and withdrawn.
        evidence_too: Whether a change of counts alone makes a new version of a table.
        learners: Name -> learner, instead of the one that the configuration makes.
        revise: Function that changes an artifact before the gates see it; a simulator plants harm with it.
        options: Limits of the release; None for those of the configuration.
        progress: Called with a stage, the amount done and the total.

    Returns:
        What became of each capability. One that the log teaches too little, or of which a gate refused all, says so
        (`Learned.error`) and keeps none of the others back.

    Raises:
        NotReady: The log is empty.
        MissingExtra: A library that a named capability needs is not installed.
        BadConfig: A named capability has no private form, and the configuration asks for one.
        StorageFailed: The disk refused; what was served is still served.
    """
    began = time.perf_counter()
    from uptake.config import build

    options = options or build(Options, "release", state.config)
    if not dry_run:
        with suppress(NotForgotten):  # nobody finds them any more; what a reader keeps goes the next time
            finish_forgetting(state)
        with suppress(NotForgotten):
            if (before := expiry(state, datetime.now(UTC))) is not None:
                expire(state, before)
    with nullcontext() if dry_run else state.alone():
        chosen = [capability(name) for name in names] or daily()
        able, missing = _learners(state, chosen, learners or {}, named=bool(names))
        counting = [learner for learner in able.values() if isinstance(learner, Learner)]
        counted, failure = count_safely(state.log, state.engine, counting, state.learning, full=full, progress=progress)
        outcomes = counted.outcomes
        if counting and not len(outcomes):
            raise NotReady("the log is empty: store turns first, for example with `uptake ingest --format turns FILE`")
        rules = build(Rules, "canaries", state.config)
        seen = watched(state, outcomes, alpha=options.alpha, rules=rules)
        if seen.fresh and not dry_run:
            withdraw(state, seen.watch, seen.fresh)
        if not dry_run:
            state.canaries.write(seen.canaries.values())
            rebuild(Opinions.beside(state.learning), state.log, state.overrides)
        if failure is not None:
            raise failure  # what hurts is withdrawn by now
        evidence = evidence_of(state, outcomes, seen, budget=options.budget)
        cycle = _Cycle(state, evidence, seen, rules, dry_run=dry_run, evidence_too=evidence_too)
        made = cycle.made(chosen, {**able, **missing}, counted, full=full, progress=progress)
        learned = tuple(cycle.publish(one, result, revise, outcomes.last_us) for one, result in made)
        stopped, notes = (None, ()) if dry_run else stop_experiment(state, outcomes)
        if not dry_run:
            _see_it_live(state)
        found = Release(
            learned=learned,
            withdrawn=seen.fresh,
            canaries=(*seen.changed, *cycle.admitted),
            stopped=stopped,
            notes=(*notes, *cycle.private.notes, *_too_few(outcomes, learned)),
            turns=len(outcomes),
            live_s=time.perf_counter() - began,
        )
        if not dry_run:
            record(
                state,
                turns=found.turns,
                published={one.kind: one.published for one in learned if one.published},
                withdrawn=[one.rewrite_id for one in seen.fresh],
                canaries=found.canaries,
                refused=found.refused,
            )
    return found


def _learners(
    state: State, chosen: Sequence[Capability], given: Mapping[str, Learner | DialogueLearner], *, named: bool
) -> tuple[dict[str, Learner | DialogueLearner], dict[str, UptakeError]]:
    """Make the learner of every capability; return also the reasons for those that could not be made."""
    found: dict[str, Learner | DialogueLearner] = {}
    missing: dict[str, UptakeError] = {}
    for one in chosen:
        try:
            may_learn(one, state.config)
            found[one.name] = given.get(one.name) or one.make_learner(state.config)
        except (MissingExtra, NotPrivate) as error:
            if named:
                raise
            missing[one.name] = error
    return found, missing


def _too_few(outcomes: Pooled, learned: Sequence[Learned]) -> tuple[str, ...]:
    """Return a note if the log has fewer users than the k that must share something; else None."""
    people, least = outcomes.people, max((one.figures.get("min_users", 0) for one in learned), default=0)
    if people >= least:
        return ()
    return (
        f"the log has {people} of the {least} users who must share a rewrite before others get it: nothing is "
        "learned for everybody yet, only personal rewrites",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Artifact of a learner, or the reason why there is none."""

    artifact: Artifact | None
    report: LearnReport | None = None
    made_by: Mapping[str, Any]
    error: UptakeError | None = None


class _Cycle:
    """One release over one state directory."""

    def __init__(
        self,
        state: State,
        evidence: Evidence,
        seen: Watched,
        rules: Rules,
        *,
        dry_run: bool,
        evidence_too: bool,
    ) -> None:
        self._state, self._evidence, self._seen, self._rules = state, evidence, seen, rules
        self.admitted: list[Canary] = []
        self.private = state.private(spends=not dry_run)
        self._dry_run, self._evidence_too = dry_run, evidence_too

    def made(
        self,
        chosen: Sequence[Capability],
        learners: Mapping[str, Learner | DialogueLearner | UptakeError],
        counted: Counted,
        *,
        full: bool,
        progress: Progress | None,
    ) -> Iterator[tuple[Capability, _Made]]:
        """Solve what was counted, and run the other learners; a failed learner gives its reason."""
        counting = {name: learner for name, learner in learners.items() if isinstance(learner, Learner)}
        reports: dict[str, LearnReport] = {}
        if counting:
            results = learn(
                self._state.log,
                self._state.engine,
                list(counting.values()),
                self._state.learning,
                full=full,
                counted=counted,
                private=self.private,
                progress=progress,
            )
            reports = dict(zip(counting, results, strict=True))
        for one in chosen:
            if one.name in reports:
                report = reports[one.name]
                yield one, _Made(artifact=report.artifact, report=report, made_by=report.made_by)
            elif isinstance(reason := learners[one.name], UptakeError):
                yield one, _Made(artifact=None, made_by={}, error=reason)
            else:
                yield one, self._of_dialogues(reason)

    def _of_dialogues(self, learner: Any) -> _Made:
        material = StateMaterial(self._state)
        try:
            artifact = learner.learn(material)
        except (NotReady, ArtifactRefused) as error:
            return _Made(artifact=None, made_by={}, error=error)
        return _Made(artifact=artifact, made_by={"learner": learner.name, **material.figures})

    def publish(self, one: Capability, made: _Made, revise: Revise | None, until_us: int) -> Learned:
        """Judge the learned artifacts with the gates, and publish what they let pass."""
        store, kind = self._state.artifacts, one.kind
        if made.artifact is None:
            return self._said(one, made, error=made.error)
        artifact = revise(one, made.artifact) if revise is not None else made.artifact
        served = _served(self._state, type(artifact))
        judged = judge(one, artifact, served, self._evidence)
        held, version = store.held(kind), None
        new = _difference(served, judged.artifact)
        differs = judged.artifact is not None and self._differs(judged.artifact, served)
        if differs and held is None:
            self._admit(judged.artifact, served, until_us)
        if judged.artifact is not None and differs and held is None and not self._dry_run:
            made_by = {**made.made_by, "log_until_us": until_us}
            if served is None and (shipped := one.shipped_artifact()) is not None:
                store.publish(shipped, made_by={"learner": "shipped"})
            version = store.publish(judged.artifact, made_by=made_by)
        return self._said(
            one,
            made,
            artifact=judged.artifact,
            differs=differs,
            published=version,
            new=new,
            refused=judged.refused,
            held=held,
            error=ArtifactRefused(judged.refused[-1].reason) if judged.artifact is None and judged.refused else None,
        )

    def _admit(self, artifact: Artifact | None, served: Artifact | None, until_us: int) -> None:
        """Make canaries of new rewrites with too little evidence, before they are published."""
        if not isinstance(artifact, HasRewrites):
            return
        known = {row.rewrite_id for row in served.rows()} if isinstance(served, HasRewrites) else set()
        canaries = self._seen.canaries
        rows = [row for row in artifact.rows() if row.rewrite_id not in known | canaries.keys()]
        now = datetime.fromtimestamp(until_us / 1e6, UTC)
        found = choose_canaries(rows, self._seen.past, self._evidence.said, now=now, rules=self._rules)
        self.admitted += found
        canaries |= {row.name: row for row in found}
        if not self._dry_run:
            self._state.canaries.write(canaries.values())

    def _said(self, one: Capability, made: _Made, *, artifact: Artifact | None = None, **known: Any) -> Learned:
        rows = len(artifact) if isinstance(artifact, Sized) else None
        defaults = {"differs": False, "published": None, "new": None, "refused": (), "held": None}
        try:
            served = self._state.artifacts.current_version(one.kind)
        except ArtifactRefused:
            served = None
        return Learned(
            name=one.name,
            kind=one.kind,
            rows=rows,
            served=served,
            report=made.report,
            figures=made.made_by,
            **{**defaults, **known},
        )

    def _differs(self, artifact: Artifact, served: Artifact | None) -> bool:
        """Tell whether an artifact differs enough from the served one for a version of its own."""
        if served is None:
            return True
        if artifact == served:
            return False
        if self._evidence_too or not isinstance(artifact, HasRewrites) or not isinstance(served, HasRewrites):
            return True
        does = [{(row.user_id, row.request, row.acted_on) for row in one.rows()} for one in (artifact, served)]
        return does[0] != does[1]


def _served(state: State, cls: type[Artifact]) -> Artifact | None:
    try:
        return state.artifacts.load(cls)
    except (NotReady, ArtifactRefused):  # nothing is served, or what is served is broken: either way, publish
        return None


def _difference(served: Any, artifact: Any) -> Difference | None:
    if not callable(getattr(artifact, "rows", None)):
        return None
    if served is None:
        return Difference(added=tuple(artifact.rows()), removed=(), changed=())
    return difference(served, artifact)


def _see_it_live(state: State) -> None:
    """Decide one request with a new pipeline, to confirm that the new version is served."""
    from uptake.catalogue import open_pipeline

    pipeline = open_pipeline(state.artifacts, overrides=state.overrides.path)
    pipeline.decide(Request(text="something that nobody knows", user_id="somebody", confidence=0.0))
