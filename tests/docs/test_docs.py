"""README, docs and docstrings: what they show is what happens."""

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import uptake

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(module.name for module in pkgutil.walk_packages(uptake.__path__, "uptake."))
ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_tell_the_truth(name):
    assert doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_sessions_shown_are_real(page, tmp_path):
    """Each ```console block is run; "…" in the output shown stands for anything."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "UPTAKE_STATE": str(tmp_path / "state"),
        "COLUMNS": "120",
    }
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), flags=re.DOTALL):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE):
            ran = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1800
            )
            assert ran.returncode == 0, f"{command}\n{ran.stderr}"
            expected = shown.replace("…", "...")
            assert doctest.OutputChecker().check_output(expected, ran.stdout, ALIKE), f"{command}\n{ran.stdout}"


@pytest.mark.slow
def test_the_program_in_readme_prints_what_it_promises(tmp_path):
    """The expected output stands behind each call of print, as a comment."""
    [program] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=1800)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", program, flags=re.MULTILINE)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_examples_print_what_they_promise(example, tmp_path):
    """The expected output stands at the end of an example, as comments under "# prints:"."""
    ran = subprocess.run([sys.executable, example], cwd=tmp_path, capture_output=True, text=True, timeout=1800)
    assert ran.returncode == 0, ran.stderr
    promised = re.sub(r"^# ?", "", example.read_text().split("# prints:\n")[1], flags=re.MULTILINE)
    assert doctest.OutputChecker().check_output(promised.replace("…", "..."), ran.stdout, ALIKE), ran.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
