"""Make the shipped files again, and record the provenance of each.

`uptake train NAME… --data ROOT --out DIR` writes below DIR in the layout of the package, so that `--out src/uptake`
replaces the shipped files. `provenance.json` records for each file when, how, from what data and under which licence it
was made. Equal data, seeds and libraries give equal files.

The functions that make the files belong to packages above this one, and are only named here.
"""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uptake
from uptake.errors import BadConfig, UnknownFormat

__all__ = ["PROVENANCE", "SHIPPED", "Shipped", "train"]

PROVENANCE = "provenance.json"
"""The table at the package's root: name -> files (ends of paths), date, command, seed, commit, data, licence."""
_OURS = "as this package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Shipped file that can be made again."""

    made_by: str
    """ "module:function"; the function takes `out`, and what it wants of `data` and `date`."""
    beside: str
    """Package in which it lies."""
    file: str
    """Its file or folder there."""
    data: str
    """Data that it is made from."""
    licence: str = _OURS
    """Under which licence that is."""
    seed: int | None = None
    """Seed of what draws; None where nothing does."""

    @property
    def path(self) -> Path:
        """Path below the package's root."""
        package = importlib.import_module(self.beside)
        return Path(package.__path__[0]).relative_to(uptake.__path__[0]) / self.file


_DSTC2 = "GPL-3.0 (DSTC2); figures only, no text of it"
SHIPPED: dict[str, Shipped] = {
    "signals": Shipped(
        made_by="uptake.lab.train.feedback:make",
        beside="uptake.feedback",
        file="weights.toml",
        data="DSTC2, training part",
        licence=_DSTC2,
    ),
    "context": Shipped(
        made_by="uptake.lab.evaluate.situation.run:make",
        beside="uptake.understanding.situation",
        file="weights.toml",
        data="21 groups of cases and 52 groups of situations, written for this project",
        seed=0,
    ),
    "simulator": Shipped(
        made_by="uptake.lab.train.simulator:make",
        beside="uptake.lab.simulate",
        file="fitted",
        data="SLURP, half of the test part; DSTC2, training part",
        licence=f"CC BY 4.0 (SLURP); {_DSTC2}",
    ),
    "reader": Shipped(
        made_by="uptake.lab.train.intents:make",
        beside="uptake.understanding.intents",
        file="model",
        data="sentences sampled from Home Assistant's templates, the skills' own and families of our wordings; "
        "words of BERT's vocabulary; two dozen weights of confidence also by half of SLURP, HWU64, CLINC150 and SNIPS",
        licence="CC BY 4.0 (Open Home Foundation, SLURP, HWU64); CC BY 3.0 (CLINC150); CC0 (SNIPS); Apache-2.0 (BERT)",
        seed=0,
    ),
    "remarks": Shipped(
        made_by="uptake.assistant.remarks.learn:make",
        beside="uptake.assistant.remarks",
        file="model",
        data="remarks, pieces of requests and families of wordings of ours; Home Assistant's templates",
        licence="as this package; CC BY 4.0 (Open Home Foundation)",
        seed=0,
    ),
    "failures": Shipped(
        made_by="uptake.lab.evaluate.failures.simulated:make",
        beside="uptake.insight.failures",
        file="model",
        data="200 simulated homes, 4 days",
        seed=7,
    ),
    "ranker": Shipped(
        made_by="uptake.lab.train.ranking:write",
        beside="uptake.rewriting.ranking",
        file="model",
        data="the logs of 300 simulated homes a recogniser, 6 days, seeds 7001 and 7002; nothing that the people meant",
        seed=7001,
    ),
}
"""Artifacts that can be made again. Later ones use what earlier ones ship, as it is installed."""


def train(
    names: Iterable[str],
    *,
    out: Path,
    date: str,
    data: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> dict[str, Path]:
    """Make what ships, and note its provenance.

    Args:
        names: Keys of `SHIPPED`; none for all.
        out: Root to write below, laid out as the package.
        date: Day of making, to be noted.
        data: Root of the corpora, for what is fitted on them.
        tell: Is told what is being made.

    Returns:
        Name -> what was written.

    Raises:
        UnknownFormat: Nothing that ships has that name.
        BadConfig: It needs corpora, and no root is given.
        NotReady: A corpus is missing.
    """
    chosen = list(names) or list(SHIPPED)
    makers = {name: _maker(name) for name in chosen}
    for name, maker in makers.items():
        if data is None and "data" in inspect.signature(maker).parameters:
            raise BadConfig(f"{name} is fitted on corpora: give --data ROOT, a folder with one folder a corpus")
    written = {}
    for name, maker in makers.items():
        if tell is not None:
            tell(f"making {name}")
        shipped = SHIPPED[name]
        target = out / shipped.path
        target.parent.mkdir(parents=True, exist_ok=True)
        given = {"date": date, "data": data}
        maker(target, **{one: given[one] for one in inspect.signature(maker).parameters.keys() & given.keys()})
        _note(out / PROVENANCE, name, shipped, date=date)
        written[name] = target
    return written


def _maker(name: str) -> Callable[..., None]:
    if name not in SHIPPED:
        raise UnknownFormat(f"nothing that ships is called {name}; there is {', '.join(SHIPPED)}")
    module, _, function = SHIPPED[name].made_by.partition(":")
    maker: Callable[..., None] = getattr(importlib.import_module(module), function)
    return maker


def _note(table: Path, name: str, shipped: Shipped, *, date: str) -> None:
    held: dict[str, Mapping[str, Any]] = json.loads(table.read_text("utf-8")) if table.is_file() else {}
    told = asdict(shipped)
    held[name] = {
        "files": [f"{shipped.path.as_posix()}/*" if "." not in shipped.file else shipped.path.as_posix()],
        "date": date,
        "command": f"uptake train {name} --data ROOT --out DIR",
        "commit": _commit(),
        **{fact: told[fact] for fact in ("seed", "data", "licence")},
    }
    table.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _commit() -> str:
    """Return the commit of the source that made it; "unknown" where there is no repository."""
    asked = ["git", "-C", str(uptake.__path__[0]), "rev-parse", "--short", "HEAD"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()
