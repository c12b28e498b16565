"""No learner reads truth: not in the view, not in a query, not in the code below the evaluations."""

import ast
import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

import uptake
import uptake.learn
from tests.builders import session
from uptake.log.rows import to_table
from uptake.signals.marks import COLUMNS, TURNS, mark
from uptake.types import Interpretation, Truth

ROOT = Path(uptake.__file__).parent
BLIND = [
    path
    for room in ("signals", "learn", "decide", "artifacts", "engine")
    for path in sorted((ROOT / room).glob("*.py"))
]


def _learners():
    found = {}
    for module in pkgutil.iter_modules(uptake.learn.__path__, "uptake.learn."):
        for name, maker in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if hasattr(maker, "statistics") and hasattr(maker, "solve") and "Protocol" not in str(maker.__bases__):
                found[name] = maker
    return found


def test_the_view_of_the_learners_has_no_truth():
    assert not [name for name in (*TURNS.names, *COLUMNS) if "truth" in name]


@pytest.mark.parametrize("name", sorted(_learners()))
def test_no_query_speaks_of_truth(name):
    assert "truth" not in _learners()[name].statistics.lower()


@pytest.mark.parametrize("path", BLIND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_code_that_learns_or_decides_touches_truth(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Attribute) and node.attr == "truth"), node.lineno
        assert not (isinstance(node, ast.Constant) and str(node.value).startswith("truth_")), node.lineno


def test_marks_are_the_same_whatever_the_truth():
    lie = Truth(
        request="something else", interpretation=Interpretation(intent="other"), defect=True, goal_success=False
    )
    told = session("play harry porter", "play harry potter", "stop", session_id="s")
    turns = [list(told.turns), [replace(turn, truth=lie) for turn in told.turns]]
    first, second = (mark(to_table(one).append_column("session", pa.array(["s"] * 3))) for one in turns)
    assert first.equals(second)
