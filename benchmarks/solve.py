"""Solving absorbing chains: ours, beside PyDTMC and one global sparse LU.

Ours gives, for every state, the chance to end in success and its best targets; sparse LU gives only the first;
PyDTMC gives the absorption probabilities. CPU seconds; medians over interleaved rounds in this process, but for
PyDTMC, which needs an older numpy and so runs in an environment of its own, made once in the user's cache.

    solve.vs_pydtmc        PyDTMC's CPU seconds per edge on sampled components / ours on the same components
    solve.vs_lu            scipy splu of the whole matrix / ours, many small components
    solve.max_difference   largest difference of any chance to end in success between the methods
    solve.giant_cpu_s      ours on one component of about a million edges
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROUNDS = 5
PYDTMC = "pydtmc==8.7.0"


def run(
    *, states: int = 400_000, giant_edges: int = 1_000_000, sampled: int = 200, rounds: int = ROUNDS
) -> dict[str, float]:
    """Measure; without the peer's environment (no network) its keys are left out and stderr says why."""
    from uptake.rewriting.table.learn.absorbing import absorb

    small, giant = many_components(states), one_component(giant_edges)
    absorb(many_components(100))
    absorb(one_component(5_000))  # compiled before the clock starts
    ours, lu, whole = [], [], []
    for _ in range(rounds):
        ours.append(_cpu(lambda: absorb(small)))
        lu.append(_cpu(lambda: sparse_lu(small)))
        whole.append(_cpu(lambda: absorb(giant)))
    solved, factorised = absorb(small).wins, sparse_lu(small)
    figures = {
        "solve.edges": float(len(small.targets)),
        "solve.giant_edges": float(len(giant.targets)),
        "solve.cpu_s": median(ours),
        "solve.lu_cpu_s": median(lu),
        "solve.giant_cpu_s": median(whole),
        "solve.vs_lu": median(lu) / median(ours),
        "solve.max_difference": float(np.abs(solved - factorised).max()),
    }
    figures["solve.max_difference"] = max(figures["solve.max_difference"], _residual(giant, absorb(giant).wins))
    return {**figures, **_beside_pydtmc(small, sampled, figures)} if sampled else figures


