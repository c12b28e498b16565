"""`uptake rewrites`: what was learned, why, and what people decide themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from uptake import config as configuration
from uptake.apps.cli.ask import readable, user_option
from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.experiments.withdrawal import read_withdrawn
from uptake.report.rewrite_graph import Move, draw, shown
from uptake.rewriting.guard import Guard
from uptake.rewriting.learned import Learned, LearnedView
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.overrides import Override, OverridesFile
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.durable import storage
from uptake.text.normalize import normalize
from uptake.types import Evidence

__all__ = ["command"]

_MOST = 20
_dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
_undo_option = click.option("--undo", is_flag=True, help="Remove it again.")


@click.group(name="rewrites", epilog="Example: uptake rewrites list")
def command() -> None:
    """List, explain, block and pin rewrites."""


@command.command(name="list", epilog="Example: uptake rewrites list --user ann")
@user_option(help="Show what was learned for this user alone [default: for everybody].")
@click.option("--withdrawn", is_flag=True, help="Show what was withdrawn, paused or suspended, and why.")
@click.option("--limit", type=click.IntRange(min=1), help=f"Most rows [default: {_MOST}; with --json all].")
@json_option
@state_option
def list_(user_id: str | None, withdrawn: bool, limit: int | None, as_json: bool, state: State) -> None:
    """Show every learned rewrite with its identifier, its evidence and what would happen now.

    Rewrites of a single user are shown only with --user.
    """
    view, decided = _view(state), _decided(state, user_id)
    rows = view.gone(user_id, decided) if withdrawn else view.rows(user_id, decided)
    chosen = rows[: limit or (None if as_json else _MOST)]
    for row in chosen if as_json else ():
        print_json(_as_json(row, view.table))
    if chosen and not as_json:
        print_table(("id", "layer", "state", "what"), map(_cells, chosen))
    hidden = len(rows) - len(chosen)
    more = f"; {hidden:,} more, see --limit" if hidden > 0 else ""
    own = 0 if view.table is None else int((view.table.table["user"] > 0).sum())
    click.echo(f"{len(chosen):,} rewrites shown{more}; {own:,} of the table belong to single users", err=True)
    ranker = state.artifacts.load(Ranker) if user_id and state.artifacts.current_version(Ranker.kind) else None
    habit = ranker.habit_in_words(user_id) if ranker is not None and user_id is not None else None
    if habit:
        click.echo(f"the ranker knows of {user_id}: {habit}", err=True)


@command.command(epilog='Example: uptake rewrites why "play harry porter" --svg why.svg')
@click.argument("request", metavar="ID|REQUEST", callback=readable)
@user_option(help="Explain what this user gets.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the paths into this file.")
@json_option
@state_option
def why(request: str, user_id: str | None, svg: Path | None, as_json: bool, state: State) -> None:
    """Explain a rewrite, by request or identifier: for whom and from what it was learned, and what would happen now.

    A rewrite of the table is explained by what people said after the request, in counts.

    Wordings that too few users share are counted as "other wordings": nobody's own words are shown.
    """
    view = _view(state)
    named = [row for row in view.rows(user_id, _decided(state, user_id)) if row.is_called(request)]
    text = named[0].request if named else normalize(request)
    rows = named or _about(view, text, user_id, _decided(state, user_id))
    table = view.table or RewriteTable.from_rows(())
    rewrite = table.lookup(text, user_id)
    override = _file(state).read().find(text, user_id)
    moves = _moves(table, text)
    if svg is not None:
        _draw(svg, text, rewrite, moves)
    if as_json:
        print_json(
            {"request": text, "rewrite": _in_counts(rewrite) if rewrite else None}
            | {"override": override._asdict() if override else None, "moves": [move._asdict() for move in moves]}
            | {"learned": [_as_json(row, table) for row in rows]}
        )
        return
    click.echo(_summary(text, rewrite, override, known=bool(rows)))
    for row in rows:
        click.echo(f"{row.rewrite_id}  {row.sentence}")
    if moves:
        click.echo()
        print_table(
            ("from", "to", "users", "times"),
            ((move.source, shown(move.target), move.users or "few", move.moves) for move in moves),
        )


@command.command(epilog='Example: uptake rewrites block "play harry porter" --user ann')
@click.argument("request", metavar="ID|REQUEST", callback=readable)
@user_option(help="For this user alone [default: for everybody].")
@_undo_option
@_dry_run_option
@json_option
@state_option
def block(request: str, user_id: str | None, undo: bool, dry_run: bool, as_json: bool, state: State) -> None:
    """Never rewrite this request again, in any wording.

    An identifier blocks that meaning alone. With --undo, complaints about it are taken back, too.
    """
    view = _view(state)
    decided = _decided(state, user_id)
    for_all = view.rows(None) if user_id is not None else []
    named = [row for row in (*view.rows(user_id, decided), *for_all) if row.is_called(request)]
    rows = named or _about(view, normalize(request), user_id, decided)
    meanings = {row.meaning for row in rows}
    blocks = [Override(heard, None, user_id, meant) for heard, meant in sorted(meanings)]
    if not named:
        blocks.insert(0, Override(request, None, user_id))
    lifted = [view.opinions.lift(user_id, one) for one in meanings if undo and not dry_run and user_id is not None]
    until = _last_said(state, user_id) if undo and user_id is not None else None
    _override(state, blocks, undo=undo, dry_run=dry_run, as_json=as_json, lifted=any(lifted), until=until)


@command.command(epilog='Example: uptake rewrites pin "my tune" "play here comes the sun" --user ann')
@click.argument("request", callback=readable)
@click.argument("rewrite", callback=readable, required=False)
@user_option(help="For this user alone [default: for everybody].")
@_undo_option
@_dry_run_option
@json_option
@state_option
def pin(  # noqa: PLR0913, PLR0917  # one argument an option, as click calls it
    request: str, rewrite: str | None, user_id: str | None, undo: bool, dry_run: bool, as_json: bool, state: State
) -> None:
    """Always act on REWRITE when REQUEST is heard; REWRITE may be left out with --undo."""
    if rewrite is None and not undo:
        raise click.UsageError("Missing argument 'REWRITE'.")
    _override(state, [Override(request, rewrite or "", user_id)], undo=undo, dry_run=dry_run, as_json=as_json)


def _override(  # noqa: PLR0913
    state: State,
    overrides: list[Override],
    *,
    undo: bool,
    dry_run: bool,
    as_json: bool,
    lifted: bool = False,
    until: str | None = None,
) -> None:
    """Set or drop overrides; where a meaning was unblocked, a lift says up to when complaints are forgiven."""
    file, changed, only_lifted = _file(state), lifted, lifted
    for at, override in enumerate(overrides):
        if undo:
            dropped = file.drop(override, dry_run=dry_run)
            changed, only_lifted = changed or dropped, only_lifted and not dropped
            if until is not None and override.meant is not None and (dropped or lifted) and not dry_run:
                file.put(override._replace(lifted=until))
        else:
            overrides[at], changed = file.put(override, dry_run=dry_run), True
    first = overrides[0]
    sort = "block" if first.rewrite is None else "pin"
    if as_json:
        print_json({"action": sort, "undo": undo, "changed": changed, "dry_run": dry_run, **first._asdict()})
    whose = f"user {first.user_id}" if first.user_id else "everybody"
    done = ("would be removed" if undo else "would be set") if dry_run else "removed" if undo else "set"
    click.echo(f"{sort} for {whose}: {done if changed and not only_lifted else 'there was none'}", err=True)
    if lifted:
        click.echo(f"complaints of {whose} about it: taken back", err=True)
    if not changed:
        raise click.exceptions.Exit(1)


def _view(state: State) -> LearnedView:
    """Load everything that is served, and what people decided about it."""
    from uptake.report.overview import WITHDRAWN

    store, learning = state.artifacts, state.directory / "learning"
    return LearnedView(
        table=store.load(RewriteTable) if store.current_version(RewriteTable.kind) else None,
        index=store.load(RequestIndex) if store.current_version(RequestIndex.kind) else None,
        fresh=FreshHistory.beside(learning),
        opinions=Opinions.beside(learning),
        overrides=_file(state).read(),
        withdrawn=read_withdrawn(state.directory / WITHDRAWN),
        canaries=state.canaries.read(),
        guard=configuration.build(Guard, "guard", state.config),
    )


def _decided(state: State, user_id: str | None) -> dict[tuple[str, str], int]:
    """Count (request, acted on) over one user's turns in the log; empty where no user is named."""
    if user_id is None or not state.log.exists():
        return {}
    import pyarrow.compute as pc

    counts: Counter[tuple[str, str]] = Counter()
    for table in state.log.tables():
        own = table.filter(pc.and_(pc.equal(table["user_id"], user_id), pc.is_valid(table["acted_on"])))
        counts.update(zip(own["request"].to_pylist(), own["acted_on"].to_pylist(), strict=True))
    return dict(counts)


