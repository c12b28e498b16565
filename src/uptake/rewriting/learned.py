"""List everything learned about rewriting requests, layer by layer, with one identifier each.

    table     rewrites of exact requests, for everybody or for one person
    shared    wordings that enough people corrected to a request that works
    history   one person's rephrases that worked; "name" if it names a thing, in any request
    decided   decisions of any other step (n-best list, repairs, similarity) for one person, from the log
    said      a person's complaints and confirmations of meanings that no layer holds any more
    override  blocks and pins that people set themselves

The identifier is that of the meaning (`uptake.rewriting.identity`), so `uptake rewrites block` accepts it for any
layer; the table's own identifier, which logs refer to, is listed beside it. Personal rows are listed for that person
only.

Limit: the models behind repairs and the n-best list hold no rewrite that could be listed before a decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from uptake.rewriting.canaries import Canaries, Canary
from uptake.rewriting.guard import Guard
from uptake.rewriting.identity import Meaning, meaning_id, meaning_of
from uptake.rewriting.opinions import Opinion, Opinions
from uptake.rewriting.overrides import Overrides
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.history import FreshHistory, OwnPair
from uptake.rewriting.retrieval.lookup import Mine, Requests
from uptake.rewriting.retrieval.nicknames import understood
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.text.diff import changed_similarity
from uptake.types import Decision

__all__ = ["Layer", "Learned", "LearnedView", "State"]

Layer = Literal["table", "shared", "history", "name", "decided", "said", "override"]
State = Literal["acts", "asks", "paused", "suspended", "withdrawn", "blocked", "pinned"]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Learned rewrite of any layer."""

    rewrite_id: str
    """Identifier of its meaning, and of whom it is for."""
    layer: Layer
    user_id: str | None
    """User that it belongs to; None for everybody's."""
    request: str
    """A wording that leads to it."""
    acted_on: str
    """Text that is acted on."""
    state: State
    """Treatment that it would get now."""
    evidence: str
    """From what it was learned, in counts."""
    logged_as: str | None = None
    """Identifier under which the exact table logs it."""

    @property
    def meaning(self) -> Meaning:
        """Heard and meant text, without what the two share."""
        return meaning_of(self.request, self.acted_on)

    @property
    def sentence(self) -> str:
        """Description in words."""
        whole = self.layer in ("table", "shared")  # exact requests
        heard, meant = (self.request, self.acted_on) if whole else self.meaning
        whom = f"for {self.user_id}" if self.user_id else "for everybody"
        return f"{whom}: '{heard}' means '{meant}', {self.evidence}; {_STATES[self.state]}"

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON shows it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "heard": self.meaning.heard, "meant": self.meaning.meant, "sentence": self.sentence}

    def is_called(self, what: str) -> bool:
        """Tell whether an identifier is this one's, in the list or in the log."""
        return what in (self.rewrite_id, self.logged_as)


_STATES: Mapping[State, str] = {
    "acts": "acted on unasked",
    "asks": "asked first",
    "paused": "paused",
    "suspended": "suspended after a complaint",
    "withdrawn": "withdrawn",
    "blocked": "blocked",
    "pinned": "pinned",
}


