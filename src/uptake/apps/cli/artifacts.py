"""`uptake artifacts`: list, compare, publish and roll back what was learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.artifacts import KINDS
from uptake.artifacts.manifest import check_files
from uptake.artifacts.store import ArtifactStore
from uptake.errors import ArtifactRefused

__all__ = ["command"]

_kind_option = click.option(
    "--kind", type=click.Choice(list(KINDS)), default="rewrites", show_default=True, help="Kind of artifact."
)
_dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")


@click.group(name="artifacts", epilog="Example: uptake artifacts list")
def command() -> None:
    """List, compare, publish and roll back what was learned."""


@command.command(name="list", epilog="Example: uptake artifacts list --json")
@json_option
@state_option
def list_(as_json: bool, state: State) -> None:
    """Show every version, which one is served, and whether it is whole."""
    rows = [row for kind in KINDS for row in _described(state.artifacts, kind)]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table(
            ("kind", "version", "served", "created", "bytes", "parents", "state"),
            (
                (
                    *(row["kind"], row["version"], "*" if row["served"] else "", (row["created_at"] or "")[:19]),
                    *(row["bytes"], ", ".join(row["parents"]), row["refused"] or "whole"),
                )
                for row in rows
            ),
        )
    else:
        click.echo("nothing was published yet: run `uptake learn`", err=True)


@command.command(epilog="Example: uptake artifacts diff 1 2")
@click.argument("a")
@click.argument("b")
@_kind_option
@json_option
@state_option
def diff(a: str, b: str, kind: str, as_json: bool, state: State) -> None:
    """Show the rows by which version B differs from version A.

    Rows that belong to one user are counted and not shown.
    """
    store = state.artifacts
    found = store.diff(kind, store.resolve(kind, a), store.resolve(kind, b))
    changes = [("added", None, row) for row in found.added] + [("removed", row, None) for row in found.removed]
    changes += [("changed", old, new) for old, new in found.changed]
    shown = [change for change in changes if not getattr(change[2] or change[1], "user_id", None)]
    for name, old, new in shown:
        if as_json:
            print_json({"change": name, "old": _row(old), "new": _row(new)})
        else:
            click.echo(f"{'+-~'[('added', 'removed', 'changed').index(name)]} {_sentence(old, new)}")
    sizes = ", ".join(f"{len(rows)} {name}" for name, rows in _counted(found))
    click.echo(f"{sizes}; {len(changes) - len(shown)} of them are personal and not shown", err=True)


@command.command(epilog="Example: uptake artifacts publish 000002 --dry-run")
@click.argument("version")
@_kind_option
@_dry_run_option
@json_option
@state_option
def publish(version: str, kind: str, dry_run: bool, as_json: bool, state: State) -> None:
    """Serve a version that was stored before, after verifying every byte of it."""
    store = state.artifacts
    full = store.resolve(kind, version)
    _move(store, kind, full, action="publish", dry_run=dry_run, as_json=as_json)


@command.command(epilog="Example: uptake artifacts rollback --dry-run")
@click.option("--to", metavar="VERSION", help="Version to serve again [default: the parent of the one served].")
@_kind_option
@_dry_run_option
@json_option
@state_option
def rollback(to: str | None, kind: str, dry_run: bool, as_json: bool, state: State) -> None:
    """Serve an older version again."""
    store = state.artifacts
    full = store.resolve(kind, to) if to else store.parent(kind)
    _move(store, kind, full, action="rollback", dry_run=dry_run, as_json=as_json)


def _move(store: ArtifactStore, kind: str, version: str, *, action: str, dry_run: bool, as_json: bool) -> None:
    try:
        before = store.current_version(kind)
    except ArtifactRefused:
        before = None
    if dry_run:
        store.verify(kind, version)
    else:
        store.point(kind, version, action=action)
    if as_json:
        print_json({"kind": kind, "action": action, "from": before, "to": version, "dry_run": dry_run})
    would = "would serve" if dry_run else "serves"
    click.echo(f"{kind}: {would} {version} (before: {before or 'none'})", err=True)


def _described(store: ArtifactStore, kind: str) -> Iterator[dict[str, Any]]:
    try:
        served = store.current_version(kind)
    except ArtifactRefused as error:
        served = None
        click.echo(f"uptake: {error}", err=True)
    for version in store.versions(kind):
        row: dict[str, Any] = {"kind": kind, "version": version, "served": version == served, "refused": None}
        row |= {"created_at": None, "bytes": None, "parents": [], "made_by": {}}
        try:
            manifest = store.manifest(kind, version)
            row["created_at"], row["parents"] = manifest.created_at.isoformat(), list(manifest.parents)
            row["bytes"] = sum(entry.bytes for entry in manifest.files)
            row["made_by"] = dict(manifest.made_by)
            check_files(store.directory / kind / version, manifest)
        except ArtifactRefused as error:
            row["refused"] = str(error)
        yield row


def _counted(found: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(found, name)) for name in ("added", "removed", "changed"))


def _row(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    plain: dict[str, Any] = row._asdict()
    evidence = plain.pop("evidence", None)
    return plain | ({name: getattr(evidence, name) for name in evidence.__slots__} if evidence else {})


def _sentence(old: Any, new: Any) -> str:
    row = new or old
    if not hasattr(row, "acted_on"):
        return "  ".join(map(str, row))
    was = f" (was: {old.acted_on})" if old and new and old.acted_on != new.acted_on else ""
    return f"{row.request}  →  {row.acted_on}{was}  [{row.evidence.users} users, {row.evidence.sessions} sessions]"
