"""Decide from the log which rewrites are asked about (canaries), which are paused, and which are proven.

    new ── past enough, within the budget of harm ──► trial ──── shown to be better ──► proven
     │                                                 │ └────── probably worse ──────► paused ── a day ──► asking
     └─── too little past, or beyond the budget ────► asking ── three more yes's ────► proven
                                                        └────── two more no's ───────► withdrawn

- **Admission** (`choose_canaries`): a new global rewrite whose request was rarely left alone is a canary: people are
  asked about it. So is a rewrite beyond a domain's budget of harm, which is the sum, over new rewrites, of the expected
  unasked turns times the probability to be worse than leaving the request alone. All others are on trial: each process
  acts on them `uptake.rewriting.canaries.MOST_TRIED` times, until a release has seen the outcomes.
- **Doubt** (`decide_states`): a rewrite that is probably worse is paused, and asked about again after a day. A rewrite
  that was acted on `most_unasked` times is proven if it is likelier to be better, else asked about. An alarm of a whole
  stratum sets all its unproven rewrites to asking, and all decisions of that version of a model, too.

Critical actions need no canary: the guard asks before each of them (`uptake.rewriting.guard`). Personal rewrites are no
canaries either: the user's first complaint suspends the meaning at once (`uptake.rewriting.opinions`).

Source: exploration under constraints of Kachuee et al. (arXiv:2204.07135). The thresholds are ours, chosen on one
simulated town other than those that judge (docs/capabilities/experiments.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from uptake.errors import BadConfig
from uptake.experiments.exposures import Past
from uptake.experiments.pooled import Pooled
from uptake.experiments.withdrawal import YES_LEAD, Posterior, Watch
from uptake.rewriting.canaries import Canary
from uptake.rewriting.table.artifact import Rewrite

__all__ = ["Rules", "choose_canaries", "decide_states", "strata_of"]

_LEAST_DEEDS = 2  # unasked deeds before something is paused
_LEAST_TURNS = 100  # a domain with fewer turns a day may spend what this many would


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds for asking about a rewrite and for pausing it.

    Args:
        least_past: Fewest turns in which a request was left alone, before a rewrite of it is acted on unasked.
        pause_at: Probability, in (0, 1], of being worse than leaving the request alone, from which it is paused.
        rest_days: Days after which a paused rewrite is asked about.
        most_unasked: Most unasked deeds of a rewrite that is not shown to be better than leaving the request alone.
        harm: Largest share, in [0, 1], of a domain's turns per day that new rewrites are expected to make fail unasked.

    Raises:
        BadConfig: A number is out of range.
    """

    least_past: int = 5
    pause_at: float = 0.9
    rest_days: float = 1.0
    most_unasked: int = 4
    harm: float = 0.01

    def __post_init__(self) -> None:
        if not (0.5 <= self.pause_at <= 1.0 and 0.0 <= self.harm <= 1.0):
            raise BadConfig("pause_at must be in [0.5, 1] and harm in [0, 1]")
        if self.least_past < 0 or self.most_unasked < 0 or self.rest_days < 0:
            raise BadConfig("least_past, most_unasked and rest_days must not be negative")


def strata_of(log: Pooled, past: Past, kinds: Mapping[str, str]) -> dict[str, str]:
    """Name the stratum in which each rewrite is watched: its learner, its release, and how its request is interpreted.

    Args:
        log: The log.
        past: Past outcomes in the same log.
        kinds: Version of an artifact -> its kind.

    Returns:
        rewrite_id -> "kind version sure|unsure|unread", by the turn in which it fired first.
    """
    firsts = log.firsts
    past.look_up((one.request, None, one.at_us) for one in firsts)
    return {
        one.rewrite_id: f"{kinds.get(one.version or '', '')} {one.version or ''} {past.how_read(one.request)}"
        for one in firsts
    }


def choose_canaries(
    rows: Iterable[Rewrite],
    past: Past,
    said: Sequence[tuple[str, str, str | None]],
    *,
    now: datetime,
    rules: Rules,
) -> list[Canary]:
    """Choose the canaries among the rewrites that are published for the first time.

    Args:
        rows: New rewrites; personal ones are skipped.
        past: Outcomes of requests that were left alone.
        said: (request, user, domain) of the log's last day, each as often as it was made.
        now: Time of the log.
        rules: Thresholds for asking.
    """
    found, rest = [], []
    shared = [row for row in rows if row.user_id is None]
    past.look_up((row.request, None, None) for row in shared)
    for row in shared:
        turns = past.turns(row.request)
        if turns < rules.least_past:
            found.append(Canary(row.rewrite_id, "asking", now, f"its request was left alone in {turns} turns only"))
        else:
            rest.append(row)
    beyond = {row.rewrite_id for row in _beyond(rest, past, said, rules.harm)}
    for row in rest:
        if row.rewrite_id in beyond:
            reason = f"beyond the budget of harm: {rules.harm:.0%} of the turns of its domain"
            found.append(Canary(row.rewrite_id, "asking", now, reason))
        else:
            turns = past.turns(row.request)
            found.append(Canary(row.rewrite_id, "trial", now, f"new; its request was left alone in {turns} turns"))
    return found


