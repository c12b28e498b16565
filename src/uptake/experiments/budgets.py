"""Check change budgets: the share of a domain's traffic that a new release may treat differently from the served one.

A faulty learner changes much at once. So before an artifact is published, recent requests are given to the old and the
new steps, and the share of each domain's traffic whose treatment would change is compared with the domain's budget.

A user weighs at most three times the median user of the domain (at least ten requests), so that one frequent speaker
can neither use up the budget nor enlarge it.

Source: the per-domain change constraint of Kachuee et al., "Scalable and Robust Self-Learning for Skill Routing" (NAACL
2022). Limit: the share counts the requests given, with their frequency; a change to requests that nobody made lately is
free.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low
from typing import NamedTuple

from uptake.errors import ArtifactRefused, BadConfig
from uptake.protocols import Step
from uptake.types import Request, Situation

__all__ = ["Change", "changes", "refuse_over_budget"]

_NO_DOMAIN = "(unknown)"
_LEAST = 10  # requests that every user may weigh
_TIMES = 3  # the median user's requests
_JUDGED_FROM = 50  # requests of a domain


class Change(NamedTuple):
    """Share of one domain's traffic that would be treated differently."""

    domain: str
    """The domain; "(unknown)" where the log has none."""
    requests: float
    """Requests asked, each user's weighing no more than `changes` lets them."""
    changed: float
    """Those of them that would be acted on differently."""

    @property
    def share(self) -> float:
        """Share of changed requests, in [0, 1]."""
        return self.changed / max(self.requests, 1)


def changes(
    requests: Iterable[tuple[str, str, str | None]], before: Sequence[Step], after: Sequence[Step]
) -> list[Change]:
    """Run the old and the new steps on the same requests, and compare their decisions.

    Args:
        requests: (text, user_id, domain), each as often as it was made.
        before: The served steps.
        after: The new steps.

    Returns:
        One row a domain, most changed share first.
    """
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    changed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (text, user_id, domain), times in Counter(requests).items():
        request = Request(text=text, user_id=user_id)
        said[domain or _NO_DOMAIN][user_id] += times
        if _acted_on(before, request) != _acted_on(after, request):
            changed[domain or _NO_DOMAIN][user_id] += times
    rows = [_weighed(domain, users, changed[domain]) for domain, users in said.items()]
    return sorted(rows, key=lambda row: (-row.share, row.domain))


def _weighed(domain: str, said: Counter[str], changed: Counter[str]) -> Change:
    """Sum the requests of a domain, with each user's weight limited to `most`."""
    most = max(_LEAST, _TIMES * median_low(said.values()))
    weight = {user: min(1.0, most / times) for user, times in said.items()}
    return Change(
        domain,
        round(sum(weight[user] * times for user, times in said.items()), 6),
        round(sum(weight[user] * times for user, times in changed.items()), 6),
    )


def refuse_over_budget(
    found: Iterable[Change], *, budgets: Mapping[str, float] | None = None, budget: float = 0.05
) -> None:
    """Raise if a release exceeds the budget of a domain.

    Args:
        found: Result of `changes`.
        budgets: Domain -> largest share, in [0, 1], of its requests that may change.
        budget: The same for every other domain. A domain with fewer than 50 requests may change 50 times as much.

    Raises:
        ArtifactRefused: The message names the domains, their shares and their budgets.
    """
    limits = dict(budgets or {})
    if not all(0.0 <= share <= 1.0 for share in (*limits.values(), budget)):
        raise BadConfig("a budget is a share in [0, 1]")
    over = []
    for row in found:
        limit = limits.get(row.domain, budget)
        if row.changed > limit * max(row.requests, _JUDGED_FROM):
            over.append(f"{row.domain} changes {row.share:.1%} of {row.requests:.0f} requests (budget {limit:.1%})")
    if over:
        raise ArtifactRefused(
            f"changes more than {len(over)} domains' budgets allow: {'; '.join(over)}. Raise the budget knowingly, or "
            "release to a small arm of an experiment first"
        )


def _acted_on(steps: Sequence[Step], request: Request) -> str | None:
    for step in steps:
        decision = step(request, Situation())
        if decision is not None:
            return decision.acted_on
    return None
