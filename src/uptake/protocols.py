"""Protocols of the project, all on one page: read this file first.

Data flows one way: log -> feedback -> learn -> artifacts -> step. The only way back is the log. A learner makes an
artifact, an artifact answers one question, a step decides whether to trust the answer. `tests/contracts` runs the laws
stated here over every member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, Self, TypeVar, runtime_checkable

from uptake.types import Consequence, Decision, Interpretation, Request, Session, Situation, Turn

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Artifact",
    "Corpus",
    "DialogueLearner",
    "Due",
    "Engine",
    "Foresees",
    "Learner",
    "Material",
    "Preflight",
    "Reads",
    "Resumes",
    "Solution",
    "Statistics",
    "Step",
    "View",
]

A = TypeVar("A", bound="Artifact")


class Statistics(Protocol):
    """Statistics of a learner over the log: a table with keys (`user_id` among them) and measures that add."""

    @property
    def shared(self) -> Statistics:
        """Return the global counts: the same table, or a differentially private release of it."""
        ...

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run SQL over it (relation `statistics`), and over small tables; the result must be small."""
        ...

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run SQL over it, as `query` does; the result comes in batches, and may be large."""
        ...

    def each(self, function: Callable[[pa.Table], pa.Table], tables: Sequence[pa.Table]) -> list[pa.Table]:
        """Apply a function to each table, possibly on other machines; results in their order."""
        ...

    def connected(self, edges: pa.Table) -> pa.Table:
        """Find the connected components of a graph, as `Engine.connected` does."""
        ...


@runtime_checkable
class Learner(Protocol):
    """Learner that turns a log into an artifact by way of statistics that add.

    Laws: `statistics(a + b)` equals `statistics(a)` plus `statistics(b)` (union, then sum of the measures by key) for
    logs split between sessions; `solve` depends only on the statistics, in any order; neither reads the clock, the
    network or the disk.
    """

    name: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    measures: ClassVar[tuple[str, ...]]
    statistics: ClassVar[str]
    """One SQL query over the view `turns` (`uptake.feedback.turns_view.TURNS`), in the subset that DuckDB and
    Spark SQL run alike."""

    def solve(self, statistics: Statistics) -> Artifact:
        """Make the artifact from the statistics."""
        ...


class Solution(Protocol):
    """Solution that a learner keeps, to solve again only what new counts affect."""

    @property
    def components_total(self) -> int:
        """Components of the chain."""
        ...

    @property
    def components_solved(self) -> int:
        """Components that had to be solved."""
        ...

    def save(self, path: Path) -> None:
        """Write it."""
        ...


@runtime_checkable
class Resumes(Protocol):
    """Learner that can continue from its last solution. Law: the artifact equals that of `solve`."""

    solution: ClassVar[Any]
    """Class of its solutions: `load(path)` gives the last one, or None."""

    def solve_again(self, statistics: Statistics, previous: Any = None) -> tuple[Artifact, Solution]:
        """Make the artifact, with what may be kept of the solution before."""
        ...


class Material(Protocol):
    """Input of a learner of whole dialogues: the log's latest sessions, and the assistant's interpretations."""

    def sessions(self, most: int) -> Sequence[Session]:
        """Return the sessions of the log's latest turns, at most `most` turns, oldest first."""
        ...

    def hear(self, turn: Turn, text: str) -> Sequence[Interpretation]:
        """Interpret a text in place of a turn's request; nothing is done."""
        ...

    def served(self, cls: type[A]) -> A | None:
        """Return the served artifact of a class; None if there is none."""
        ...

    def version(self, kind: str) -> str | None:
        """Return the served version of a kind of artifact; None if there is none."""
        ...

    def note(self, text: str) -> None:
        """Report the current stage."""
        ...

    def report(self, **figures: Any) -> None:
        """Record figures with the artifact, as JSON values: the measurements of its gate."""
        ...

    @property
    def log(self) -> Any:
        """The interaction log, for learners that count over all of it: `uptake.log.store.TurnLog`."""
        ...

    def count(self, sql: str) -> Statistics:
        """Run a query over `timeline`, the changes of the home's devices (`uptake.log.timeline.Change`)."""
        ...

    @property
    def home(self) -> Any:
        """The home with its devices: `uptake.assistant.home.VirtualHome`."""
        ...


@runtime_checkable
class DialogueLearner(Protocol):
    """Learner that turns whole dialogues into an artifact; trained from scratch each time.

    Laws: deterministic in its seed; reads no truth; raises `NotReady` if the log holds too little, and
    `ArtifactRefused` if its own gate finds the new artifact worse than the served one.
    """

    name: ClassVar[str]

    def learn(self, material: Material) -> Artifact:
        """Make the artifact that the material supports."""
        ...