def decide_states(watch: Watch, known: Mapping[str, Canary], *, now: datetime, rules: Rules) -> dict[str, Canary]:
    """Decide the state of each rewrite that fired; rewrites that are acted on without restriction have none.

    Args:
        watch: Evidence up to now.
        known: States so far, by identifier or version.
        now: Time of the log.
        rules: Thresholds for asking and pausing.

    Returns:
        Identifier or version -> state; those of rewrites that never fired stay as they are.
    """
    alarmed = {name for name, value in watch.strata.items() if value * watch.alpha >= 1.0}
    by_chance = {one.rewrite_id for one in watch.withdrawn} - watch.significant()
    found = dict(known)
    for one in watch.posteriors():
        state = _next(one, known.get(one.rewrite_id), one.rewrite_id in by_chance, one.stratum in alarmed, now, rules)
        if state is not None:
            found[one.rewrite_id] = state
    for name in alarmed:
        version = name.split(" ")[1]
        if version and version not in found:
            found[version] = Canary(
                version, "asking", now, "its decisions together fail more often than leaving the requests alone"
            )
    return found


def _next(
    one: Posterior, known: Canary | None, by_chance: bool, alarmed: bool, now: datetime, rules: Rules
) -> Canary | None:
    """Return the new state of a rewrite; None if it stays as it is."""
    if known is not None and known.state in ("paused", "asking"):
        return _after_rest(one, known, now, rules) if known.state == "paused" else _after_answers(one, now)
    counted = one.defects_with + one.successes_with
    told = f"probability {one.chance_harmful:.2f} that it is worse, after {one.deeds} turns with it"
    unproven, enough = known is None or known.state == "trial", one.deeds >= rules.most_unasked
    if (counted >= _LEAST_DEEDS and one.chance_harmful >= rules.pause_at) or (by_chance and unproven):
        return Canary(one.rewrite_id, "paused", now, told)
    if unproven and alarmed:
        reason = "its stratum fails more often than leaving the requests alone"
        return Canary(one.rewrite_id, "asking", now, reason)
    if unproven and enough and one.chance_harmful > 0.5:
        return Canary(one.rewrite_id, "asking", now, told)
    return Canary(one.rewrite_id, "proven", now, told) if known is not None and unproven and enough else None


def _after_rest(one: Posterior, known: Canary, now: datetime, rules: Rules) -> Canary | None:
    if now - known.since < timedelta(days=rules.rest_days):
        return None
    return Canary(one.rewrite_id, "asking", now, f"paused on {known.since:%Y-%m-%d}: {known.reason}")


def _after_answers(one: Posterior, now: datetime) -> Canary | None:
    if one.lead < YES_LEAD:
        return None
    yes = (one.answers + one.lead) // 2
    return Canary(one.rewrite_id, "proven", now, f"{yes} of {one.answers} people who were asked said yes")


def _beyond(
    rows: Sequence[Rewrite], past: Past, said: Sequence[tuple[str, str, str | None]], harm: float
) -> list[Rewrite]:
    """Choose the rewrites likeliest to be worse, until the rest keeps every domain's budget."""
    turns = Counter(domain for _, _, domain in said if domain is not None)
    asked = Counter(request for request, _, _ in said)
    domains = {request: domain for request, _, domain in said if domain is not None}
    by_domain: dict[str, list[tuple[float, Rewrite]]] = defaultdict(list)
    for row, chance in zip(rows, _chances(rows, past), strict=True):
        if row.request in domains:
            by_domain[domains[row.request]].append((chance, row))
    found = []
    for domain, known in by_domain.items():
        left = sum(chance * asked[row.request] for chance, row in known)
        for chance, row in sorted(known, key=lambda pair: (-pair[0], pair[1].rewrite_id)):
            if left <= harm * max(turns[domain], _LEAST_TURNS):
                break
            left -= chance * asked[row.request]
            found.append(row)
    return found


def _chances(rows: Sequence[Rewrite], past: Past) -> list[float]:
    """Return the probability that each rewrite is worse than leaving its request alone, before it was ever acted on."""
    from uptake.ml.bounds import chance_better

    if not rows:
        return []
    counts = np.array([past.counts(row.request) for row in rows])
    return [float(x) for x in chance_better(0.0, 2.0, counts[:, 0], counts[:, 1] - counts[:, 0])]
