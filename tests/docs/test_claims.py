"""Claims: README and pages quote `docs/figures.toml`; README quotes nothing that was chosen on its own data."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from uptake.apps.cli import GROUPS
from uptake.apps.cli import _uptake as uptake
from uptake.lab.evaluate import EVALUATIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
FIGURES = tomllib.loads((DOCS / "figures.toml").read_text())
FIELDS = {"page", "what", "value", "interval", "baseline", "baseline_value", "command", "data", "chosen_on"}
FIELDS |= {"simulated", "measured"}
CHOSEN_ON = {"none", "inside folds", "simulator", "this data"}
SIMULATOR = "the simulated homes it learned from were fitted on these callers"


def plain(text: str) -> str:
    """Text without emphasis, with single spaces."""
    return " ".join(re.sub(r"[*`]", "", text).split())


def sections(page: Path) -> list[str]:
    """A page, cut at its headings."""
    return [plain(part) for part in re.split(r"^#+ ", page.read_text(), flags=re.MULTILINE)]


def quotes(figure) -> list[str]:
    """What stands wherever a figure is quoted: it with its interval, and its baseline."""
    return [
        f"{figure['value']} {figure['interval']}".strip(),
        f"{figure['baseline']} {figure['baseline_value']}".strip(),
    ]


def rows() -> list[tuple[str, str]]:
    """README's table: what a row is about with its links, and the figure beside it."""
    table = re.search(r"\n\|[^\n]*\|\n\|[-|]+\|\n(.*?)\n\n", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    cells = [line.strip("|").split("|") for line in table[1].splitlines()]
    return [(" ".join(row[:-1]), row[-1]) for row in cells]


def commands_of(page: Path) -> list[str]:
    """The `uptake` commands that a page shows, in blocks and between backticks."""
    text = page.read_text()
    blocks = re.findall(r"^```(?:sh|console)?\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for line in [*lines, *re.findall(r"`([^`]+)`", prose)] if re.match(r"uptake [a-z]", line)]


def refusal(written: str) -> str | None:
    """Why a command cannot be meant: an unknown name, option, evaluation or corpus; None where it can."""
    words = shlex.split(re.split(r" \|| #|  +", written.replace("\n", " "))[0].replace("…", "word"), comments=True)[1:]
    command = uptake
    while isinstance(command, click.Group) and words:
        if words[0] in ("--help", "--version"):
            return None
        if words[0].startswith("-") and command.invoke_without_command:
            break
        known = command.get_command(click.Context(command), words[0])
        if known is None:
            return f"no command {words[0]}"
        command, words = known, words[1:]
    context = click.Context(command)
    try:
        values, rest, _ = command.make_parser(context).parse_args(list(words))
        for parameter in command.params:
            given = values.get(parameter.name)
            if isinstance(parameter.type, click.Choice) and isinstance(given, str):
                parameter.type.convert(given, parameter, context)
    except click.UsageError as error:
        return error.format_message()
    if rest and not isinstance(command, click.Group):
        return f"too many arguments: {rest}"
    corpus, name = values.get("corpus"), values.get("name")
    if name in EVALUATIONS and isinstance(corpus, str) and corpus not in EVALUATIONS[name].corpora:
        return f"no corpus {corpus}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_shown_exist_with_their_arguments(page):
    found = {written: refusal(written) for written in commands_of(page)}
    assert {written: why for written, why in found.items() if why} == {}


@pytest.mark.parametrize(
    "written",
    [
        "uptake evaluate rewrite-merged --corpus slurp",
        "uptake evaluate goals --corpus nobody",
        "uptake learn --quickly",
        "uptake bench nothing",
        "uptake evaluate goals star",
        "uptake teach",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(written):
    assert refusal(written)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_all_that_makes_it_a_claim(name):
    figure = FIGURES[name]
    assert set(figure) - {"counts", "note"} == FIELDS
    assert figure["chosen_on"] in CHOSEN_ON
    assert isinstance(figure["simulated"], bool)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [0-9a-f]{7}(, not repeated since)?", figure["measured"])
    assert refusal(figure["command"]) is None
    if "wins" in str(figure):
        assert "neutral" in figure["counts"]
        assert "wrong" in figure["counts"]


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_of_a_figure_quotes_it_and_calls_it_what_it_is(name):
    figure = FIGURES[name]
    page = DOCS / figure["page"]
    quoted = [plain(f"{figure['value']} {figure['interval']}"), plain(figure["baseline_value"])]
    quoted += [plain(figure["counts"])] if "counts" in figure else []
    text = plain(page.read_text())
    assert plain(figure["command"]) in text
    assert [one for one in quoted if one not in text] == []
    said = " ".join(section for section in sections(page) if quoted[0] in section).lower()
    if figure["simulated"]:
        assert "simulated" in said or "made-up" in said
    if figure["chosen_on"] == "this data":
        assert "development figure" in said
    if figure["chosen_on"] == "simulator":
        assert SIMULATOR in said
    if figure["measured"].endswith("not repeated since"):
        assert f"measured at {figure['measured']}" in text.lower()


def test_readme_quotes_only_figures_that_nothing_was_chosen_on():
    quotable = {name: one for name, one in FIGURES.items() if one["chosen_on"] != "this data"}
    for about, cell in rows():
        shown = left = plain(cell)
        for figure in quotable.values():
            value, baseline = (plain(one) for one in quotes(figure))
            if value not in shown:
                continue
            assert baseline in shown, f"{value} stands without its baseline"
            assert plain(figure.get("counts", "")) in shown, f"{value} stands without its counts"
            assert plain(figure["command"]) in shown, f"{value} stands without its command"
            assert figure["page"] in about, f"{value} stands without its page"
            assert "not repeated" not in figure["measured"], f"{value} was not measured at this state"
            assert figure["interval"] or figure["command"].startswith("uptake bench"), f"{value} has no interval"
            assert figure["chosen_on"] != "simulator" or SIMULATOR in shown
            assert not figure["simulated"] or "simulated people" in shown, f"{value} does not say that it is simulated"
            for part in (value, baseline, figure["command"], figure.get("counts", "")):
                left = left.replace(plain(part), "")
        assert not re.search(r"(?<![A-Za-z\d])\d", left), (
            f"a figure of README that docs/figures.toml does not have: {left}"
        )


def test_readme_claims_no_figure_outside_its_table():
    prose = re.sub(r"```.*?```", "", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    prose = re.sub(r"^\|.*$", "", prose, flags=re.MULTILINE)
    assert re.findall(r"\b\d+ ?%(?! interval)|\b0\.\d+|\b\d+ ms\b", prose) == []


def test_readme_quotes_something():
    text = plain(" ".join(cell for _, cell in rows()))
    assert [name for name, figure in FIGURES.items() if quotes(figure)[0] in text]


def test_readme_and_the_index_list_the_commands_in_the_groups_of_the_help():
    for page in (ROOT / "README.md", DOCS / "index.md"):
        text = page.read_text()
        for group, commands in GROUPS.items():
            line = re.search(rf"^- \*\*{group}\*\*: (.*)$", text, flags=re.MULTILINE)
            assert re.findall(r"`uptake (\w+)`", line[1]) == list(commands)
