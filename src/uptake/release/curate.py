"""List rewrites and change them by a person's decision: block, pin, and undo either.

The command line, the service and the console use these functions, so that they agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from uptake import config as configuration
from uptake.experiments.withdrawn import read_withdrawn
from uptake.release.state import State
from uptake.rewriting.guard import Guard
from uptake.rewriting.learned import Learned, LearnedView
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.overrides import Override
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.rewriting.table.artifact import RewriteTable
from uptake.text.normalize import normalize

__all__ = ["Change", "block", "decided", "learned_view", "pin", "rows_about", "rows_named"]


class Change(NamedTuple):
    """Result of a person's decision."""

    override: Override
    """The first override that was set or dropped."""
    changed: bool
    """Whether anything was."""
    lifted: bool = False
    """Whether complaints about it were taken back."""
    only_lifted: bool = False
    """Whether nothing but complaints was taken back."""


def learned_view(state: State) -> LearnedView:
    """Load all served artifacts and people's decisions about them.

    Raises:
        ArtifactRefused: A served artifact is damaged.
        BadRecord: A file of decisions is damaged.
    """
    store = state.artifacts
    return LearnedView(
        table=store.load(RewriteTable) if store.current_version(RewriteTable.kind) else None,
        index=store.load(RequestIndex) if store.current_version(RequestIndex.kind) else None,
        fresh=FreshHistory.beside(state.learning),
        opinions=Opinions.beside(state.learning),
        overrides=state.overrides.read(),
        withdrawn=read_withdrawn(state.withdrawn),
        canaries=state.canaries.read(),
        guard=configuration.build(Guard, "guard", state.config),
    )


def decided(state: State, user_id: str | None) -> dict[tuple[str, str], int]:
    """Count the pairs (normalised request, acted on) in one user's turns; empty if `user_id` is None."""
    if user_id is None or not state.log.exists():
        return {}
    import pyarrow.compute as pc

    counts: Counter[tuple[str, str]] = Counter()
    for table in state.log.tables():
        own = table.filter(pc.and_(pc.equal(table["user_id"], user_id), pc.is_valid(table["acted_on"])))
        requests = map(normalize, own["request"].to_pylist())
        counts.update(zip(requests, own["acted_on"].to_pylist(), strict=True))
    return dict(counts)


def rows_about(
    view: LearnedView, text: str, user_id: str | None, known: Mapping[tuple[str, str], int]
) -> list[Learned]:
    """Return the rows that concern a request: it contains the words of the row's meaning, or equals its request."""
    words = set(text.split())
    return [row for row in view.rows(user_id, known) if row.request == text or set(row.meaning.heard.split()) <= words]


def rows_named(state: State, view: LearnedView, what: str, user_id: str | None) -> list[Learned]:
    """Return the rows with an identifier, among the user's personal ones and the global ones."""
    for_all = view.rows(None) if user_id is not None else []
    return [row for row in (*view.rows(user_id, decided(state, user_id)), *for_all) if row.is_called(what)]


def block(state: State, what: str, user_id: str | None = None, *, undo: bool = False, dry_run: bool = False) -> Change:
    """Block a request, so that it is never rewritten again in any wording; or undo that, and complaints about it.

    Args:
        state: The state directory.
        what: A request, or the identifier of a rewrite, which blocks that meaning only.
        user_id: User to whom the block applies; None for everybody.
        undo: Whether to remove a block.
        dry_run: Whether to check only and change nothing.

    Raises:
        BadRecord: The request holds no word, or the file of decisions is damaged.
        StorageFailed: The disk refused.
    """
    view = learned_view(state)
    called = rows_named(state, view, what, user_id)
    rows = called or rows_about(view, normalize(what), user_id, decided(state, user_id))
    meanings = {row.meaning for row in rows}
    blocks = [Override(heard, None, user_id, meant) for heard, meant in sorted(meanings)]
    if not called:
        blocks.insert(0, Override(what, None, user_id))
    lifted = [view.opinions.lift(user_id, one) for one in meanings if undo and not dry_run and user_id is not None]
    until = _last_said(state, user_id) if undo and user_id is not None else None
    return _apply(state, blocks, undo=undo, dry_run=dry_run, lifted=any(lifted), until=until)


def pin(
    state: State,
    request: str,
    rewrite: str | None,
    user_id: str | None = None,
    *,
    undo: bool = False,
    dry_run: bool = False,
) -> Change:
    """Pin a rewrite, so that it is always acted on when the request is heard; or undo that.

    With `undo`, the rewrite may be None.

    Raises:
        BadRecord: The request or the rewrite holds no word, they are the same, or the file of decisions is damaged.
        StorageFailed: The disk refused.
    """
    return _apply(state, [Override(request, rewrite or "", user_id)], undo=undo, dry_run=dry_run)


def _apply(
    state: State,
    overrides: list[Override],
    *,
    undo: bool,
    dry_run: bool,
    lifted: bool = False,
    until: str | None = None,
) -> Change:
    """Set or remove overrides. Removing a block also records the time up to which complaints are lifted."""
    file, changed, only_lifted = state.overrides, lifted, lifted
    for at, override in enumerate(overrides):
        if undo:
            dropped = file.drop(override, dry_run=dry_run)
            changed, only_lifted = changed or dropped, only_lifted and not dropped
            if until is not None and override.meant is not None and (dropped or lifted) and not dry_run:
                file.put(override._replace(lifted=until))
        else:
            overrides[at], changed = file.put(override, dry_run=dry_run), True
    return Change(overrides[0], changed, lifted, only_lifted)


def _last_said(state: State, user_id: str) -> str | None:
    """Return the time of a user's last turn in the log, in ISO 8601; None if there is none."""
    if not state.log.exists():
        return None
    import pyarrow.compute as pc

    from uptake.log.schema import from_micros

    found = [
        last.as_py()
        for table in state.log.tables()
        if (last := pc.max(table.filter(pc.equal(table["user_id"], user_id))["said_at"])).is_valid
    ]
    return from_micros(max(found)).isoformat() if found else None
