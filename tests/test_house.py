"""The house: what is public is listed, what starts fast stays light, every command explains itself."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import uptake
from uptake.apps.cli import COMMANDS, command_of
from uptake.errors import MissingExtra

ROOT = Path(uptake.__file__).parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(uptake.__path__, "uptake.") if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is_and_lists_what_is_public(name):
    module = importlib.import_module(name)
    assert module.__doc__
    if Path(module.__file__).name == "__init__.py" and not hasattr(module, "__all__"):
        return
    for public in module.__all__:
        assert hasattr(module, public), public
    if ".apps.cli." in name:
        return  # the commands of a group are reached through the group
    defined = {
        node.name
        for node in ast.parse(Path(module.__file__).read_text()).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    }
    assert defined <= set(module.__all__), f"public but not listed: {defined - set(module.__all__)}"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_fit_in_a_head(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("uptake", {"click", "duckdb", "pyarrow", "numba", "scipy", "rapidfuzz", "rich", "sklearn", "lightgbm"}),
        ("uptake.rewriting.pipeline", {"duckdb", "pyarrow", "numba", "scipy", "rich", "sklearn", "lightgbm"}),
        ("uptake.apps.cli.talk.ask", {"duckdb", "pyarrow", "numba", "scipy", "rich", "sklearn", "lightgbm"}),
    ],
)
def test_what_starts_often_loads_little(module, kept_out):
    code = f"import {module}, sys; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & kept_out


def test_what_a_program_embeds_is_found_at_the_top_and_editors_are_told_the_same():
    declared = ast.parse((ROOT / "__init__.pyi").read_text()).body
    names = {name.asname or name.name for node in declared if isinstance(node, ast.ImportFrom) for name in node.names}
    assert names | {"__version__"} == set(uptake.__all__) <= set(dir(uptake))
    places = {
        name.asname: f"{node.module}:{name.name}"
        for node in declared
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    for name, place in places.items():
        module, _, there = place.partition(":")
        assert getattr(uptake, name) is getattr(importlib.import_module(module), there), name
    with pytest.raises(AttributeError, match="no attribute 'Agents'"):
        _ = uptake.Agents


def test_what_is_embedded_says_which_extra_brings_a_missing_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "uptake.log.store", None)
    monkeypatch.setattr("uptake.capability.EXTRAS", {"uptake": "learn"})
    with pytest.raises(MissingExtra, match=r"uptake.TurnLog needs .* pip install 'uptake\[learn\]'"):
        _ = uptake.TurnLog


def _commands():
    for name in COMMANDS:
        command = command_of(name)
        yield name, command
        if isinstance(command, click.Group):
            for inner, subcommand in command.commands.items():
                yield f"{name} {inner}", subcommand


def test_every_command_has_help_and_an_example_to_paste():
    for name, command in _commands():
        assert command.help, name
        if not isinstance(command, click.Group):
            assert "uptake" in (command.epilog or ""), f"{name} has no example"


def test_every_command_has_a_page():
    pages = "\n".join(page.read_text() for page in (ROOT.parents[1] / "docs").rglob("*.md"))
    missing = [name for name in COMMANDS if f"uptake {name}" not in pages]
    assert not missing
