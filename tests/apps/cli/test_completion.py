"""Completion in a shell: what Tab offers after `eval "$(_UPTAKE_COMPLETE=bash_source uptake)"`."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rew", {"rewrites"}),
        ("rewrites ", {"list", "why", "block", "pin"}),
        ("ingest --time", {"--timezone", "--time-format"}),
    ],
)
def test_commands_and_options_are_completed(typed, offered):
    words = f"uptake {typed}"
    known = {"_UPTAKE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'uptake'; from uptake.apps.cli import main; main()"],
        env={**os.environ, **known}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == offered
