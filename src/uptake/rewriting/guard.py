"""Rules that no proposal may break, however strong the evidence of a learner.

- A request that steers the conversation ("stop") is never rewritten.
- A rewrite that destroys, ends, unlocks, opens, spends or sends something is acted on only after the user confirmed
  it, unless the request itself was that action on that thing, word for word but for articles and politeness.
- A rewrite that does the opposite, changes a number, a time or a negation needs evidence of its own to be asked about,
  and no evidence lets it pass unasked: "turn on" and "turn off" are as near as two requests can be, to every measure of
  likeness, and whoever may write to the log can write evidence.
- Where the assistant can tell what would change (`uptake.protocols.Foresees`), a proposal is judged by that as well:
  one that destroys or opens something is asked about first, and so is one that changes what was only asked about, or
  is in the place of a request that is understood surely, as something else.
- What one person's own past suggests is asked about first where it names another thing than was heard, until the
  person said yes to it or repaired it so on `own_days` days: one coincidence is no name. A respelling is not another
  thing: it is as alike, in letters and sounds, as a mishearing must be (`uptake.rewriting.retrieval.near`).
- Of any `budget_window` requests in a row, at most a share may be rewritten into one domain, so that one bad
  release cannot take a domain over; and of one user's requests among them, no larger share, so that nobody can use the
  budget up for others.

Where a decision carries a reading, all this is asked of the reading in words as well.

Source of the budget: Kachuee et al., "Scalable and Robust Self-Learning for Skill Routing" (NAACL 2022), who
bound the policy's change per domain; the form here is ours. Limit: the word lists (`uptake.text.lexicon`,
`uptake.text.deeds`) are English; other languages get the budget, the blocks and what the assistant foresees.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from uptake.errors import BadConfig
from uptake.rewriting.identity import UNSAID
from uptake.rewriting.verbalize import wording
from uptake.text.deeds import contrary, irrevocable, reaches_further
from uptake.text.diff import changed_similarity
from uptake.text.lexicon import critical_words, is_control
from uptake.text.normalize import normalize
from uptake.types import Consequence, Decision, Interpretation

__all__ = ["Doubt", "Guard", "Verdict"]

_Charge = tuple[str | None, str | None]
_USER_SHARE = 0.1  # of a domain's budget that anybody may use, however few requests they made


class Verdict(NamedTuple):
    """Verdict of the guard on a proposal."""

    verdict: Literal["allowed", "confirm", "refused"]
    """"confirm": allowed, but the user must be asked first."""
    reason: str
    """Reason, without anybody's words."""
    decision: Decision | None
    """The proposal as it may be acted on; None where refused."""


