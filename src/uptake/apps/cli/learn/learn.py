"""Run `uptake learn`: learn from the log, and publish the artifacts that are served."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.catalogue import capability, daily, learnable

if TYPE_CHECKING:
    from uptake.release.night import Learned, Release

__all__ = ["command"]

_SHOWN = 5


class _Names(click.ParamType[str]):
    """Name of a capability that can be learned; checked when it is given."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = [one.name for one in learnable()]
        if value not in names:
            self.fail(f"{value!r} is not one of {', '.join(names)}", param, ctx)
        return str(value)


class _Learn(click.Command):
    """Command whose help lists the capabilities that can be learned, from the catalogue."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Names"):
            formatter.write_dl([(one.name, one.help + " (daily)" * one.daily) for one in learnable()])
        super().format_options(ctx, formatter)


@click.command(cls=_Learn, epilog="Example: uptake learn --follow")
@click.argument("names", nargs=-1, type=_Names(), metavar="[NAME]...")
@click.option("--follow", is_flag=True, help="Keep running: learn again whenever the log changes. Ctrl-C ends it.")
@click.option("--full", is_flag=True, help="Count the whole log again, not only what changed.")
@click.option("--dry-run", is_flag=True, help="Print what would be published, refused and withdrawn; change nothing.")
@click.option(
    "--engine",
    type=click.Choice(("local", "spark")),
    help="Engine that counts the log: DuckDB in this process, or Spark [default: [engine] of uptake.toml, else local].",
)
@click.option(
    "--master", help="Address of Spark: local[N], spark://HOST:PORT, sc://HOST:PORT …; only with --engine spark."
)
@json_option
@state_option
def command(  # noqa: PLR0913, PLR0917 - one an option of the command line
    names: tuple[str, ...],
    follow: bool,
    full: bool,
    dry_run: bool,
    engine: str | None,
    master: str | None,
    as_json: bool,
    state: State,
) -> None:
    """Learn from the log, publish what passes the gates, and withdraw rewrites that do harm.

    Without NAME, all capabilities marked (daily) are learned from what changed since the last run. The others are
    trained from scratch, and only when they are named.
    """
    if follow and not all(capability(name).daily for name in names):
        usual = ", ".join(one.name for one in daily())
        raise click.UsageError(f"--follow works with {usual} only; the others are trained from scratch each time")

    state = _with_engine(state, engine, master)

    def once(full: bool, evidence_too: bool) -> None:
        from uptake.release.night import release

        with _progress() as progress:
            done = release(
                state, names, full=full, dry_run=dry_run, evidence_too=evidence_too, progress=progress
            )  # fmt: skip
        _print(done, as_json=as_json, dry_run=dry_run)
        failed = [one.error for one in done.learned if one.error is not None]
        if names and failed:
            click.get_current_context().exit(failed[0].exit_code)  # what is wrong has been said

    if follow:
        _follow(state, once, full=full)
    else:
        once(full, True)


def _with_engine(state: State, engine: str | None, master: str | None) -> State:
    """Return the state with the engine of the command line; it is opened here, so that errors come at once."""
    if engine is None and master is None:
        return state
    if engine == "local" and master is not None:
        raise click.UsageError("--master is the address of Spark and needs --engine spark")
    options = {"name": engine or "spark", "master": master}
    state = replace(state, engine_options={name: value for name, value in options.items() if value is not None})
    _ = state.engine
    return state


def _print(done: Release, *, as_json: bool, dry_run: bool) -> None:
    """Print what was learned, refused, published and withdrawn; and which canaries are on trial, paused or proven."""
    withdrawn = [
        {"rewrite_id": one.rewrite_id, "reason": one.reason, "request": one.request if one.user_id is None else None}
        for one in done.withdrawn
    ]
    canaries = [row._asdict() | {"since": row.since.isoformat()} for row in done.canaries]
    for at, one in enumerate(done.learned):
        if as_json:
            print_json(_figures(one) | ({"withdrawn": withdrawn, "canaries": canaries} if at == 0 else {}))
        else:
            _print_learned(one, dry_run=dry_run)
    if not as_json:
        for row in withdrawn:
            _note(f"{'would be ' * dry_run}withdrawn: {row['request'] or row['rewrite_id']}: {row['reason']}")
        known = [canary for canary in done.canaries if canary.state != "trial"]
        if new := len(done.canaries) - len(known):
            _note(f"on trial: {new} new; each is acted on a few times, then only asked about until its outcomes are in")
        for canary in known[:_SHOWN]:
            _note(f"{'would be ' * dry_run}{canary.state}: {canary.name}: {canary.reason}")
        if len(known) > _SHOWN:
            _note(f"and {len(known) - _SHOWN} more; see `uptake rewrites list`")
        for note in done.notes:
            _note(note)
        if done.stopped is not None:
            _note(f"experiment {done.stopped} stopped; see `uptake experiments status {done.stopped}`")


def _note(text: str) -> None:
    click.echo(text, err=True)


def _figures(one: Learned) -> dict[str, Any]:
    report = one.report
    took: dict[str, Any] = {}
    if report is not None:
        took = {
            "turns": report.turns,
            "parts": report.parts,
            "parts_new": report.parts_new,
            "components_total": report.components_total,
            "components_solved": report.components_solved,
            "count_s": round(report.count_s, 3),
            "solve_s": round(report.solve_s, 3),
        }
    new = one.new
    return {
        "name": one.name,
        "kind": one.kind,
        "rows": one.rows,
        **took,
        "added": len(new.added) if new is not None else None,
        "removed": len(new.removed) if new is not None else None,
        "changed": len(new.changed) if new is not None else None,
        "refused": [row._asdict() for row in one.refused],
        "held": one.held.version if one.held is not None else None,
        "note": str(one.error) if one.error is not None else None,
        "differs": one.differs,
        "published": one.published,
        "served": one.served,
        **{name: value for name, value in one.figures.items() if name in ("gate", "says")},
    }


def _print_learned(one: Learned, *, dry_run: bool) -> None:
    report = one.report
    if report is not None:
        chain = ""
        if report.components_total:
            chain = f", {report.components_solved} of {report.components_total} components solved"
        _note(
            f"{one.kind}: {'nothing to serve' if one.rows is None else f'{one.rows} rows'} from {report.turns} turns"
            f" ({report.parts_new} of {report.parts} parts counted{chain}; {report.count_s + report.solve_s:.1f} s)"
        )
    if "says" in one.figures:
        _note(str(one.figures["says"]))
    if one.error is not None and not one.refused:
        _note(f"{one.name}: {one.error}")
    if one.published or dry_run:
        _print_new_rows(one)
    for row in one.refused[:_SHOWN]:
        what = f"{row.request} → {row.acted_on}" if row.request else row.what
        _note(f"  refused ({row.gate}): {what}: {row.reason}")
    if len(one.refused) > _SHOWN:
        _note(f"  and {len(one.refused) - _SHOWN} more refused; --json shows all")
    if one.held is not None:
        _note(
            f"  held: rolled back to {one.held.version} on {one.held.at.date()}; "
            f"`uptake artifacts lift --kind {one.kind}` lets learning publish again"
        )
    would = "would change" if dry_run and one.differs and one.held is None else "unchanged"
    click.echo(f"{one.kind} {one.published or would}")


def _print_new_rows(one: Learned) -> None:
    """Print the new rows: the text of global ones, the number of personal ones."""
    if one.new is None:
        return
    rows = [(mark, row) for mark, rows in (("new", one.new.added), ("gone", one.new.removed)) for row in rows]
    shared = [(mark, row) for mark, row in rows if getattr(row, "acted_on", None) and row.user_id is None]
    for mark, row in shared[:_SHOWN]:
        _note(f"  {mark}: {row.request} → {row.acted_on} ({row.evidence.users} users)")
    if len(shared) > _SHOWN:
        _note(f"  and {len(shared) - _SHOWN} more for everybody; see `uptake rewrites list`")
    own = sum(getattr(row, "user_id", None) is not None for _, row in rows)
    if own:
        where = "rewrites" if any(hasattr(row, "acted_on") for _, row in rows) else "suggestions"
        _note(f"  {own} new or gone are personal, of single users; see `uptake {where} list --user U`")


def _follow(state: State, once: Callable[[bool, bool], None], *, full: bool) -> None:
    """Learn whenever the log has changed, until interrupted."""
    from uptake.release.follow import follow

    _note("learning whenever the log changes; Ctrl-C ends it")
    try:
        follow(state, lambda first: once(full and first, first))
    except KeyboardInterrupt:
        _note("stopped; the versions published so far are served")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Show a progress bar on a terminal; show nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
