"""`uptake bench`: speed and memory, measured by the programs in `benchmarks/` of a source checkout."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from typing import Any

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.table import working
from uptake.errors import BadConfig, NotReady

__all__ = ["command"]

_NAMES = (
    "learn", "growth", "day", "report", "solve", "lookup", "publish", "shelves", "decide", "decide-online", "ingest",
    "shared", "turn", "names", "read", "understand", "retrieve", "rank", "reliability", "bounds", "teach", "http",
    "soak", "wyoming",
)  # fmt: skip


@click.command(epilog="Example: uptake bench learn --turns 1000000")
@click.argument("name", type=click.Choice(_NAMES))
@click.option(
    "--turns",
    type=click.IntRange(min=1000),
    help="Turns of what is measured, for `learn`, `growth`, `day` (each day), `report`, `ingest`, `shared`, "
    "`reliability`, `bounds`.",
)
@click.option(
    "--rows", type=click.IntRange(min=1000), help="Size of the table, for `lookup` and `publish`; users, for `shelves`."
)
@click.option("--seconds", type=click.FloatRange(min=5), help="How long to send, for `http` and `soak`.")
@click.option("--rate", type=click.FloatRange(min=1), help="Requests a second, for `http` and `soak`.")
@click.option("--quick", is_flag=True, default=None, help="A small size, for `reliability` and `bounds`.")
@click.option("--engine", type=click.Choice(("local", "spark")), default="local", help="Engine of `learn`.")
@json_option
def command(name: str, engine: str, as_json: bool, **given: float | bool | None) -> None:
    """Measure one part on synthetic data, beside its peers in the same run.

    Needs a source checkout. Ratios travel between machines better than seconds; a busy machine blurs both.
    """
    if engine == "spark" and name != "learn":
        raise BadConfig(f"bench {name} runs on no cluster; leave out --engine")
    run = _load("learn_spark" if engine == "spark" else name).run
    takes = inspect.signature(run).parameters
    chosen: dict[str, Any] = {option: value for option, value in given.items() if value is not None}
    for option in chosen:
        if option not in takes:
            raise BadConfig(f"bench {name} takes no such option; leave out --{option}")
    with working(f"measuring {name}") as shown:
        tell = shown or (lambda stage: click.echo(f"bench {name}: {stage}", err=True))
        figures = run(**chosen, **({"tell": tell} if "tell" in takes else {}))
    if as_json:
        print_json(figures)
        return
    width = max(map(len, figures), default=0)
    for key, value in figures.items():
        click.echo(f"{key:<{width}}  {value:,.4g}")


def _load(name: str) -> Any:
    module_name = name.replace("-", "_")
    path = Path(__file__).parents[5] / "benchmarks" / f"{module_name}.py"
    if not path.is_file():
        raise NotReady(f"{path} is not there: benchmarks come with a source checkout; run this from one")
    spec = importlib.util.spec_from_file_location(f"uptake_benchmark_{module_name}", path)
    if spec is None or spec.loader is None:
        raise NotReady(f"{path} cannot be loaded as a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
