"""What every test may ask for."""

from __future__ import annotations

import math
import os
from functools import cache
from pathlib import Path

if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores: each computes on one, and so do its children
    for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ.setdefault(f"{name}_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

# The same examples every time, on whatever machine: none fails by chance, and slowness is the benchmarks' business.
settings.register_profile(
    "uptake", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("uptake"), derandomize=False)
settings.load_profile("explore" if "UPTAKE_TEST_EXPLORE" in os.environ else "uptake")


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Root of the public corpora, one folder a corpus: UPTAKE_TEST_DATA, else ../shared/data beside the checkout."""
    given = os.environ.get("UPTAKE_TEST_DATA")
    root = Path(given) if given else Path(__file__).parents[2] / "shared" / "data"
    if not root.is_dir():
        pytest.skip(f"no corpora at {root}; say where they are with UPTAKE_TEST_DATA")
    return root


@cache
def _readers(names: tuple[object, ...], language: str) -> object:
    from uptake.assistant.readers import Understanding, Vocabulary
    from uptake.assistant.skills import Skills

    return Understanding.for_vocabulary(Vocabulary(names), skills=Skills(), language=language)


@pytest.fixture
def readers_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The readers of a home, which depend on its names alone, are built once, and a busy machine cuts none short."""
    from uptake.assistant.readers import Understanding, Vocabulary

    def for_home(home, skills, *, language="en"):
        return _readers(Vocabulary.of(home).names, language)

    monkeypatch.setattr(Understanding, "for_home", for_home)
    monkeypatch.setitem(Understanding.__init__.__kwdefaults__, "budget_ms", math.inf)