def _last_said(state: State, user_id: str) -> str | None:
    """When a user said the last turn of the log, as ISO 8601; None where there is none."""
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


def _about(view: LearnedView, text: str, user_id: str | None, decided: Mapping[tuple[str, str], int]) -> list[Learned]:
    """Return the rows that concern a request: its words hold those of the meaning, or it is the very request."""
    words = set(text.split())
    return [
        row for row in view.rows(user_id, decided) if row.request == text or set(row.meaning.heard.split()) <= words
    ]


def _file(state: State) -> OverridesFile:
    return OverridesFile(state.directory / "overrides.json")


def _moves(table: RewriteTable, request: str) -> list[Move]:
    """Return the paths behind a request, nearest first, then by most moves."""
    graph = table.moves(request)
    if graph is None:
        return []
    moves = [Move(**row) for row in graph.to_pylist()]
    depth = {request: 0}
    for text in (waiting := [request]):
        for move in moves:
            if move.source == text and move.target not in depth:
                depth[move.target] = depth[text] + 1
                waiting.append(move.target)
    return sorted(moves, key=lambda move: (depth.get(move.source, 0), move.source, -move.moves, move.target))


def _draw(svg: Path, request: str, rewrite: Rewrite | None, moves: list[Move]) -> None:
    if not moves:
        click.echo("nothing to draw: nothing was learned for this request", err=True)
        return
    subtitle = _evidence(rewrite) if rewrite else "left alone: no rewrite is good enough"
    with storage(svg):
        svg.write_text(
            draw(moves, start=request, chosen=rewrite.acted_on if rewrite else None, subtitle=subtitle),
            encoding="utf-8",
        )
    click.echo(f"drawn into {svg}", err=True)