@runtime_checkable
class Artifact(Protocol):
    """Learned data, ready for use. Laws: immutable; `load(save(x)) == x`; no pickle; opens by mmap."""

    kind: ClassVar[str]
    """Plural noun, as in `uptake.catalogue`; also the folder it is published in."""
    schema_version: ClassVar[int]
    """Version of the files that `save` writes."""

    def save(self, directory: Path) -> None:
        """Write the files of the artifact into an existing, empty directory."""
        ...

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote."""
        ...

    def without(self, user_id: str) -> Self | None:
        """Return the artifact without a user: equal to learning from a log without them.

        None if the artifact cannot compute it: it is then removed, and learned again from the remaining users.
        """
        ...


class Preflight(Protocol):
    """Dry run: the interpretation that the assistant would give a text, here and now, without acting.

    Laws: None if it would understand nothing, or nothing that exists; never raises for any text.
    """

    def __call__(self, text: str) -> Interpretation | None:
        """Return the interpretation it would act on, with its confidence."""
        ...


@runtime_checkable
class Reads(Preflight, Protocol):
    """Preflight that also returns all interpretations of a text, and tests interpretations that have no text."""

    def readings(self, text: str) -> tuple[Interpretation, ...]:
        """Return the interpretation it would act on, resolved, then the runners-up, as a turn would log them."""
        ...

    def exists(self, reading: Interpretation) -> bool:
        """Tell whether a skill would accept the interpretation, complete and with existing things only."""
        ...


@runtime_checkable
class Foresees(Preflight, Protocol):
    """Preflight that also returns the consequence of acting, for the guard."""

    def foresee(self, meant: str | Interpretation | None = None) -> Consequence | None:
        """Return the consequence of acting on a text or an interpretation; None for the request as it was heard.

        The result is None if it would not be understood, or names nothing that exists here.
        """
        ...


@runtime_checkable
class Step(Protocol):
    """Step that decides one thing about a request.

    Laws: None means "I abstain", the normal case; never raises for any text.
    """

    name: ClassVar[str]

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision, or abstain.

        Args:
            request: Recognised request.
            situation: Place, time and previous turns.
            preflight: Dry runs of the assistant; None without an assistant.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Relation that queries read, made part by part.

    `make` runs where the part is read, which may be another machine: it must be importable there by its name.
    """

    name: str
    """Name of the relation in the queries."""
    schema: pa.Schema
    """Columns of its rows; one of them is `user_id`."""
    make: Callable[[Any, Any, Sequence[str]], Iterator[pa.Table]]
    """Function of a part, its Parquet file (a path, or the bytes as a `pa.Buffer`) and the columns that are wanted."""


class Due(NamedTuple):
    """Part of the log to be counted."""

    part: Any
    """What `View.make` is given; it can be pickled."""
    path: Any
    """Its Parquet file: a path, or on an executor the bytes as a `pa.Buffer`."""
    into: Mapping[str, Path]
    """Name of a query -> Parquet file for its answer."""


class Engine(Protocol):
    """Engine that runs relational jobs. Law: equal to the local engine on the same relations."""

    def run(self, sql: str, **relations: Any) -> Iterator[pa.RecordBatch]:
        """Run SQL over named relations (Arrow tables, Parquet files, or a list of both), in batches."""
        ...

    def table(self, sql: str, **relations: Any) -> pa.Table:
        """Run SQL as `run` does, and return the whole result."""
        ...

    def count(
        self, queries: Mapping[str, str], view: View, due: Sequence[Due], progress: Callable[[int], None]
    ) -> None:
        """Run queries over each part alone, and write each result to its file, atomically."""
        ...

    def each(self, function: Callable[[pa.Table], pa.Table], tables: Sequence[pa.Table]) -> list[pa.Table]:
        """Apply a function, importable by its name, to each table; results in their order."""
        ...

    def connected(self, edges: pa.Table) -> pa.Table:
        """Find the connected components of a graph.

        Args:
            edges: source, target: int64; direction and repetition do not matter.

        Returns:
            node, label: each node that is not the smallest of its component, and the smallest; in any order.
        """
        ...

    def close(self) -> None:
        """Release its resources. Closing twice is harmless."""
        ...


class Corpus(Protocol):
    """Reader of a foreign file as turns. Law: one pass, streaming; truth goes into `Turn.truth` only."""

    name: ClassVar[str]

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Return the turns in one record (a call, a dialogue)."""
        ...