_TRIED: Mapping[str, State] = {"asking": "asks", "paused": "paused"}  # the others are acted on


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedView:
    """View of the content of all layers.

    Args:
        table: Rewrites of exact requests; None if none were published.
        index: Requests that work; None if none were published.
        fresh: What each person said since.
        opinions: People's complaints and confirmations.
        overrides: Blocks and pins.
        withdrawn: Rows of withdrawals, each with `rewrite_id` and `reason`.
        canaries: Rewrites that are asked about, paused or proven.
        guard: Decides which rewrites are asked about first.
    """

    table: RewriteTable | None
    index: RequestIndex | None
    fresh: FreshHistory
    opinions: Opinions
    overrides: Overrides
    withdrawn: Sequence[Mapping[str, Any]] = ()
    canaries: Canaries = field(default_factory=Canaries)
    guard: Guard

    def rows(self, user_id: str | None, decided: Mapping[tuple[str, str], int] | None = None) -> list[Learned]:
        """List what was learned for one person, or (None) for everybody; each meaning of a layer once.

        Args:
            user_id: The person.
            decided: (request, acted on) -> times, of this person's turns in the log.
        """
        found: dict[str, Learned] = {}
        for row in (*self._learned(user_id), *self._noted(user_id, decided or {})):
            found.setdefault(row.rewrite_id, row)
        gone = {name: one for one in self.withdrawn for name in _names(one)}
        return [self._judged(row, gone.get(row.rewrite_id) or gone.get(row.logged_as or "")) for row in found.values()]

    def gone(self, user_id: str | None, decided: Mapping[tuple[str, str], int] | None = None) -> list[Learned]:
        """List what was suspended, paused or withdrawn; with withdrawals whose rows no layer holds any more."""
        rows = self.rows(user_id, decided)
        known = {one for row in rows for one in (row.rewrite_id, row.logged_as)}
        lost = [_withdrawn(one) for one in self.withdrawn if not known & _names(one)]
        return [one for one in rows if one.state in ("suspended", "paused", "withdrawn")] + [
            one for one in lost if one is not None and one.user_id == user_id
        ]

    def _learned(self, user_id: str | None) -> Iterator[Learned]:
        requests = Requests(self.index or RequestIndex.of([]), self.fresh)
        for row in self.table.rows() if self.table is not None else ():
            if row.user_id == user_id:
                made = _of_table(row)
                yield made if user_id is None else self._unless_coincidence(made, requests.days(user_id, made.meaning))
        if user_id is None:
            yield from self._shared()
            return
        mine = requests.mine(user_id)
        groups: dict[str, list[OwnPair]] = {}
        for pairs in mine.led.values():
            for pair in pairs:
                groups.setdefault(meaning_id(pair.request, pair.acted_on, user_id), []).append(pair)
        for name, pairs in groups.items():
            yield self._of_history(name, user_id, pairs, mine)

    def _unless_coincidence(self, row: Learned, days: int) -> Learned:
        """A person's row of the table; asked first where the guard would."""
        decision = Decision(
            step=row.layer,
            acted_on=row.acted_on,
            rewrite_id=row.rewrite_id,
            artifact_version=None,
            layer="personal",
            reason="",
            occasions=days,
        )
        return replace(row, state="asks") if self.guard.is_coincidence(row.request, decision, None) else row

    def _of_history(self, name: str, user_id: str, pairs: Sequence[OwnPair], mine: Mine) -> Learned:
        """Build a row from one person's repairs; it is confirmed first where the guard takes it for a coincidence."""
        days = sorted({day for pair in pairs for day in pair.days})
        repairs = sum(pair.uses for pair in pairs)
        on = (
            f" on {_date(days[0])}"
            if len(days) == 1
            else f" on {len(days)} days since {_date(days[0])}"
            if days
            else ""
        )
        named = any(True for pair in pairs for _ in understood(mine, pair.acted_on, pair.request))
        first = pairs[0]
        alike = changed_similarity(first.request, first.acted_on) >= self.guard.own_alike
        return Learned(
            rewrite_id=name,
            layer="name" if named else "history",
            user_id=user_id,
            request=first.request,
            acted_on=first.acted_on,
            state="acts" if len(days) >= self.guard.own_days or alike or not named else "asks",
            evidence=f"from {_times(repairs, 'repair')}{on}",
        )

    def _shared(self) -> Iterator[Learned]:
        for known in self.index.rows() if self.index is not None else ():
            if known.leads_to is not None:
                yield _row("shared", None, known.text, known.leads_to, f"corrected so by {known.users} users")

    def _noted(self, user_id: str | None, decided: Mapping[tuple[str, str], int]) -> Iterator[Learned]:
        for (request, acted_on), times in decided.items():
            yield _row(
                "decided",
                user_id,
                request,
                acted_on,
                f"decided {_times(times)}, by similarity, a repair or the n-best list",
            )
        for one in self.opinions.of(user_id) if user_id is not None else ():
            yield _row("said", user_id, one.heard, one.meant, "as the person said")
        for override in self.overrides:
            if override.user_id == user_id and override.lifted is None and (override.rewrite or override.meant):
                acted_on = override.rewrite or override.meant or ""
                yield _row("override", user_id, override.request, acted_on, "set by a person")

    def _judged(self, row: Learned, gone: Mapping[str, Any] | None) -> Learned:
        """Return the row with its state, and complaints and withdrawal in its evidence."""
        opinion = self.opinions.find(row.user_id, row.meaning) if row.user_id is not None else None
        evidence = row.evidence if gone is None or row.layer != "override" else "learned before"
        if opinion is not None and opinion.complaints:
            evidence += f", {_times(opinion.complaints, 'complaint')}, the last on {opinion.at}"
        if opinion is not None and opinion.agreed:
            evidence += f", a yes on {opinion.at}"
        canary = self.canaries.by_name.get(row.logged_as or "") or self.canaries.by_name.get(row.rewrite_id)
        if gone is not None:
            on = f" on {gone['at'][:10]}" if gone.get("at") else ""
            evidence += f", withdrawn{on}: {gone.get('reason', 'it did harm')}"
        elif canary is not None:
            on = "on trial" if canary.state == "trial" else canary.state
            evidence += f", {on} since {canary.since:%Y-%m-%d}: {canary.reason}"
        state = self._state(row, opinion, canary, withdrawn=gone is not None)
        if state == "acts" and (why := self.guard.asks_first(row.request, row.acted_on)) is not None:
            evidence, state = f"{evidence}, {why.removesuffix(': asks first')}", "asks"
        return replace(row, evidence=evidence, state=state)

    def _state(self, row: Learned, opinion: Opinion | None, canary: Canary | None, *, withdrawn: bool) -> State:
        override = self.overrides.find(row.request, row.user_id)
        if override is not None and override.rewrite is not None:
            return "pinned"
        if withdrawn:
            return "withdrawn"
        if override is not None or self.overrides.blocks(row.meaning, row.user_id):
            return "blocked"
        if opinion is not None and opinion.suspended:
            return "suspended"
        tried = _TRIED.get(canary.state) if canary is not None else None
        agreed = opinion is not None and opinion.agreed and tried != "paused"
        return "acts" if agreed else tried or row.state


