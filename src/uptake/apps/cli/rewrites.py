"""`uptake rewrites`: what was learned, why, and what people decide themselves."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import click

from uptake.apps.cli.ask import readable, user_option
from uptake.apps.cli.graph_svg import Move, draw, shown
from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.artifacts.durable import storage
from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.decide.overrides import Override, OverridesFile
from uptake.text.normalize import normalize

__all__ = ["command"]

_MOST = 20
_FOUND_BY = {
    "markov": "found by the chain",
    "rephrase": "found by the detector of rephrases",
    "both": "found by chain and detector",
}
_dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
_undo_option = click.option("--undo", is_flag=True, help="Remove it again.")


@click.group(name="rewrites", epilog="Example: uptake rewrites list")
def command() -> None:
    """List, explain, block and pin rewrites."""


@command.command(name="list", epilog="Example: uptake rewrites list --limit 5")
@user_option(help="Show this user's own rewrites [default: those for everybody].")
@click.option("--limit", type=click.IntRange(min=1), help=f"Most rows [default: {_MOST}; with --json all].")
@json_option
@state_option
def list_(user_id: str | None, limit: int | None, as_json: bool, state: State) -> None:
    """Show the rewrites that are served, those with most users first.

    Rewrites of single users are shown only where the user is named.
    """
    table = state.artifacts.load(RewriteTable)
    chosen = (row for row in table.rows() if row.user_id == user_id)
    rows = list(islice(chosen, limit or (None if as_json else _MOST)))
    for row in rows if as_json else ():
        print_json(_as_json(row))
    if rows and not as_json:
        print_table(("users", "sessions", "without → with", "found by", "request", "", "acted on"), map(_cells, rows))
    own = int((table.table["user"] > 0).sum())
    hidden = len(table) - own - len(rows) if user_id is None else 0
    more = f"; {hidden:,} more, see --limit" if hidden > 0 else ""
    click.echo(f"{len(rows):,} rewrites shown{more}; {own:,} in all belong to single users", err=True)


@command.command(epilog='Example: uptake rewrites why "play harry porter" --svg why.svg')
@click.argument("request", callback=readable)
@user_option(help="Explain what this user gets.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the paths into this file.")
@json_option
@state_option
def why(request: str, user_id: str | None, svg: Path | None, as_json: bool, state: State) -> None:
    """Explain a rewrite by what people said after the request, in counts.

    Wordings that too few users share are counted as "other wordings": nobody's own words are shown.
    """
    text = normalize(request)
    table = state.artifacts.load(RewriteTable)
    found = table.lookup(text, user_id)
    override = _file(state).read().find(text, user_id)
    moves = _moves(table, text)
    if svg is not None:
        _draw(svg, text, found, moves)
    if as_json:
        print_json(
            {"request": text, "rewrite": _as_json(found) if found else None}
            | {"override": override._asdict() if override else None, "moves": [move._asdict() for move in moves]}
        )
        return
    click.echo(_summary(text, found, override))
    if moves:
        click.echo()
        print_table(
            ("from", "to", "users", "times"),
            ((move.source, shown(move.target), move.users or "few", move.moves) for move in moves),
        )


@command.command(epilog='Example: uptake rewrites block "play harry porter" --user ann')
@click.argument("request", callback=readable)
@user_option(help="For this user alone [default: for everybody].")
@_undo_option
@_dry_run_option
@json_option
@state_option
def block(request: str, user_id: str | None, undo: bool, dry_run: bool, as_json: bool, state: State) -> None:
    """Never rewrite this request again."""
    _override(state, Override(request, None, user_id), undo=undo, dry_run=dry_run, as_json=as_json)


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
    _override(state, Override(request, rewrite or "", user_id), undo=undo, dry_run=dry_run, as_json=as_json)


def _override(state: State, override: Override, *, undo: bool, dry_run: bool, as_json: bool) -> None:
    sort = "block" if override.rewrite is None else "pin"
    file = _file(state)
    if undo:
        changed = file.drop(override, dry_run=dry_run)
    else:
        override, changed = file.put(override, dry_run=dry_run), True
    if as_json:
        print_json({"action": sort, "undo": undo, "changed": changed, "dry_run": dry_run, **override._asdict()})
    whose = f"user {override.user_id}" if override.user_id else "everybody"
    done = ("would be removed" if undo else "would be set") if dry_run else "removed" if undo else "set"
    click.echo(f"{sort} for {whose}: {done if changed else 'there was none'}", err=True)
    if not changed:
        raise click.exceptions.Exit(1)


def _file(state: State) -> OverridesFile:
    return OverridesFile(state.directory / "overrides.json")


def _moves(table: RewriteTable, request: str) -> list[Move]:
    """The paths behind a request, nearest first, then most moves."""
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


def _draw(svg: Path, request: str, found: Rewrite | None, moves: list[Move]) -> None:
    if not moves:
        click.echo("nothing to draw: no paths are known for this request", err=True)
        return
    subtitle = _evidence(found) if found else "left alone: no rewrite is good enough"
    with storage(svg):
        svg.write_text(
            draw(moves, start=request, chosen=found.acted_on if found else None, subtitle=subtitle), encoding="utf-8"
        )
    click.echo(f"drawn into {svg}", err=True)


def _summary(request: str, found: Rewrite | None, override: Override | None) -> str:
    lines = [f"{request}  →  {found.acted_on}" if found else f"{request}: no rewrite is known, so it is left alone"]
    if found:
        whose = "this user's own" if found.user_id else "for everybody"
        lines.append(f"{whose}, {found.rewrite_id}; {_evidence(found)}; {_FOUND_BY[found.found_by]}")
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


def _cells(row: Rewrite) -> tuple[Any, ...]:
    evidence = row.evidence
    chances = f"{evidence.success_before:7.0%} → {evidence.success_after:.0%}"
    return evidence.users, evidence.sessions, chances, row.found_by, row.request, "→", row.acted_on


def _as_json(row: Rewrite) -> dict[str, Any]:
    evidence = {name: getattr(row.evidence, name) for name in row.evidence.__slots__}
    plain = {name: value for name, value in row._asdict().items() if name != "evidence"}
    return {"rewrite_id": row.rewrite_id, **plain, **evidence}
