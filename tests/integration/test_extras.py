"""An installation without extras decides, and says what is missing for the rest."""

import subprocess
import sys

import pytest

from uptake.capability import EXTRAS

WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split(","), None))
from uptake.apps.cli import main
main(sys.argv[2:])
"""


def run(*arguments):
    command = [sys.executable, "-c", WITHOUT, ",".join(EXTRAS), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_it_decides(tmp_path):
    ran = run("ask", "play jazz", "--user", "ann", "--state", tmp_path)
    assert (ran.returncode, "left as it is" in ran.stdout) == (0, True)


@pytest.mark.parametrize("command", [["learn"], ["demo"], ["ingest", "--format", "turns", "-"], ["log", "stats"]])
def test_what_needs_an_extra_says_which(tmp_path, command):
    ran = run(*command, *([] if command == ["demo"] else ["--state", tmp_path]))
    assert ran.returncode == 2
    assert "pip install 'uptake[learn]'" in ran.stderr
    assert "Traceback" not in ran.stderr