def _of_table(row: Rewrite) -> Learned:
    evidence = row.evidence
    told = (
        f"from {_times(evidence.users, 'user')} in {_times(evidence.sessions, 'session')}: success at least "
        f"{evidence.success_after:.0%} with it, at most {evidence.success_before:.0%} without"
    )
    made = _row("table", row.user_id, row.request, row.acted_on, told)
    return replace(made, logged_as=row.rewrite_id)


def _row(layer: Layer, user_id: str | None, request: str, acted_on: str, evidence: str) -> Learned:
    return Learned(
        rewrite_id=meaning_id(request, acted_on, user_id),
        layer=layer,
        user_id=user_id,
        request=request,
        acted_on=acted_on,
        state="acts",
        evidence=evidence,
    )


def _names(row: Mapping[str, Any]) -> set[str]:
    """Return the identifiers of a withdrawal: of its rewrite, and of its meaning where that was kept."""
    request, acted_on = row.get("request"), row.get("acted_on")
    meaning = {meaning_id(request, acted_on, row.get("user_id"))} if request and acted_on else set()
    return {row["rewrite_id"]} | meaning


def _withdrawn(row: Mapping[str, Any]) -> Learned | None:
    """Return a withdrawal whose rewrite no layer holds any more; None where its request was not kept."""
    request, acted_on = row.get("request"), row.get("acted_on") or "another request"
    if not request:
        return None
    made = _row("table", row.get("user_id"), request, acted_on, f"withdrawn: {row.get('reason', 'it did harm')}")
    return replace(made, rewrite_id=row["rewrite_id"], logged_as=row["rewrite_id"], state="withdrawn")


def _times(count: int, thing: str = "time") -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _date(day: int) -> str:
    at = _EPOCH + timedelta(days=day)
    return f"{at.day} {at:%B %Y}"