def _summary(request: str, rewrite: Rewrite | None, override: Override | None, *, known: bool) -> str:
    none = "learned from this person's own words:" if known else "no rewrite is known, so it is left alone"
    lines = [f"{request}  →  {rewrite.acted_on}" if rewrite else f"{request}: {none}"]
    if rewrite:
        whose = "this user's own" if rewrite.user_id else "for everybody"
        lines.append(f"{whose}: {_evidence(rewrite)}")
    if override:
        lines.append(
            f"pinned to: {override.rewrite}; the pin wins" if override.rewrite else "blocked: it is left alone"
        )
    return "\n".join(lines)


def _evidence(row: Rewrite) -> str:
    evidence = row.evidence
    return (
        f"{evidence.users} users in {evidence.sessions} sessions: success at least {evidence.success_after:.0%} "
        f"with the rewrite, at most {evidence.success_before:.0%} without"
    )


def _cells(row: Learned) -> tuple[str, ...]:
    return row.rewrite_id, row.layer, row.state, row.sentence


def _as_json(row: Learned, table: RewriteTable | None) -> dict[str, Any]:
    """Return a row as JSON; the counts are known of rows of the table alone."""
    rewrite = table.lookup(row.request, row.user_id) if row.logged_as and table is not None else None
    counts = dict.fromkeys(Evidence.__slots__) if rewrite is None else _in_counts(rewrite)
    return {**row.as_json(), **counts, "rewrite_id": row.rewrite_id}


def _in_counts(row: Rewrite) -> dict[str, Any]:
    evidence = {name: getattr(row.evidence, name) for name in row.evidence.__slots__}
    plain = {name: value for name, value in row._asdict().items() if name != "evidence"}
    return {"rewrite_id": row.rewrite_id, **plain, **evidence}
