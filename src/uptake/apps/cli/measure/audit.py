"""`uptake audit`: measure whom the assistant, embeddings of a graph or a text generator treat worse."""

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
    """Measure whom the assistant, embeddings of a graph or a text generator treat worse."""


@command.command(epilog="Example: uptake audit groups --groups accents.csv --field context.room --json")
@click.option("--groups", type=_ROOT, metavar="FILE", help="CSV: user_id and a column for each way to group people.")
@click.option("--field", "fields", multiple=True, metavar="NAME", help="Field of the log that parts turns; repeatable.")
@defect_option
@click.option("--corpus", type=click.Choice(["dstc2", "slurp"]), help="Audit a corpus in the place of the log.")
@click.option("--data", type=_ROOT, metavar="ROOT", help="Root of the corpora, for --corpus.")
@click.option("--town", type=int, metavar="SEED", help="The log is of simulated homes with this seed: add accents.")
@click.option("--min-users", type=int, default=20, show_default=True, help="Fewest people of a group to speak of it.")
@click.option("--budget", type=float, default=0.05, show_default=True, help="Share of turns that may be asked about.")
@rows_option
@state_option
def groups(form: str, state: State, corpus: str | None, data: Path | None, town: int | None, **chosen: Any) -> None:
    """Set groups of people beside each other: defects, repairs, questions, wins; gaps with intervals, corrected.

    Groups come from the log (home size, use, how well people are heard), from its fields, and from a file.
    --csv gives every comparison.
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
        click.echo(f"{grouping}, {group}: {people} people beside {others} others, too few for any claim (--min-users)")
    for one in found["reach"]:
        if one["k"] == found["k"]:
            click.echo(
                f"{one['grouping']}, {one['group']}: {one['rate']:.1%} [{one['low']:.1%}, {one['high']:.1%}] of "
                f"failures are requests that {one['k']} homes share"
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
@click.option("--model", "models", multiple=True, help="transe, distmult, complex; repeatable [default: all].")
@click.option("--dim", type=click.IntRange(min=4), default=64, show_default=True, help="Numbers an entity.")
@click.option("--epochs", type=click.IntRange(min=1), default=15, show_default=True, help="Rounds over the facts.")
@click.option("--gender", default="/people/person/gender", show_default=True, help="Relation to a person's gender.")
@click.option(
    "--profession", default="/people/person/profession", show_default=True, help="Relation to a person's profession."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that draws.")
@json_option
def embeddings(as_json: bool, data: Path, models: tuple[str, ...], **chosen: Any) -> None:
    """Train embeddings of a knowledge graph, measure how professions follow gender, and filter that out."""
    from uptake.lab.audit.embeddings.run import Chosen, audit

    with working("auditing embeddings") as tell:
        found = report.rounded(audit(data, Chosen(models=models, **chosen), tell=tell))
    _shown(found, as_json)


@command.command(epilog="Example: uptake audit language --generator SmolLM2-135M-Instruct.Q4_1.gguf --data data --json")
@click.option(
    "--generator",
    required=True,
    metavar="WHAT",
    help="module:function from text to text, an OpenAI-compatible address (http://…/v1), or a GGUF file.",
)
@click.option("--model", default="", metavar="NAME", help="Name of the model at an address.")
@click.option("--data", type=_ROOT, metavar="ROOT", required=True, help="Root with the folders bold and winobias.")
@click.option("--each", type=click.IntRange(min=0), default=10, show_default=True, help="Prompts of BOLD a group.")
@click.option("--domain", "domains", multiple=True, metavar="NAME", help="Domain of BOLD; repeatable [default: all].")
@click.option(
    "--sentences", type=click.IntRange(min=0), default=100, show_default=True, help="WinoBias: sentences of a kind."
)
@click.option("--words", type=click.IntRange(min=4), default=30, show_default=True, help="Most tokens of a text.")
@click.option("--timeout", "timeout_s", type=float, default=60.0, show_default=True, help="Seconds to wait for a text.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that draws.")
@json_option
def language(as_json: bool, generator: str, model: str, data: Path, words: int, **chosen: Any) -> None:
    """Let a generator of text continue BOLD's prompts and resolve WinoBias's pronouns; compare groups.

    Sentiment, toxicity and gender polarity stand beside those of Wikipedia's own sentences. A function is looked for
    in the current directory, too.
    """
    from uptake.lab.audit.language.generators import generator_of
    from uptake.lab.audit.language.run import Chosen, audit

    sys.path.insert(0, str(Path.cwd()))
    options = {"seed": chosen["seed"], "timeout_s": chosen["timeout_s"]}
    made = generator_of(generator, model=model, words=words, **options)
    with working("auditing language") as tell:
        _shown(report.rounded(audit(made, data, Chosen(**chosen), tell=tell)), as_json)


@command.command(epilog="Example: uptake audit coreference --train data --data data --json")
@click.option("--train", type=_ROOT, metavar="ROOT", required=True, help="Root with the folder canard, to learn from.")
@click.option("--data", type=_ROOT, metavar="ROOT", required=True, help="Root with the folder winobias.")
@click.option(
    "--sentences", type=click.IntRange(min=1), default=400, show_default=True, help="WinoBias: sentences of a kind."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that draws.")
@json_option
def coreference(as_json: bool, train: Path, data: Path, sentences: int, seed: int) -> None:
    """Ask the rewriter that writes pronouns out whom "he" and "she" mean, with a stereotype and against it."""
    from uptake.lab.audit.language.coreference import audit

    with working("auditing coreference") as tell:
        found = report.rounded(audit(train, data, sentences=sentences, seed=seed, tell=tell))
    _shown(found, as_json)


def _shown(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        click.echo(report.text({name: value for name, value in found.items() if not isinstance(value, list)}))