def many_components(states: int, seed: int = 0) -> Any:
    """Chains of 2 to 12 states, a few of 100 to 300, as pooled logs have them."""
    rng = np.random.default_rng(seed)
    sizes = np.concatenate([rng.integers(2, 13, max(states // 8, 1)), rng.integers(100, 301, states // 20_000)])
    sizes = rng.permutation(sizes)
    first = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    n = int(sizes.sum())
    home = np.repeat(np.arange(len(sizes)), sizes)
    degree = rng.integers(1, 4, n)
    source = np.repeat(np.arange(n), degree)
    target = first[home[source]] + rng.integers(0, 1 << 30, len(source)) % sizes[home[source]]
    return _chain(n, source, target, rng)


def one_component(edges: int, seed: int = 1) -> Any:
    """A Zipf graph: nearly all states hang together, some are moved to from everywhere."""
    rng = np.random.default_rng(seed)
    n = max(edges // 5, 2)
    cumulated = np.cumsum(1.0 / np.arange(1, n + 1))
    ends = np.searchsorted(cumulated, rng.random((2, 3 * edges)) * cumulated[-1])
    key = np.unique(np.minimum(ends[0], n - 1) * n + np.minimum(ends[1], n - 1))
    key = np.sort(rng.permutation(key)[:edges])
    return _chain(n, key // n, key % n, rng)


def _chain(n: int, source: Any, target: Any, rng: np.random.Generator) -> Any:
    from uptake.rewriting.table.learn.absorbing import Chain

    key = np.unique(source * n + target)
    source, target = key // n, key % n
    count = rng.integers(3, 30, len(key)).astype(np.float64)
    out = np.bincount(source, weights=count, minlength=n)
    wins, losses = rng.integers(0, 40, n) + 0.5 * out, rng.integers(1, 10, n)
    total = out + wins + losses
    return Chain(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64),
        targets=target.astype(np.int64),
        moves=count / total[source],
        win=wins / total,
        lost=np.zeros(n),
    )


def sparse_lu(chain: Any) -> Any:
    """(I - Q) x = R by one sparse factorisation of everything."""
    from scipy.sparse import csr_matrix, identity
    from scipy.sparse.linalg import splu

    n = len(chain.win)
    q = csr_matrix((chain.moves, chain.targets, chain.indptr), shape=(n, n))
    return splu((identity(n, format="csr") - q).tocsc()).solve(chain.win)


def _residual(chain: Any, wins: Any) -> float:
    """How far a solution is from solving its equations: too large a graph for another method."""
    from scipy.sparse import csr_matrix

    n = len(chain.win)
    q = csr_matrix((chain.moves, chain.targets, chain.indptr), shape=(n, n))
    return float(np.abs(q @ wins + chain.win - wins).max())


def _cpu(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _beside_pydtmc(chain: Any, sampled: int, figures: dict[str, float]) -> dict[str, float]:
    from uptake.rewriting.table.learn.absorbing import absorb, components
    from uptake.rewriting.table.learn.component_cache import _restricted

    labels = components(chain.indptr, chain.targets)
    chosen = np.random.default_rng(2).choice(np.unique(labels), min(sampled, len(np.unique(labels))), replace=False)
    part = _restricted(chain, np.flatnonzero(np.isin(labels, chosen)))
    try:
        cpu_s, wins = _pydtmc(part)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"solve.vs_pydtmc is left out: no environment with {PYDTMC} ({error})", file=sys.stderr)
        return {}
    repeats = max(1, 200_000 // len(part.targets))
    ours = _cpu(lambda: [absorb(part) for _ in range(repeats)]) / repeats
    difference = float(np.abs(np.array(wins) - absorb(part).wins).max())
    return {
        "solve.pydtmc_cpu_s": cpu_s,
        "solve.pydtmc_edges": float(len(part.targets)),
        "solve.vs_pydtmc": cpu_s / ours,
        "solve.max_difference": max(figures["solve.max_difference"], difference),
    }


def _pydtmc(chain: Any) -> tuple[float, list[float]]:
    """CPU seconds of PyDTMC on each component, and the chances to end in success."""
    python = _environment()
    with tempfile.TemporaryDirectory() as place:
        np.savez(
            Path(place) / "chain.npz", indptr=chain.indptr, targets=chain.targets, moves=chain.moves, win=chain.win
        )
        done = subprocess.run(
            [python, "-c", _PEER, str(Path(place) / "chain.npz")], check=True, stdout=subprocess.PIPE, text=True
        )
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["cpu_s"], answer["wins"]


def _environment() -> str:
    import platformdirs

    home = Path(platformdirs.user_cache_dir("uptake")) / "benchmarks" / PYDTMC.replace("==", "-")
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, PYDTMC, "setuptools<81"], check=True, stdout=sys.stderr)
        (home / "ready").touch()
    return os.fspath(python)


_PEER = """
import json, sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from pydtmc import MarkovChain
chain = np.load(sys.argv[1])
indptr, targets, moves, win = (chain[name] for name in ("indptr", "targets", "moves", "win"))
n = len(win)
parent = list(range(n))
def root(node):
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
for node in range(n):
    for at in range(indptr[node], indptr[node + 1]):
        parent[root(targets[at])] = root(node)
members = {}
for node in range(n):
    members.setdefault(root(node), []).append(node)
wins, spent = np.zeros(n), 0.0
for nodes in members.values():
    k = len(nodes)
    place = {node: i for i, node in enumerate(nodes)}
    p = np.zeros((k + 2, k + 2))
    p[k, k] = p[k + 1, k + 1] = 1.0
    for i, node in enumerate(nodes):
        for at in range(indptr[node], indptr[node + 1]):
            p[i, place[targets[at]]] += moves[at]
        p[i, k] = win[node]
        p[i, k + 1] = 1.0 - p[i].sum()
    begun = time.process_time()
    mc = MarkovChain(p, [str(i) for i in range(k)] + ["success", "failure"])
    absorbed = np.asarray(mc.absorption_probabilities())
    spent += time.process_time() - begun
    absorbed = absorbed if absorbed.shape[0] == 2 else absorbed.T
    wins[nodes] = absorbed[0]
print(json.dumps({"cpu_s": spent, "wins": wins.tolist()}))
"""
