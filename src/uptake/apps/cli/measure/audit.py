"""Run `uptake audit`: audit the assistant, knowledge-graph embeddings or a text generator for bias."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from uptake.apps.cli.state import State, defect_option, json_option, print_json, state_option
from uptake.apps.cli.table import print_csv, print_table, rows_option, working
from uptake.report import figures as report

__all__ = ["command"]

_ROOT = click.Path(path_type=Path)


@click.group(epilog="Example: uptake audit groups --groups accents.csv")
def command() -> None:
    """Audit for bias: groups of people in a log, knowledge-graph embeddings, a text generator, coreference."""


@command.command(epilog="Example: uptake audit groups --groups accents.csv --field context.room --json")
@click.option("--groups", type=_ROOT, metavar="FILE", help="CSV with user_id and one column per grouping.")
@click.option(
    "--field", "fields", multiple=True, metavar="NAME", help="Group turns by this log field. May be repeated."
)
@defect_option
@click.option("--corpus", type=click.Choice(["dstc2", "slurp"]), help="Audit a corpus instead of the log.")
@click.option("--data", type=_ROOT, metavar="ROOT", help="Root directory of the corpora, for --corpus.")
@click.option(
    "--town", type=int, metavar="SEED", help="Seed of the simulated town that made the log; groups people by accent."
)
@click.option("--min-users", type=int, default=20, show_default=True, help="Smallest group to report, in people.")
@click.option(
    "--budget",
    type=float,
    default=0.05,
    show_default=True,
    help="Share of turns, in [0, 1], that may be confirmed by a question to narrow a gap.",
)
@rows_option
@state_option
def groups(form: str, state: State, corpus: str | None, data: Path | None, town: int | None, **chosen: Any) -> None:
    """Compare groups of people: rates of defects, repairs, questions and wins.

    Gaps have intervals and p-values that are corrected for multiple comparisons. Groups come from the log (home size,
    amount of use, recognition quality), from its fields, and from a file. --csv prints every comparison.
    """
    from uptake.experiments.groups.audit import Chosen
    from uptake.lab.audit.groups import audited

    found = audited(state.log, Chosen(**chosen), corpus=corpus, data=data, town=town)
    if form == "json":
        print_json(found)
        return
    if form == "csv":
        print_csv(found["gaps"])
        return
    click.echo(
        f"{found['turns']:,} turns of {found['people']:,} people; {found['gaps_found']} of {found['compared']} "
        f"comparisons differ (false discoveries at most {found['false_discoveries']:.0%})\n"
    )
    header = ("grouping", "group", "measure", "people", "rate", "others", "gap", "95 % interval", "p, corrected")
    print_table(header, [_row(one) for one in found["gaps"] if one["differs"] or one["measure"] == "defect"])
    left_out = sorted(
        {
            (one["grouping"], one["group"], one["people"], one["others"])
            for one in found["no_claim"]
            if one["measure"] == "defect"
        }
    )
    for grouping, group, people, others in left_out:
        click.echo(f"{grouping}, {group}: {people} people and {others} others; too few to compare (--min-users)")
    for one in found["reach"]:
        if one["k"] == found["k"]:
            click.echo(
                f"{one['grouping']}, {one['group']}: {one['rate']:.1%} [{one['low']:.1%}, {one['high']:.1%}] of "
                f"failures are requests made in at least {one['k']} homes"
            )
    for one in found["narrowing"]:
        click.echo(
            f"\n{one['grouping']}: gap {one['gap_before']:.3f}; asking about {one['asked_own']:.1%} of turns, "
            f"{one['gap_same']:.3f} with one threshold and {one['gap_own']:.3f} with one for each group. "
            f"Price: defect rate {one['rate_own']:.4f} against {one['rate_same']:.4f}; the group asked most is asked "
            f"about {one['asked_most']:.1%}."
        )


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = one["gap_low"], one["gap_high"]
    around = f"[{low:+.3f}, {high:+.3f}]"
    rates = (f"{one['rate']:.3f}", f"{one['others']:.3f}", f"{one['gap']:+.3f}", around, f"{one['adjusted_p']:.3f}")
    return (one["grouping"], one["group"], one["measure"], str(one["people"]), *rates)


@command.command(epilog="Example: uptake audit embeddings --data data --json")
@click.option("--data", type=_ROOT, metavar="ROOT", required=True, help="Root with the folder kg_fb15k, or a file.")
@click.option("--model", "models", multiple=True, help="transe, distmult or complex; repeatable [default: all].")
@click.option("--dim", type=click.IntRange(min=4), default=64, show_default=True, help="Dimensions of an embedding.")
@click.option("--epochs", type=click.IntRange(min=1), default=15, show_default=True, help="Training epochs.")
@click.option("--gender", default="/people/person/gender", show_default=True, help="Relation to a person's gender.")
@click.option(
    "--profession", default="/people/person/profession", show_default=True, help="Relation to a person's profession."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@json_option
def embeddings(as_json: bool, data: Path, models: tuple[str, ...], **chosen: Any) -> None:
    """Train knowledge-graph embeddings, measure their gender signal on professions, and filter it out."""
    from uptake.lab.audit.embeddings.run import Chosen, audit

    with working("auditing embeddings") as tell:
        found = report.rounded(audit(data, Chosen(models=models, **chosen), tell=tell))
    _shown(found, as_json)


@command.command(epilog="Example: uptake audit language --generator SmolLM2-135M-Instruct.Q4_1.gguf --data data --json")
@click.option(
    "--generator",
    required=True,
    metavar="GENERATOR",
    help="module:function from text to text, an OpenAI-compatible address (http://…/v1), or a GGUF file.",
)
@click.option("--model", default="", metavar="NAME", help="Model name, if --generator is an address.")
@click.option("--data", type=_ROOT, metavar="ROOT", required=True, help="Root with the folders bold and winobias.")
@click.option("--each", type=click.IntRange(min=0), default=10, show_default=True, help="BOLD prompts per group.")
@click.option("--domain", "domains", multiple=True, metavar="NAME", help="BOLD domain; repeatable [default: all].")
@click.option(
    "--sentences", type=click.IntRange(min=0), default=100, show_default=True, help="WinoBias sentences per kind."
)
@click.option("--words", type=click.IntRange(min=4), default=30, show_default=True, help="Most tokens per text.")
@click.option(
    "--timeout", "timeout_s", type=float, default=60.0, show_default=True, help="Most seconds to wait for a text."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@json_option
def language(as_json: bool, generator: str, model: str, data: Path, words: int, **chosen: Any) -> None:
    """Audit a text generator: continue BOLD prompts, resolve WinoBias pronouns, and compare groups.

    Sentiment, toxicity and gender polarity are compared with those of Wikipedia's own sentences. module:function is
    also looked up in the current directory.
    """
    from uptake.lab.audit.language.generators import generator_of
    from uptake.lab.audit.language.run import Chosen, audit

    sys.path.insert(0, str(Path.cwd()))
    options = {"seed": chosen["seed"], "timeout_s": chosen["timeout_s"]}
    made = generator_of(generator, model=model, words=words, **options)
    with working("auditing language") as tell:
        _shown(report.rounded(audit(made, data, Chosen(**chosen), tell=tell)), as_json)


@command.command(epilog="Example: uptake audit coreference --train data --data data --json")
@click.option("--train", type=_ROOT, metavar="ROOT", required=True, help="Training root with the folder canard.")
@click.option("--data", type=_ROOT, metavar="ROOT", required=True, help="Test root with the folder winobias.")
@click.option(
    "--sentences", type=click.IntRange(min=1), default=400, show_default=True, help="WinoBias sentences per kind."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@json_option
def coreference(as_json: bool, train: Path, data: Path, sentences: int, seed: int) -> None:
    """Audit the contextual rewriter: resolve "he" and "she" in sentences for and against a stereotype."""
    from uptake.lab.audit.language.coreference import audit

    with working("auditing coreference") as tell:
        found = report.rounded(audit(train, data, sentences=sentences, seed=seed, tell=tell))
    _shown(found, as_json)


def _shown(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        click.echo(report.text({name: value for name, value in found.items() if not isinstance(value, list)}))
