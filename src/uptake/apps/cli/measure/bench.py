"""Run `uptake bench`: measure speed and memory with the programs in `benchmarks/` of a source checkout."""

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

_BENCHMARKS = {
    "learn": "Learning a rewrite table from a log: time, memory, growth.",
    "growth": "Learning cost at 1 to 100 % of a log: exponents with intervals.",
    "day": "Cost of learning one more day after a year of log.",
    "report": "Report of a whole log: time, memory per turn.",
    "solve": "Solving absorbing Markov chains, beside PyDTMC and sparse LU.",
    "lookup": "Exact lookup in a large rewrite table, beside dict and SQLite.",
    "publish": "Publishing a rewrite table, whole and with few changes.",
    "shelves": "Personal part of the request index, for many users.",
    "decide": "Rewrite decision on a request that no table holds, without the online step.",
    "decide-online": "Rewrite decision with retrieval, ranker and preflight.",
    "ingest": "Storing turns from a file, a stream, and one at a time.",
    "shared": "Storing turns from several servers in one Postgres.",
    "turn": "A whole text turn of the assistant, log included.",
    "names": "Finding mistyped names: speed, accuracy, calibration.",
    "read": "Reading dialogues: training, bulk scoring, online scoring.",
    "understand": "Interpreting one unseen text, and an n-best list of five.",
    "retrieve": "Retrieval of candidates from large indexes, beside rapidfuzz.",
    "rank": "Ranking of candidates at request time.",
    "reliability": "Detection of flipped bits; recovery after kills.",
    "bounds": "Memory over turns; cost over users and request length.",
    "teach": "Delay of the next request after a concept is taught.",
    "http": "Route `rewrite` of the service, beside a raw ASGI echo.",
    "soak": "Service under long load, with processes killed at random.",
    "wyoming": "Time to an answer over the Wyoming protocol.",
}
"""Name -> what the program of that name in `benchmarks/` measures."""


class _Bench(click.Command):
    """Command whose help lists the benchmarks."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Names"):
            formatter.write_dl(list(_BENCHMARKS.items()))
        super().format_options(ctx, formatter)


@click.command(cls=_Bench, epilog="Example: uptake bench learn --turns 1000000")
@click.argument("name", type=click.Choice(list(_BENCHMARKS)), metavar="NAME")
@click.option(
    "--turns",
    type=click.IntRange(min=1000),
    help="Turns in the log, for `learn`, `growth`, `report`, `ingest`, `shared`, `reliability`, `bounds`; turns per "
    "day, for `day` [default: the benchmark's own].",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1000),
    help="Rows of the table, for `lookup`, `publish`, `http` and others; users, for `shelves` "
    "[default: the benchmark's own].",
)
@click.option(
    "--seconds", type=click.FloatRange(min=5), help="Seconds of load, for `http` (default 10) and `soak` (default 600)."
)
@click.option(
    "--rate",
    type=click.FloatRange(min=1),
    help="Requests per second, for `http` (default 300) and `soak` (default 200).",
)
@click.option("--quick", is_flag=True, default=None, help="Use a small size, for `reliability` and `bounds`.")
@click.option(
    "--engine", type=click.Choice(("local", "spark")), default="local", show_default=True, help="Engine, for `learn`."
)
@json_option
def command(name: str, engine: str, as_json: bool, **given: float | bool | None) -> None:
    """Measure one component on synthetic data, beside alternatives in the same run.

    Needs a source checkout. Compare ratios between machines, not seconds; other load on the machine distorts both.
    """
    if engine == "spark" and name != "learn":
        raise BadConfig(f"bench {name} does not run on Spark; leave out --engine")
    run = _load("learn_spark" if engine == "spark" else name).run
    takes = inspect.signature(run).parameters
    chosen: dict[str, Any] = {option: value for option, value in given.items() if value is not None}
    for option in chosen:
        if option not in takes:
            raise BadConfig(f"bench {name} does not have this option; leave out --{option}")
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
        raise NotReady(f"{path} does not exist: benchmarks need a source checkout; install from one")
    spec = importlib.util.spec_from_file_location(f"uptake_benchmark_{module_name}", path)
    if spec is None or spec.loader is None:
        raise NotReady(f"{path} cannot be loaded as a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
