"""Run `uptake artifacts`: list, compare, publish and roll back versions of learned artifacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, astuple, is_dataclass
from typing import Any

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_csv, print_rows, rows_option
from uptake.catalogue import artifact_class, kinds
from uptake.errors import ArtifactRefused
from uptake.store.manifest import check_files
from uptake.store.store import ArtifactStore

__all__ = ["command"]


class _Kind(click.ParamType[str]):
    """Kind of artifact; checked against the catalogue when it is given."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in kinds():
            self.fail(f"{value!r} is not one of {', '.join(map(repr, kinds()))}.", param, ctx)
        return value


_kind_option = click.option(
    "--kind",
    type=_Kind(),
    default="rewrites",
    show_default=True,
    help="Kind of artifact; `uptake artifacts list` shows the kinds.",
)
_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")


@click.group(name="artifacts", epilog="Example: uptake artifacts list")
def command() -> None:
    """List, compare, publish and roll back versions of learned artifacts.

    Learning publishes a new version of an artifact, such as the rewrite table. One version of each kind is served.
    """


@command.command(name="list", epilog="Example: uptake artifacts list --json")
@rows_option
@state_option
def list_(form: str, state: State) -> None:
    """List every version, mark the one that is served, and verify its files."""
    rows = [row for kind in _shown(state.artifacts) for row in _described(state.artifacts, kind)]
    print_rows(
        form,
        rows,
        fields=dict,
        header=("kind", "version", "served", "created", "bytes", "parents", "state"),
        cells=lambda row: (
            *(row["kind"], row["version"], "*" if row["served"] else "", (row["created_at"] or "")[:19]),
            *(row["bytes"], ", ".join(row["parents"]), row["refused"] or "whole"),
        ),
    )
    if not rows and form == "table":
        click.echo("no artifact was published yet: run `uptake learn`", err=True)


@command.command(epilog="Example: uptake artifacts diff 1 2")
@click.argument("a")
@click.argument("b")
@_kind_option
@rows_option
@state_option
def diff(a: str, b: str, kind: str, form: str, state: State) -> None:
    """Show the rows that were added, removed or changed from version A to version B.

    Personal rows, of a single user or a single home, are counted but not shown.
    """
    store = state.artifacts
    difference = store.diff(artifact_class(kind), store.resolve(kind, a), store.resolve(kind, b))
    changes = [("added", None, row) for row in difference.added] + [
        ("removed", row, None) for row in difference.removed
    ]
    changes += [("changed", old, new) for old, new in difference.changed]
    shown = [change for change in changes if not _is_personal(change[2] or change[1])]
    fields = [{"change": name, "old": _row(old), "new": _row(new)} for name, old, new in shown]
    if form == "csv":
        print_csv(fields)
    for row, (name, old, new) in zip(fields, shown, strict=True):
        if form == "json":
            print_json(row)
        elif form == "table":
            click.echo(f"{'+-~'[('added', 'removed', 'changed').index(name)]} {_sentence(old, new)}")
    sizes = ", ".join(f"{len(rows)} {name}" for name, rows in _counted(difference))
    click.echo(f"{sizes}; {len(changes) - len(shown)} of them are personal and not shown", err=True)


@command.command(epilog="Example: uptake artifacts publish 000002 --dry-run")
@click.argument("version")
@_kind_option
@_dry_run_option
@json_option
@state_option
def publish(version: str, kind: str, dry_run: bool, as_json: bool, state: State) -> None:
    """Serve a stored version, after its files are verified."""
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
    """Serve an older version again. Learning publishes nothing of this kind until `uptake artifacts lift`."""
    store = state.artifacts
    full = store.resolve(kind, to) if to else store.parent(kind)
    _move(store, kind, full, action="rollback", dry_run=dry_run, as_json=as_json)


@command.command(epilog="Example: uptake artifacts lift --kind rewrites")
@_kind_option
@_dry_run_option
@json_option
@state_option
def lift(kind: str, dry_run: bool, as_json: bool, state: State) -> None:
    """End a rollback: learning may publish again. The version that is served stays until it does."""
    store = state.artifacts
    version = store.current_version(kind)
    if version is None or store.held(kind) is None:
        click.echo(f"{kind}: nothing was rolled back", err=True)
        raise click.exceptions.Exit(1)
    _move(store, kind, version, action="publish", dry_run=dry_run, as_json=as_json)


def _shown(store: ArtifactStore) -> list[str]:
    """List the known kinds, then kinds that another version of uptake stored, which are left alone."""
    known = kinds()
    return [*known, *(kind for kind in store.kinds() if kind not in known)]


def _move(store: ArtifactStore, kind: str, version: str, *, action: str, dry_run: bool, as_json: bool) -> None:
    try:
        before = store.current_version(kind)
    except ArtifactRefused:
        before = None
    if dry_run:
        store.verify(artifact_class(kind), version)
    else:
        store.point(artifact_class(kind), version, action=action)
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
        if kind not in kinds():
            row["refused"] = "kind unknown to this version of uptake; left alone"
            yield row
            continue
        try:
            manifest = store.manifest(kind, version)
            row["created_at"], row["parents"] = manifest.created_at.isoformat(), list(manifest.parents)
            row["bytes"] = sum(entry.bytes for entry in manifest.files)
            row["made_by"] = dict(manifest.made_by)
            check_files(store.directory / kind / version, manifest)
        except ArtifactRefused as error:
            row["refused"] = str(error)
        yield row


def _counted(difference: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(difference, name)) for name in ("added", "removed", "changed"))


def _is_personal(row: Any) -> bool:
    """Return whether a row is one user's, or one home's."""
    return any(getattr(row, name, None) for name in ("user_id", "home_id", "scope"))


def _row(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    plain: dict[str, Any] = asdict(row) if is_dataclass(row) and not isinstance(row, type) else row._asdict()
    evidence = plain.pop("evidence", None)
    return plain | ({name: getattr(evidence, name) for name in evidence.__slots__} if evidence else {})


def _sentence(old: Any, new: Any) -> str:
    row = new or old
    if not hasattr(row, "acted_on"):
        return "  ".join(map(str, astuple(row) if is_dataclass(row) and not isinstance(row, type) else row))
    was = f" (was: {old.acted_on})" if old and new and old.acted_on != new.acted_on else ""
    return f"{row.request}  →  {row.acted_on}{was}  [{row.evidence.users} users, {row.evidence.sessions} sessions]"
