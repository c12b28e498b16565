"""The OpenAPI document, taken at its word by a program that makes requests from it: no route does otherwise."""

import subprocess
import sys

import pytest

from tests.serving import running
from uptake.apps.http.access import SCOPES, TokenFile

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "ignored_auth", "unsupported_method",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["fuzzing", pytest.param("coverage", marks=pytest.mark.long)])
def test_requests_made_from_the_document_are_answered_as_it_says(tmp_path, phase):
    token = TokenFile(tmp_path / "tokens.json").add("all", SCOPES)
    with running(tmp_path, rate_per_s=1e9, burst=10**9) as there:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{there.url}/openapi.json", "--phases", phase,
            "--checks", ",".join(CHECKS), "--header", f"Authorization: Bearer {token}", "--max-examples", "4",
            "--seed", "1", "--request-timeout", "120", "--continue-on-failure", "--no-color",
            "--suppress-health-check", "all",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
