"""The main job on real calls: ingest, learn, list, explain, decide, forget."""

import json
import subprocess
import sys

import pytest

from uptake.catalogue import daily

pytestmark = [pytest.mark.slow, pytest.mark.data]


@pytest.mark.long
def test_real_calls_become_rewrites_that_are_served(data_root, tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "uptake", *arguments, "--state", str(tmp_path / "state")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    run("ingest", "--format", "dstc2", str(data_root / "dstc2"))
    kinds = [line.split()[0] for line in run("learn").splitlines()]
    assert kinds == [one.kind for one in daily()]

    rewrites = [json.loads(line) for line in run("rewrites", "list", "--json").splitlines()]
    rewrites = [row for row in rewrites if row["layer"] == "table"]
    assert rewrites
    assert all(row["users"] >= 3 and row["success_after"] > row["success_before"] for row in rewrites)

    first = rewrites[0]["request"]
    decided = json.loads(run("ask", first, "--user", "somebody", "--json"))
    assert decided["acted_on"] == rewrites[0]["acted_on"]
    run("rewrites", "why", first, "--svg", str(tmp_path / "why.svg"))
    assert (tmp_path / "why.svg").read_text().startswith("<svg")

    run("rewrites", "block", first)
    assert json.loads(run("ask", first, "--user", "somebody", "--json"))["acted_on"] is None

    run("forget", "caller000")
    assert "caller000" not in run("log", "export")
