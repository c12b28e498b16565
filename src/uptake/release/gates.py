"""Judge an artifact before it is published. Nothing is served without passing these gates.

The gates refuse, in this order: rewrites that were withdrawn before; rewrites that would repeat a known incident;
rewrites of requests that work by the log's own past; rewrites to requests that fail by it; rewrites that the assistant
of a known home would not understand; rewrites that would do something else there than a request that it understands
surely; rewrites beyond a domain's budget of change; and whatever the capability's own gate refuses. A table loses the
refused rows, and an index of requests those that fail. Another artifact is refused as a whole, and the served version
stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

from uptake.capability import Capability, GateVerdict, Refused
from uptake.errors import ArtifactRefused
from uptake.experiments.budgets import changes, refuse_over_budget
from uptake.experiments.exposures import Past
from uptake.experiments.incidents import Incident, repeated_incidents
from uptake.protocols import Artifact, Step

__all__ = ["BUDGET", "Evidence", "Forbids", "HasRequests", "HasRewrites", "judge", "steps_of", "without_new"]

BUDGET = 0.2
"""Largest share of a domain's requests that one day's releases may treat differently. What no domain was understood
for is free: it fails already."""

_FREE = "(unknown)"
_PAST = 5  # turns left alone from which the past of a request counts
_FAILS = 0.4  # failure of a request left alone from which nothing may lead to it
_WORKS = 0.5  # success of a request left alone from which a rewrite of it is a claim against the log
_FORBIDS = 20  # proposals for one request that are forbidden before all is refused
_TRIMS = 20  # halvings of the rows over budget before everything new waits


@runtime_checkable
class HasRewrites(Protocol):
    """Artifact whose rows are rewrites, and that can be reduced to a part of them."""

    def rows(self) -> Iterable[Any]:
        """Return rows with rewrite_id, user_id, request, acted_on and evidence."""
        ...

    def without_rewrites(self, ids: Iterable[str]) -> Self:
        """Return the artifact without some rows."""
        ...


@runtime_checkable
class Forbids(Protocol):
    """Artifact without rows that can be told never to rewrite a request to a text."""

    def leaving_out(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """Return the artifact changed so that it never rewrites the first text to the second."""
        ...


@runtime_checkable
class HasRequests(Protocol):
    """Artifact whose rows are requests that others may lead to, and that can be reduced to a part of them."""

    def rows(self) -> Iterable[Any]:
        """Return rows with a text, and `leads_to`: the row that it stands for; None where it is led to itself."""
        ...

    def without_failing(self, texts: Collection[str]) -> Self:
        """Return the artifact without those of some requests, which fail."""
        ...


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Evidence for the gates."""

    withdrawn: Mapping[str, str] = field(default_factory=dict)
    """Identifier of what was withdrawn -> why."""
    incidents: Sequence[Incident] = ()
    """What must not happen again."""
    said: Sequence[tuple[str, str, str | None]] = ()
    """(request, user, domain) of the log's last day, as often as they were said."""
    before: Callable[[Capability], Sequence[Step]] = lambda _: ()
    """The steps that served before that day."""
    past: Past | None = None
    """How requests fared that were left alone; None where the log is not looked at."""
    understands: Callable[[str], bool] | None = None
    """Whether the assistant of a known home would understand a text; None where no home is known."""
    doubts: Callable[[str, str], str | None] | None = None
    """Why the assistant of a known home would ask before it acts on the second text in the place of the first, by what
    would change; None where it would not, and where no home is known."""
    doubted_users: int = 25
    """Fewest homes behind what it would ask about, and be published all the same."""
    private: bool = False
    """Whether what everybody gets is a differentially private release: then no gate reads what people said of it."""
    budget: float = BUDGET
    """Largest share of a domain's requests that may change in a day."""


def steps_of(one: Capability, artifact: Artifact, version: str | None = None) -> list[Step]:
    """Return the steps that would serve an artifact by itself."""
    return [step(artifact, version) for step in one.step_classes() if not hasattr(step, "serving")]


