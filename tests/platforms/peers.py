"""The Pythons that have the programs we meet: named by a variable, else made by `make peers`, else there is none."""

import os
import subprocess
from pathlib import Path

MADE = Path(__file__).parents[2] / "build" / "peers"


def python_of(peer: str, *modules: str) -> str | None:
    """The Python that has `modules`: of UPTAKE_TEST_<PEER>, else of build/peers/<peer>; None where neither has."""
    named = os.environ.get(f"UPTAKE_TEST_{peer.upper()}")
    python = named or str(MADE / peer / "bin" / "python")
    if not Path(python).exists():
        return None
    finds = f"import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, {modules!r})))"
    return python if subprocess.run([python, "-c", finds], capture_output=True).returncode == 0 else None


def missing(peer: str) -> str:
    """Why a test is passed over."""
    return f"no Python has {peer}: run `make peers`, or name one in UPTAKE_TEST_{peer.upper()}"