class Doubt(NamedTuple):
    """Reasons to ask a person first, by the consequence of a proposal."""

    reason: str
    """Reason, without anybody's words."""
    always: bool
    """Whether a yes of theirs settles only this once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Filter that refuses proposals that must not be acted on, and marks those that need a confirmation.

    Args:
        contrary_users: Fewest homes behind a rewrite that does the opposite, or changes a number, a time or a negation,
            before anybody is asked about it. A personal rewrite has one home, so it never qualifies.
        contrary_success: Smallest lower bound, in [0, 1], of the success rate with such a rewrite.
        budget_share: Largest share, in [0, 1], of requests that may be rewritten into one domain, of all requests and
            of one user's; a tenth of a domain's budget is open to any user.
        budget_window: Number of consecutive requests over which the share is computed.
        own_days: Fewest days on which a person must have made a repair to another thing before it is acted on unasked;
            a yes is enough, too.
        approved_only: Whether only rewrites that a person approved, by a pin, are acted on.
        own_alike: Smallest similarity, in [0, 1], of letters and sounds of the exchanged words for a respelling of the
            same thing.
        sure: Confidence, in [0, 1], from which the assistant's own interpretation is kept.
        acts: Confidence, in [0, 1], from which that interpretation would be acted on.
    """

    contrary_users: int = 25
    contrary_success: float = 0.8
    budget_share: float = 0.2
    budget_window: int = 1_000
    own_days: int = 2
    own_alike: float = 0.35
    sure: float = 0.9
    acts: float = 0.5
    approved_only: bool = False

    _recent: deque[tuple[_Charge, ...]] = field(init=False, repr=False, compare=False, default_factory=deque)
    _spent: dict[_Charge, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, repr=False, compare=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.contrary_users < 1 or self.budget_window < 1:
            raise BadConfig("contrary_users and budget_window must be at least 1")
        for name in ("contrary_success", "budget_share", "own_alike", "sure", "acts"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in [0, 1], got {getattr(self, name)}")

    def check(self, request: str, proposal: Decision, user_id: str | None = None) -> Verdict:
        """Judge a proposal for a normalised request; an allowed one is charged to its domain's budget.

        Args:
            request: Normalised text as heard.
            proposal: What is proposed.
            user_id: Who made the request; None where unknown.
        """
        words = _compared(request, _texts(proposal), proposal.interpretation is None)
        if proposal.layer != "pin":
            if self.approved_only:
                return Verdict("refused", "waits until a person approves it", None)
            if is_control(request):
                return Verdict("refused", "a request that steers the conversation is left alone", None)
            if words.change and (lack := self._lacks(proposal)):
                return Verdict("refused", f"{words.change}: {lack}", None)
            if not self.charge(proposal.domain, user_id):
                return Verdict("refused", "the budget of its domain is used up", None)
        if why := words.critical or (words.doubt if proposal.layer != "pin" else None):
            return Verdict("confirm", why, replace(proposal, must_confirm=True, unproven=proposal.layer != "pin"))
        return Verdict("allowed", "nothing speaks against it", proposal)

    def refuses(self, request: str, proposal: Decision) -> bool:
        """Tell whether a proposal would do the contrary on too little evidence; nothing is charged."""
        words = _compared(request, _texts(proposal), proposal.interpretation is None)
        return words.change is not None and self._lacks(proposal) is not None

    def asks_first(self, request: str, acted_on: str) -> str | None:
        """Return why people are asked about a rewrite each time, by its words alone; None where they are not.

        Args:
            request: Normalised text as heard.
            acted_on: Text that would be acted on.
        """
        words = _compared(request, (acted_on,), True)
        return words.critical or words.doubt

    def doubt(self, sure: float | None, heard: Consequence | None, meant: Consequence | None) -> Doubt | None:
        """Return why a person is asked first, by what would change; None where nothing speaks against it.

        Args:
            sure: Confidence, in [0, 1], in the request as heard; None where nobody was asked.
            heard: What would change if it was acted on as heard; None where it is understood as nothing.
            meant: What would change instead.
        """
        if meant is None or meant == heard:
            return None
        if meant.irrevocable:
            return Doubt("would destroy, end, open or spend something", always=True)
        if heard is None or sure is None:
            return None
        reason = None
        if meant.changes and not heard.changes and heard.things & meant.things:
            reason = "would change what was only asked about"
        elif sure >= self.acts and _undoes(heard, meant):
            reason = "would do something else to the same thing"
        elif sure >= max(self.acts, self.sure) and not self._respells(heard, meant):
            reason = "in the place of a request that is understood surely"
        return Doubt(reason, always=False) if reason is not None else None

    def is_coincidence(self, request: str, decided: Decision, reading: Interpretation | None) -> bool:
        """Tell whether too few occasions stand behind a proposal that names another thing than was heard.

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

    def charge(self, domain: str | None, user_id: str | None) -> bool:
        """Charge a rewrite to the budget of its domain; returns whether there was any left."""
        key = domain or ""
        with self._lock:
            self._forget_oldest()
            budget, spent = self.budget_share * self.budget_window, self._spent
            if spent.get((key, None), 0) + 1 > budget:
                return False
            if user_id is not None:
                own = self.budget_share * (spent.get((None, user_id), 0) + 1)
                if spent.get((key, user_id), 0) + 1 > max(own, _USER_SHARE * budget, 1.0):
                    return False
            self._remember(key, user_id)
        return True

    def pass_by(self, user_id: str | None = None) -> None:
        """Count a request that no budget was charged for."""
        with self._lock:
            self._remember(None, user_id)

    def _lacks(self, proposal: Decision) -> str | None:
        """Return the evidence that a proposal to do the contrary lacks to be asked about; None where it has it."""
        evidence = proposal.evidence
        if evidence and evidence.users >= self.contrary_users and evidence.success_after >= self.contrary_success:
            return None
        found = f"{evidence.users} and {evidence.success_after:.0%}" if evidence else "none"
        return f"needs {self.contrary_users} users and success {self.contrary_success:.0%}, has {found}"

    def _respells(self, heard: Consequence, meant: Consequence) -> bool:
        """Tell whether two do the same to the same things, with values that are spelled alike and hold no number."""
        same = (heard.intent, heard.things, [slot for slot, _ in heard.values])
        if same != (meant.intent, meant.things, [slot for slot, _ in meant.values]):
            return False
        pairs = [(one, other) for (_, one), (_, other) in zip(heard.values, meant.values, strict=True) if one != other]
        return all(
            not _digits(one, other) and changed_similarity(normalize(one), normalize(other)) >= self.own_alike
            for one, other in pairs
        )

    def _remember(self, domain: str | None, user_id: str | None) -> None:
        self._forget_oldest()
        charged = _charged(domain, user_id)
        self._recent.append(charged)
        spent = self._spent
        for key in charged:
            spent[key] = spent.get(key, 0) + 1

    def _forget_oldest(self) -> None:
        """Make room for one more in the window."""
        recent, spent = self._recent, self._spent
        while len(recent) >= self.budget_window:
            for key in recent.popleft():
                left = spent[key] - 1
                if left:
                    spent[key] = left
                else:
                    del spent[key]


class _Compared(NamedTuple):
    """Differences of the words of a proposal from those of the request."""

    change: str | None
    """How it would do the contrary; None where it would not."""
    doubt: str | None
    """Why it is asked about first: it does the contrary, reaches further, or destroys, ends, opens or spends something
    that the request did not; None where nothing of it is so."""
    critical: str | None
    """Why it is asked about even where a person pinned it: it is critical, and the request did not say the same."""


@lru_cache(maxsize=1_024)
def _compared(request: str, texts: tuple[str, ...], ordered: bool) -> _Compared:
    """Compare the words alone; what is asked for often is compared once."""
    other = [text for text in texts if _said(request) != _said(text)]
    change = next(filter(None, (contrary(request, text, ordered=ordered) for text in texts)), None)
    doubt = change
    if doubt is None and any(reaches_further(request, text) for text in texts):
        doubt = "reaches further than the request"
    if doubt is None and any(irrevocable(text) for text in other):
        doubt = "destroys, ends, opens or spends something"
    critical = any(critical_words(text) for text in other)
    return _Compared(
        change,
        f"{doubt}: asks first" if doubt is not None else None,
        "a critical action: asks first" if critical else None,
    )


def _charged(domain: str | None, user_id: str | None) -> tuple[_Charge, ...]:
    """Return what a request counts in: its domain, its user's requests, and its user's in the domain."""
    if domain is None:
        return ((None, user_id),) if user_id is not None else ()
    return ((domain, None), (None, user_id), (domain, user_id)) if user_id is not None else ((domain, None),)


def _undoes(heard: Consequence, meant: Consequence) -> bool:
    """Tell whether two deeds meet in one thing, or one deed is done with other numbers."""
    if not (heard.changes and meant.changes):
        return False
    if heard.intent == meant.intent:
        before, after = dict(heard.values), dict(meant.values)
        return any(
            _digits(before.get(slot, ""), after.get(slot, "")) and before.get(slot) != after.get(slot)
            for slot in before | after
        )
    return bool(heard.things & meant.things)


def _digits(*values: str) -> bool:
    return any(mark.isdigit() for value in values for mark in value)


def _texts(proposal: Decision) -> tuple[str, ...]:
    """Return the words that would be acted on: the text, and the reading where there is one."""
    if proposal.interpretation is None:
        return (proposal.acted_on,)
    return tuple(dict.fromkeys((proposal.acted_on, wording(proposal.interpretation))))


def _said(text: str) -> list[str]:
    """Return the words that carry the meaning, in order: "transfer from a to b" is not "from b to a"."""
    return [word for word in text.split() if word not in UNSAID]