def judge(one: Capability, artifact: Artifact, served: Artifact | None, evidence: Evidence) -> GateVerdict:
    """Return the part of an artifact that may be published.

    Args:
        one: The capability that learned it.
        artifact: The learned artifact.
        served: The served version; None if there is none.
        evidence: Evidence for the gates.
    """
    refused: list[Refused] = []
    if isinstance(artifact, HasRewrites):
        artifact = _gone(artifact, evidence, refused)
        artifact = _repeating(one, artifact, evidence, refused)
        artifact = _contradicted(artifact, served, evidence, refused)
        artifact = _leading_nowhere(artifact, evidence, refused)
        artifact = _not_understood(artifact, served, evidence, refused)
        artifact = _doubted(artifact, served, evidence, refused)
        artifact = _over_budget(one, artifact, served, evidence, refused)
    else:
        artifact = _without_failing(one, artifact, evidence, refused)
        artifact = _forbidding(one, artifact, evidence, refused)
        if artifact is None:
            return GateVerdict(None, tuple(refused))
    try:
        own = one.judge(artifact, served)
    except ArtifactRefused as error:
        return GateVerdict(None, (*refused, Refused(one.kind, str(error), one.name)))
    return GateVerdict(own.artifact, (*refused, *own.refused))


def _gone(artifact: Any, evidence: Evidence, refused: list[Refused]) -> Any:
    return _without(artifact, evidence.withdrawn, "withdrawn", refused)


def _repeating(one: Capability, artifact: Any, evidence: Evidence, refused: list[Refused]) -> Any:
    found = repeated_incidents(evidence.incidents, steps_of(one, artifact))
    return _without(
        artifact,
        {row.rewrite_id: f"would repeat the known incident {row.incident}" for row in found},
        "incident",
        refused,
    )


def _forbidding(one: Capability, artifact: Any, evidence: Evidence, refused: list[Refused]) -> Any:
    """Forbid an artifact without rows to repeat a known incident; None if the artifact has no way to forbid.

    Incidents of one person are left to that person's block, so that a global artifact holds nothing personal.
    """
    incidents = [each for each in evidence.incidents if each.user_id is None]
    for _ in range(_FORBIDS):
        found = repeated_incidents(incidents, steps_of(one, artifact))
        if not found:
            return artifact
        if not isinstance(artifact, Forbids):
            break
        artifact = artifact.leaving_out({(each.request, each.acted_on) for each in found})
    named = ", ".join(sorted({each.incident for each in found}))
    refused.append(Refused(one.kind, f"would repeat the known incidents {named}", "incident"))
    return None


def _contradicted(artifact: Any, served: Artifact | None, evidence: Evidence, refused: list[Refused]) -> Any:
    """Remove new rows that rewrite a request that works. The log's own past decides, never the row's evidence."""
    if evidence.past is None:
        return artifact
    gone = {}
    new = [row for row in _new(artifact, served) if row.user_id or not evidence.private]
    evidence.past.look_up((row.request, row.user_id, None) for row in new)
    for row in new:
        works = 1.0 - evidence.past.failing(row.request, row.user_id)
        enough = evidence.past.turns(row.request, row.user_id) >= _PAST
        if enough and works > max(row.evidence.success_before, _WORKS):
            gone[row.rewrite_id] = f"the request works as it is: at least {works:.0%} by the log's own past"
    return _without(artifact, gone, "past", refused)


def _leading_nowhere(artifact: Any, evidence: Evidence, refused: list[Refused]) -> Any:
    """Remove global rows that lead to a request that fails itself, by the log's own past of that request."""
    if evidence.past is None or evidence.private:
        return artifact
    failing = evidence.past.failures(_FAILS)
    gone = {
        row.rewrite_id: f"what it leads to fails itself: {failing[row.acted_on]:.0%} by the log's own past"
        for row in artifact.rows()
        if row.user_id is None and row.acted_on in failing
    }
    return _without(artifact, gone, "target", refused)


def _without_failing(one: Capability, artifact: Any, evidence: Evidence, refused: list[Refused]) -> Any:
    """Remove requests that fail themselves from an index of requests, by the log's own past."""
    if evidence.past is None or evidence.private or not isinstance(artifact, HasRequests):
        return artifact
    failing = evidence.past.failures(_FAILS)
    gone = sum(row.leads_to is None and row.text in failing for row in artifact.rows())
    if gone:
        refused.append(
            Refused(one.kind, f"{gone} of its requests fail themselves, {_FAILS:.0%} of the time or more", "target")
        )
    return artifact.without_failing(failing)


