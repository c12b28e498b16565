"""Rules that no proposal may break, however strong the evidence of a learner.

- A request that steers the conversation ("stop") is never rewritten.
- A rewrite into a critical action (unlock, buy, call, delete, …) is acted on only after the user confirmed it,
  unless the request itself was that action on that thing, word for word but for articles and politeness.
- A rewrite that turns a word into its opposite, changes a number or a negation needs evidence of its own:
  "turn on" and "turn off" are as near as two requests can be, to every measure of likeness.
- What one person's own past suggests is asked about first where it names another thing than was heard, until the
  person said yes to it or repaired it so on `own_days` days: one coincidence is no name. A respelling is not another
  thing: it is as alike, in letters and sounds, as a mishearing must be (`uptake.rewriting.retrieval.near`).
- Of any `budget_window` requests in a row, at most a share may be rewritten into one domain, so that one bad
  release cannot take a domain over.

Where a decision carries a reading, all this is asked of the reading in words as well.

Source of the budget: Kachuee et al., "Scalable and Robust Self-Learning for Skill Routing" (NAACL 2022), who
bound the policy's change per domain; the form here is ours. Limit: the word lists are English
(`uptake.text.lexicon`); other languages get the budget, the blocks and nothing more.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from uptake.errors import BadConfig
from uptake.rewriting.identity import UNSAID
from uptake.rewriting.verbalize import wording
from uptake.text.diff import changed_similarity
from uptake.text.lexicon import critical_words, is_control, negations, numbers, opposites
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation

__all__ = ["Guard", "Verdict"]


class Verdict(NamedTuple):
    """Ruling of the guard on a proposal."""

    verdict: Literal["allowed", "confirm", "refused"]
    """"confirm": allowed, but the user must be asked first."""
    reason: str
    """Reason, without anybody's words."""
    decision: Decision | None
    """The proposal as it may be acted on; None where refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Refuses proposals that must not be acted on, and marks those that need a confirmation.

    Args:
        contrary_users: Fewest users behind a rewrite that changes polarity, a number or a negation. A user's own
            rewrite has one user, so it never does.
        contrary_success: Least lower bound, in [0, 1], of success with such a rewrite.
        budget_share: Largest share, in [0, 1], of requests that may be rewritten into one domain.
        budget_window: Over how many requests in a row the share is taken.
        own_days: Fewest days on which a person must have taught it before another thing than was heard is acted on
            unasked; a yes does as well.
        approved_only: Whether nothing is acted on before a person approved it, which is a pin.
        own_alike: Least likeness, in [0, 1], of letters and sounds of what is exchanged, from which it is a respelling
            of the same thing.
    """

    contrary_users: int = 25
    contrary_success: float = 0.8
    budget_share: float = 0.2
    budget_window: int = 1_000
    own_days: int = 2
    own_alike: float = 0.35
    approved_only: bool = False

    _recent: deque[str | None] = field(init=False, repr=False, compare=False, default_factory=deque)
    _spent: Counter[str] = field(init=False, repr=False, compare=False, default_factory=Counter)
    _lock: threading.Lock = field(init=False, repr=False, compare=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.contrary_users < 1 or self.budget_window < 1:
            raise BadConfig("contrary_users and budget_window must be at least 1")
        if not all(0.0 <= share <= 1.0 for share in (self.contrary_success, self.budget_share, self.own_alike)):
            raise BadConfig("contrary_success, budget_share and own_alike must be in [0, 1]")

    def check(self, request: str, proposal: Decision) -> Verdict:
        """Judge a proposal for a normalised request; an allowed one is charged to its domain's budget."""
        pinned = proposal.layer == "pin"
        if not pinned:
            if self.approved_only:
                return Verdict("refused", "waits until a person approves it", None)
            if is_control(request):
                return Verdict("refused", "a request that steers the conversation is left alone", None)
            contrary = next(filter(None, (self._contrary(request, text, proposal) for text in _texts(proposal))), None)
            if contrary:
                return Verdict("refused", contrary, None)
            if not self._spend(proposal.domain):
                return Verdict("refused", "the budget of its domain is used up", None)
        if any(_newly_critical(request, text) for text in _texts(proposal)):
            return Verdict("confirm", "a critical action: asks first", replace(proposal, must_confirm=True))
        return Verdict("allowed", "nothing speaks against it", proposal)

    def is_coincidence(self, request: str, decided: Decision, reading: Interpretation | None) -> bool:
        """Whether too few occasions stand behind a proposal that names another thing than was heard.

        Args:
            request: Normalised text as heard.
            decided: What is proposed.
            reading: What the proposal would be understood as; None where nobody can be asked.
        """
        if decided.occasions is None or decided.occasions >= self.own_days:
            return False
        heard, meant = set(request.split()), set(decided.acted_on.split())
        named = meant if reading is None else {word for _, value in reading.slots for word in normalize(value).split()}
        other = (named & meant) - heard - UNSAID
        return bool(other) and changed_similarity(request, decided.acted_on) < self.own_alike

    def pass_by(self) -> None:
        """Count a request that no budget was charged for."""
        with self._lock:
            self._remember(None)

    def _contrary(self, request: str, rewrite: str, proposal: Decision) -> str | None:
        """Return why a proposal is refused that changes polarity, a number or a negation; None where it does not."""
        evidence = proposal.evidence
        if opposites(request, rewrite):
            change = "turns a word into its opposite"
        elif _numbers(request, proposal) != _numbers(rewrite, proposal):
            change = "changes a number"
        elif negations(request) != negations(rewrite):
            change = "changes a negation"
        else:
            return None
        if evidence and evidence.users >= self.contrary_users and evidence.success_after >= self.contrary_success:
            return None
        found = f"{evidence.users} and {evidence.success_after:.0%}" if evidence else "none"
        return f"{change}: needs {self.contrary_users} users and success {self.contrary_success:.0%}, has {found}"

    def _spend(self, domain: str | None) -> bool:
        key = domain or ""
        with self._lock:
            while len(self._recent) >= self.budget_window:
                self._forget_oldest()
            if self._spent[key] + 1 > self.budget_share * self.budget_window:
                return False
            self._remember(key)
        return True

    def _remember(self, domain: str | None) -> None:
        while len(self._recent) >= self.budget_window:
            self._forget_oldest()
        self._recent.append(domain)
        if domain is not None:
            self._spent[domain] += 1

    def _forget_oldest(self) -> None:
        oldest = self._recent.popleft()
        if oldest is not None:
            self._spent[oldest] -= 1


def _texts(proposal: Decision) -> tuple[str, ...]:
    """Return the words that would be acted on: the text, and the reading where there is one."""
    if proposal.interpretation is None:
        return (proposal.acted_on,)
    return tuple(dict.fromkeys((proposal.acted_on, wording(proposal.interpretation))))


def _numbers(text: str, proposal: Decision) -> Sequence[str]:
    """Return the numbers of a text, in order; a reading's slots have none."""
    found = numbers(text)
    return found if proposal.interpretation is None else sorted(found)


def _newly_critical(request: str, rewrite: str) -> bool:
    """Whether a rewrite asks for something critical that the request did not ask for in the same words."""
    return bool(critical_words(rewrite)) and _said(request) != _said(rewrite)


def _said(text: str) -> list[str]:
    """Return the words that carry the meaning, in order: "transfer from a to b" is not "from b to a"."""
    return [word for word in text.split() if word not in UNSAID]
