"""Run `uptake rewrites`: list, explain, block and pin rewrites."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from uptake.apps.cli.state import State, json_option, print_json, readable, state_option, user_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.release import curate
from uptake.report.rewrite_graph import shown
from uptake.report.why import draw_why, evidence_in_words, moves_of
from uptake.rewriting.learned import Learned
from uptake.rewriting.overrides import Override
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.durable import storage_errors
from uptake.text.normalize import normalize
from uptake.types import Evidence

__all__ = ["command"]

_MOST = 20
_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")
_undo_option = click.option("--undo", is_flag=True, help="Remove the block or pin.")


@click.group(name="rewrites", epilog="Example: uptake rewrites list")
def command() -> None:
    """List, explain, block and pin rewrites.

    A rewrite replaces a request that was misheard or misunderstood by the request that was meant.
    """


@command.command(name="list", epilog="Example: uptake rewrites list --user ann")
@user_option(help="Show this user's personal rewrites [default: the global ones].")
@click.option("--withdrawn", is_flag=True, help="Show rewrites that were withdrawn, paused or suspended, and why.")
@click.option(
    "--limit", type=click.IntRange(min=1), help=f"Most rows to show [default: {_MOST}; all with --json and --csv]."
)
@rows_option
@state_option
def list_(user_id: str | None, withdrawn: bool, limit: int | None, form: str, state: State) -> None:
    """List the learned rewrites with identifier, evidence and current state (acts, asks, pinned, …).

    Personal rewrites are shown with --user only.
    """
    view, known = curate.learned_view(state), curate.decided(state, user_id)
    rows = view.gone(user_id, known) if withdrawn else view.rows(user_id, known)
    chosen = rows[: limit or (_MOST if form == "table" else None)]
    header = ("id", "layer", "state", "what")
    print_rows(form, chosen, fields=lambda row: _as_json(row, view.table), header=header, cells=_cells)
    hidden = len(rows) - len(chosen)
    more = f"; {hidden:,} more, see --limit" if hidden > 0 else ""
    own = 0 if view.table is None else view.table.own
    click.echo(f"{len(chosen):,} rewrites shown{more}; {own:,} rows of the table are personal", err=True)
    ranker = state.artifacts.load(Ranker) if user_id and state.artifacts.current_version(Ranker.kind) else None
    habit = ranker.habit_in_words(user_id) if ranker is not None and user_id is not None else None
    if habit:
        click.echo(f"the ranker's weights for {user_id}: {habit}", err=True)


@command.command(epilog='Example: uptake rewrites why "play harry porter" --svg why.svg')
@click.argument("request", metavar="ID|REQUEST", callback=readable)
@user_option(help="Explain what happens for this user [default: for everybody].")
@click.option(
    "--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write a drawing of the rephrase paths to this file."
)
@rows_option
@state_option
def why(request: str, user_id: str | None, svg: Path | None, form: str, state: State) -> None:
    """Explain a rewrite, by request or identifier: its evidence, whom it applies to, and its current state.

    For a rewrite of the table, the counts of what people said next are shown; --csv prints these only.

    Wordings that too few users share are counted as "other wordings", so that no user's own words are shown.
    """
    view, known = curate.learned_view(state), curate.decided(state, user_id)
    named = [row for row in view.rows(user_id, known) if row.is_called(request)]
    text = named[0].request if named else normalize(request)
    rows = named or curate.rows_about(view, text, user_id, known)
    table = view.table or RewriteTable.from_rows(())
    rewrite = table.lookup(text, user_id)
    override = state.overrides.read().find(text, user_id)
    moves = moves_of(table, text)
    if svg is not None:
        _draw(svg, text, rewrite, table)
    if form == "json":
        print_json(
            {"request": text, "rewrite": _in_counts(rewrite) if rewrite else None}
            | {"override": override._asdict() if override else None, "moves": [move._asdict() for move in moves]}
            | {"learned": [_as_json(row, table) for row in rows]}
        )
        return
    if form == "table":
        click.echo(_summary(text, rewrite, override, rows))
        for row in rows:
            click.echo(f"{row.rewrite_id}  {row.sentence}")
        if moves:
            click.echo()
    print_rows(
        form,
        moves,
        fields=lambda move: move._asdict(),
        header=("from", "to", "users", "times"),
        cells=lambda move: (move.source, shown(move.target), move.users or "few", move.moves),
    )


@command.command(epilog='Example: uptake rewrites block "play harry porter" --user ann')
@click.argument("request", metavar="ID|REQUEST", callback=readable)
@user_option(help="Block it for this user only [default: for everybody].")
@_undo_option
@_dry_run_option
@json_option
@state_option
def block(request: str, user_id: str | None, undo: bool, dry_run: bool, as_json: bool, state: State) -> None:
    """Never rewrite this request again, in any wording.

    An identifier blocks that one meaning only. --undo also takes back complaints about it.
    """
    change = curate.block(state, request, user_id, undo=undo, dry_run=dry_run)
    _tell(change, undo=undo, dry_run=dry_run, as_json=as_json)


@command.command(epilog='Example: uptake rewrites pin "my tune" "play here comes the sun" --user ann')
@click.argument("request", callback=readable)
@click.argument("rewrite", callback=readable, required=False)
@user_option(help="Pin it for this user only [default: for everybody].")
@_undo_option
@_dry_run_option
@json_option
@state_option
def pin(  # noqa: PLR0913, PLR0917  # one argument an option, as click calls it
    request: str, rewrite: str | None, user_id: str | None, undo: bool, dry_run: bool, as_json: bool, state: State
) -> None:
    """Always act on REWRITE when REQUEST is heard. With --undo, REWRITE may be left out."""
    if rewrite is None and not undo:
        raise click.UsageError("Missing argument 'REWRITE'.")
    change = curate.pin(state, request, rewrite, user_id, undo=undo, dry_run=dry_run)
    _tell(change, undo=undo, dry_run=dry_run, as_json=as_json)


def _tell(change: curate.Change, *, undo: bool, dry_run: bool, as_json: bool) -> None:
    """Print the change that a block, a pin or its undo made; exit 1 if nothing changed."""
    first = change.override
    sort = "block" if first.rewrite is None else "pin"
    if as_json:
        print_json({"action": sort, "undo": undo, "changed": change.changed, "dry_run": dry_run, **first._asdict()})
    whose = f"user {first.user_id}" if first.user_id else "everybody"
    done = ("would be removed" if undo else "would be set") if dry_run else "removed" if undo else "set"
    there = change.changed and not change.only_lifted
    click.echo(f"{sort} for {whose}: {done if there else 'there was none'}", err=True)
    if change.lifted:
        click.echo(f"complaints of {whose} about it are taken back", err=True)
    if not change.changed:
        raise click.exceptions.Exit(1)


def _draw(svg: Path, request: str, rewrite: Rewrite | None, table: RewriteTable) -> None:
    drawing = draw_why(request, rewrite, moves_of(table, request))
    if drawing is None:
        click.echo("nothing to draw: no rewrite was learned for this request", err=True)
        return
    with storage_errors(svg):
        svg.write_text(drawing, encoding="utf-8")
    click.echo(f"drawn into {svg}", err=True)


def _summary(request: str, rewrite: Rewrite | None, override: Override | None, rows: Sequence[Learned]) -> str:
    none = "no rewrite is known; the request is left alone"
    if rows:
        none = "learned from this user's own requests:" if rows[0].user_id else "learned from several users:"
    lines = [f"{request}  →  {rewrite.acted_on}" if rewrite else f"{request}: {none}"]
    if rewrite:
        whose = "personal, for this user" if rewrite.user_id else "for everybody"
        lines.append(f"{whose}: {evidence_in_words(rewrite)}")
    if override:
        lines.append(
            f"pinned to: {override.rewrite}; the pin wins" if override.rewrite else "blocked: the request is left alone"
        )
    return "\n".join(lines)


def _cells(row: Learned) -> tuple[str, ...]:
    return row.rewrite_id, row.layer, row.state, row.sentence


def _as_json(row: Learned, table: RewriteTable | None) -> dict[str, Any]:
    """Return a row as JSON. Counts are None for rows that are not in the table."""
    rewrite = table.lookup(row.request, row.user_id) if row.logged_as and table is not None else None
    counts = dict.fromkeys(Evidence.__slots__) if rewrite is None else _in_counts(rewrite)
    return {**row.as_json(), **counts, "rewrite_id": row.rewrite_id}


def _in_counts(row: Rewrite) -> dict[str, Any]:
    evidence = {name: getattr(row.evidence, name) for name in row.evidence.__slots__}
    plain = {name: value for name, value in row._asdict().items() if name != "evidence"}
    return {"rewrite_id": row.rewrite_id, **plain, **evidence}
