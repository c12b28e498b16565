"""Names of ours that the documentation mentions: modules, files and pages that exist."""

import importlib
import re
from pathlib import Path

import pytest

from uptake.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCE = ROOT / "src" / "uptake"
FOLDERS = {path.name for path in [*SOURCE.rglob("*"), *ROOT.iterdir()] if path.is_dir()}
GONE = {"agent", "artifacts", "decide", "learn", "measure", "signals", "simulate"}
"""First names of modules before each capability had a folder; some are still names of folders further down."""


def quoted(page: Path) -> list[str]:
    """What stands between backticks, outside blocks of code."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [re.sub(r"\(.*", "", found) for found in re.findall(r"`([^`]+)`", prose)]


def is_file(name: str) -> bool:
    """Whether the name is written as a Python file, or as a folder or file in one of our folders."""
    if name.startswith(".venv") or not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", name):
        return False
    return name.endswith(".py") or ("/" in name and name.partition("/")[0] in FOLDERS | GONE)


def is_module(name: str) -> bool:
    """Whether the name is written as a module of ours, or as something in one."""
    first, *rest = name.split(".")
    return re.fullmatch(r"\w+(\.\w+)+", name) is not None and (first == "uptake" or (first in GONE and len(rest) > 1))


def exists(name: str) -> bool:
    """Whether a file, folder or module is found from the root or the sources; a bare name, anywhere in the sources."""
    if "/" not in name.rstrip("/"):
        return any(True for _ in SOURCE.rglob(name))
    bases = (ROOT, ROOT / "src", SOURCE, SOURCE / "lab")
    return any(True for base in bases for written in (name, f"{name.rstrip('/')}.py") for _ in base.glob(written))


def resolves(name: str) -> bool:
    """Whether a dotted name can be imported, or reached from what can."""
    parts = name.split(".")
    for at in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:at]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[at:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_modules_that_are_named_exist(page):
    names = {name for name in quoted(page) if name != "uptake.toml"}
    if page.parent.name == "corpora":  # these pages name the files of releases
        names = {name for name in names if name.endswith(".py") or name.startswith("uptake")}
    assert sorted(name for name in names if is_file(name) and not exists(name)) == []
    assert sorted(name for name in names if is_module(name) and not resolves(name)) == []


@pytest.mark.parametrize("name", ["decide/rank.py", "nobody.py", "signals/"])
def test_files_that_are_gone_are_noticed(name):
    assert is_file(name)
    assert not exists(name)


@pytest.mark.parametrize("name", ["learn.retrieve.shelve", "uptake.text.nothing"])
def test_modules_that_are_gone_are_noticed(name):
    assert is_module(name)
    assert not resolves(name)


@pytest.mark.parametrize("folder", CATALOGUE)
def test_every_capability_has_a_page_of_its_folders_name(folder):
    page = ROOT / "docs" / "capabilities" / f"{folder.rpartition('.')[2]}.md"
    assert page.exists()
    assert f"capabilities/{page.name}" in (ROOT / "docs" / "index.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_programs_shown_import_what_exists(page):
    programs = re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.DOTALL)
    imports = re.findall(r"^from (uptake[\w.]*) import ([\w, ]+)", "\n".join(programs), flags=re.MULTILINE)
    names = [f"{module}.{name.partition(' as ')[0].strip()}" for module, found in imports for name in found.split(",")]
    assert [name for name in names if not resolves(name)] == []
