"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("uptake", deadline=None)  # machines are noisy; slowness is the benchmarks' business
settings.load_profile("uptake")


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Root of the public corpora, one folder a corpus: UPTAKE_TEST_DATA, else ../shared/data beside the checkout."""
    given = os.environ.get("UPTAKE_TEST_DATA")
    root = Path(given) if given else Path(__file__).parents[2] / "shared" / "data"
    if not root.is_dir():
        pytest.skip(f"no corpora at {root}; say where they are with UPTAKE_TEST_DATA")
    return root