def _not_understood(artifact: Any, served: Artifact | None, evidence: Evidence, refused: list[Refused]) -> Any:
    """Remove new rows that the assistant does not understand, tried in a dry run."""
    if evidence.understands is None:
        return artifact
    new = _new(artifact, served)
    lost = {text for text in {row.acted_on for row in new} if not evidence.understands(text)}
    gone = {row.rewrite_id for row in new if row.acted_on in lost}
    return _without(artifact, dict.fromkeys(gone, "the assistant here would not understand it"), "preflight", refused)


def _doubted(artifact: Any, served: Artifact | None, evidence: Evidence, refused: list[Refused]) -> Any:
    """Remove new global rows with little evidence that would do something else than what was surely understood."""
    if evidence.doubts is None:
        return artifact
    few = (row for row in _new(artifact, served) if not row.user_id and row.evidence.users < evidence.doubted_users)
    found = {row.rewrite_id: evidence.doubts(row.request, row.acted_on) for row in few}
    return _without(artifact, {name: why for name, why in found.items() if why}, "effect", refused)


def without_new(artifact: Artifact, served: Artifact | None) -> Artifact:
    """Return an artifact without the rewrites that are not served yet. Only a release may add those."""
    if not isinstance(artifact, HasRewrites) or not isinstance(served, HasRewrites):
        return artifact
    return artifact.without_rewrites(row.rewrite_id for row in _new(artifact, served))


def _new(artifact: Any, served: Artifact | None) -> list[Any]:
    """Return the rows that are not served yet."""
    known: set[str] = {row.rewrite_id for row in served.rows()} if isinstance(served, HasRewrites) else set()
    return [row for row in artifact.rows() if row.rewrite_id not in known]


def _over_budget(
    one: Capability, artifact: Any, served: Artifact | None, evidence: Evidence, refused: list[Refused]
) -> Any:
    """Remove the weakest rewrites of each domain in which too large a share of a day's requests would change."""
    if evidence.private:
        return artifact
    before = evidence.before(one)
    waiting: dict[str, str] = {}
    kept = artifact
    for _ in range(_TRIMS):
        found = changes(evidence.said, before, steps_of(one, kept))
        try:
            refuse_over_budget(found, budgets={_FREE: 1.0}, budget=evidence.budget)
        except ArtifactRefused:
            over = {row.domain: row for row in found if row.domain != _FREE and row.share > evidence.budget}
            weak = _weakest(kept, over, evidence)
            waiting |= {
                rewrite: f"{over[domain].domain} would change {over[domain].share:.0%} of a day's requests "
                f"(budget {evidence.budget:.0%}); a later release tries it again"
                for rewrite, domain in weak.items()
            }
            kept = kept.without_rewrites(weak)
            if not weak:
                break
            continue
        return _without(artifact, waiting, "budget", refused)
    refused.append(Refused(one.kind, "changes more than the budgets of its domains allow", "budget"))
    return served if served is not None else artifact.without_rewrites([row.rewrite_id for row in artifact.rows()])


def _weakest(artifact: Any, over: Mapping[str, Any], evidence: Evidence) -> dict[str, str]:
    """Return the half with the least evidence among the rewrites of the domains over budget: rewrite -> domain."""
    steps: Counter[str] = Counter()
    domains: dict[str, str] = {}
    for text, user, domain in evidence.said:
        row = artifact.lookup(text, user) if (domain or _FREE) in over else None
        if row is not None:
            steps[row.rewrite_id] += 1
            domains.setdefault(row.rewrite_id, domain or _FREE)
    gains = {row.rewrite_id: row.evidence.gain for row in artifact.rows() if row.rewrite_id in steps}
    weakest = sorted(steps, key=lambda rewrite: (gains[rewrite], rewrite))
    return {rewrite: domains[rewrite] for rewrite in weakest[: max(1, len(weakest) // 2)]}


def _without(artifact: Any, gone: Mapping[str, str], gate: str, refused: list[Refused]) -> Any:
    """Return the artifact without some rows, and record them as refused."""
    rows = [row for row in artifact.rows() if row.rewrite_id in gone] if gone else []
    if not rows:
        return artifact
    for row in rows:
        shown = row.user_id is None
        refused.append(
            Refused(
                row.rewrite_id,
                gone[row.rewrite_id],
                gate,
                row.request if shown else None,
                row.acted_on if shown else None,
            )
        )
    return artifact.without_rewrites([row.rewrite_id for row in rows])
