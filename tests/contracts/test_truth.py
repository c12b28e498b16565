"""Nothing that learns or serves reads truth: not in the view, not in a query, not in the code of any module."""

import ast
import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

import uptake
from tests.builders import session
from uptake.feedback.turns_view import COLUMNS, TURNS, mark
from uptake.lab.train.bundled import SHIPPED
from uptake.log.rows import to_table
from uptake.types import Interpretation, Truth

ROOT = Path(uptake.__file__).parent
JUDGES = ("uptake.lab.corpora", "uptake.lab.evaluate", "uptake.lab.simulate", "uptake.lab.train")
"""Packages that may read truth: it is what they measure with, and train what ships with."""
MEASURES = ("uptake.experiments.groups", "uptake.experiments.outcomes", "uptake.insight.failures.summary")
"""Modules of the product that measure by truth where the lab, or an audit of a corpus, asks them to."""
TOLD = {
    "uptake.lab.evaluate.failures.simulated",  # failure points have no signal in a log: learned from simulated truth
    "uptake.lab.train.feedback",  # fitted on the transcriptions and acts of a corpus
    "uptake.lab.train.simulator",
}
"""Modules that make what ships from labels, and say so in its provenance."""
CARRIERS = ("uptake.types", "uptake.log.records", "uptake.log.rows", "uptake.log.schema", "uptake.log.foreign")
"""Modules that keep truth beside a turn, and look at nothing in it."""


def _within(name, packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _reads_truth(node):
    if isinstance(node, ast.Attribute):
        return node.attr == "truth" or node.attr.startswith("truth_")
    if isinstance(node, ast.Name):
        return node.id.startswith("truth_")
    if isinstance(node, ast.Call):
        function = getattr(node.func, "id", getattr(node.func, "attr", None))
        return function in {"getattr", "attrgetter"} and any(getattr(one, "value", 0) == "truth" for one in node.args)
    return isinstance(node, ast.Constant) and str(node.value).startswith("truth_")


def readers(root, allowed=(*JUDGES, *MEASURES, *CARRIERS)):
    """Return `module:line` of whatever reads truth below a package's folder, whatever its depth."""
    found, seen = [], 0
    for path in sorted(root.rglob("*.py")):
        name = ".".join([root.name, *path.relative_to(root).with_suffix("").parts]).removesuffix(".__init__")
        if not _within(name, allowed):
            seen += 1
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{name}:{node.lineno}" for node in ast.walk(tree) if _reads_truth(node)]
    assert seen
    return found


def test_no_module_that_learns_or_serves_touches_truth():
    assert readers(ROOT) == []


def test_nobody_but_the_lab_asks_for_outcomes_by_truth():
    asking = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in ("lab", "experiments")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "defect" and getattr(node.value, "value", 0) == "truth"
    ]
    assert asking == []


@pytest.mark.long
def test_those_that_may_read_truth_are_all_there_and_do():
    reading = readers(ROOT, allowed=())
    assert not [
        one
        for one in (*JUDGES, *MEASURES, *CARRIERS)
        if not any(_within(line.split(":")[0], [one]) for line in reading)
    ]


@pytest.mark.parametrize(
    "mutant",
    [
        "def learn(turn):\n    return turn.truth",
        "def learn(turn):\n    return getattr(turn, 'truth', None)",
        "def learn(table):\n    return table.column('truth_defect')",
        "def learn(row):\n    return row.truth_defect",
    ],
)
def test_a_module_that_reads_truth_is_found_at_any_depth(tmp_path, mutant):
    room = tmp_path / "uptake" / "learn" / "deep" / "down"
    room.mkdir(parents=True)
    (room / "mutant.py").write_text(mutant)
    (room / "sound.py").write_text("def learn(turn):\n    return turn.defect")
    assert readers(tmp_path / "uptake") == ["uptake.learn.deep.down.mutant:2"]


@pytest.mark.long
def test_what_ships_and_is_learned_from_a_log_is_made_without_truth():
    learned = {one.made_by.partition(":")[0] for one in SHIPPED.values()} - TOLD
    assert "uptake.lab.train.ranking" in learned
    reading = {line.split(":")[0] for line in readers(ROOT, allowed=())}
    assert learned & reading == set()


def _learners():
    for module in pkgutil.walk_packages(uptake.__path__, "uptake."):
        if not _within(module.name, (*JUDGES, "uptake.__main__")):
            for name, maker in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                if isinstance(getattr(maker, "statistics", None), str) and hasattr(maker, "solve"):
                    yield name, maker


def test_no_query_speaks_of_truth():
    queries = {name: maker.statistics.lower() for name, maker in _learners()}
    assert {"MarkovRewriter", "RetrieveLearner"} <= queries.keys()
    assert not [name for name, query in queries.items() if "truth" in query]


def test_the_view_of_the_learners_has_no_truth():
    assert TURNS.names
    assert not [name for name in (*TURNS.names, *COLUMNS) if "truth" in name]


def test_marks_are_the_same_whatever_the_truth():
    lie = Truth(
        request="something else", interpretation=Interpretation(intent="other"), defect=True, goal_success=False
    )
    told = session("play harry porter", "play harry potter", "stop", session_id="s")
    turns = [list(told.turns), [replace(turn, truth=lie) for turn in told.turns]]
    first, second = (mark(to_table(one).append_column("session", pa.array(["s"] * 3))) for one in turns)
    assert first.equals(second)
