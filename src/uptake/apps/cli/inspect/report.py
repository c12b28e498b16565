"""Run `uptake report`: write one page with what was learned, its effect, and what still fails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from uptake.apps.cli.state import State, defect_option, json_option, print_json, state_option

__all__ = ["command"]


@click.command(epilog="Example: uptake report --out report.html")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the page here [default: report.html; none with --json].",
)
@defect_option
@click.option(
    "--arms", nargs=2, default=None, metavar="ARM ARM", help="The two arms to compare [default: the experiment's]."
)
@json_option
@state_option
def command(out: Path | None, defect: str, arms: tuple[str, str] | None, as_json: bool, state: State) -> None:
    """Write one self-contained HTML page: what was learned, its effect, what was withdrawn, what fails, and drift.

    With --json the same figures go to stdout, and a page is written only if --out names one.
    """
    from uptake.report.overview import overview
    from uptake.report.page import page
    from uptake.store.durable import replace_text

    contents = overview(state.log, state.artifacts, state.directory, defect=defect, arms=arms)  # type: ignore[arg-type]
    if as_json:
        print_json(contents)
    target = out or (None if as_json else Path("report.html"))
    if target is not None:
        replace_text(target, page(contents, made_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))
        click.echo(f"wrote {target}", err=True)
