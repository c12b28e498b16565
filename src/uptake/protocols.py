"""Every protocol of the project on one page: read this file first.

Data flows one way: log -> feedback -> learn -> artifacts -> step. The only way back is the log.
A learner makes an artifact, an artifact answers one question, a step decides whether to trust
the answer. `tests/contracts` runs the laws stated here over every member.
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
    """Statistics that a learner took from the log: a table with keys and measures that add, and `user_id` a key."""

    @property
    def shared(self) -> Statistics:
        """Return the counts of everybody: the same table, or a differentially private release of it."""
        ...

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run SQL over it, where it goes by the name `statistics`, and over small tables; the answer must be small."""
        ...

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run SQL over it, as `query` does; the answer comes in batches, and may be large."""
        ...

    def each(self, function: Callable[[pa.Table], pa.Table], tables: Sequence[pa.Table]) -> list[pa.Table]:
        """Apply a function to tables, each alone and maybe on other machines; answers in their order."""
        ...

    def connected(self, edges: pa.Table) -> pa.Table:
        """Find the connected components of a graph, as `Engine.connected` does."""
        ...


@runtime_checkable
class Learner(Protocol):
    """Turns a log into an artifact by way of statistics that add.

    Laws: `statistics(a + b)` equals `statistics(a)` plus `statistics(b)` (union, then sum of the measures
    by key) for logs split between sessions; `solve` depends on nothing but the statistics, whatever
    their order; neither reads the clock, the network or the disk.
    """

    name: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    measures: ClassVar[tuple[str, ...]]
    statistics: ClassVar[str]
    """One SQL query over the view `turns` (`uptake.feedback.turns_view.TURNS`), in the subset that DuckDB and
    Spark SQL run alike."""

    def solve(self, statistics: Statistics) -> Artifact:
        """Make the artifact that the statistics support."""
        ...


class Solution(Protocol):
    """Part of a solution that a learner keeps, to solve again only what new counts touched."""

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
    """A learner that can go on from its last solution. Law: the artifact equals that of `solve`."""

    solution: ClassVar[Any]
    """Class of its solutions: `load(path)` gives the last one, or None."""

    def solve_again(self, statistics: Statistics, previous: Any = None) -> tuple[Artifact, Solution]:
        """Make the artifact, with what may be kept of the solution before."""
        ...


class Material(Protocol):
    """Input of a learner of whole dialogues: the log's latest sessions, and how the assistant reads."""

    def sessions(self, most: int) -> Sequence[Session]:
        """The sessions of the log's latest turns, at most `most` turns, oldest first."""
        ...

    def hear(self, turn: Turn, text: str) -> Sequence[Interpretation]:
        """Read a text as if it had been heard in the place of a turn's request; nothing is done."""
        ...

    def served(self, cls: type[A]) -> A | None:
        """The artifact of a class that is served now; None where there is none."""
        ...

    def version(self, kind: str) -> str | None:
        """Version of a kind of artifact that is served now; None where there is none."""
        ...

    def note(self, text: str) -> None:
        """Tell a person what is being done."""
        ...

    def report(self, **figures: Any) -> None:
        """Keep figures with the artifact, as JSON values: what its gate saw."""
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
        """The home whose things people name: `uptake.assistant.home.VirtualHome`."""
        ...


@runtime_checkable
class DialogueLearner(Protocol):
    """Turns whole dialogues into an artifact; made anew each time.

    Laws: deterministic in its seed; reads no truth; raises `NotReady` where the log teaches too little, and
    `ArtifactRefused` where its own gate finds what was learned worse than what is served.
    """

    name: ClassVar[str]

    def learn(self, material: Material) -> Artifact:
        """Make the artifact that the material supports."""
        ...


@runtime_checkable
class Artifact(Protocol):
    """Learned data, ready to be asked. Laws: immutable; `load(save(x)) == x`; no pickle; opens by mmap."""

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
        """The artifact as it would be without a user: equal to learning from a log without them.

        None where the artifact cannot tell: it is then removed, and learned again from those who stay.
        """
        ...


class Preflight(Protocol):
    """Says what the assistant would take a text for, here and now, without doing anything.

    Laws: None where it would understand nothing, or nothing that exists; never raises for any text.
    """

    def __call__(self, text: str) -> Interpretation | None:
        """The reading it would act on, with its confidence."""
        ...


@runtime_checkable
class Reads(Preflight, Protocol):
    """A preflight that also tells all it makes of a text, and tries readings that no text stands for."""

    def readings(self, text: str) -> tuple[Interpretation, ...]:
        """The reading it would act on, tied to what exists here, then the runners-up, as a turn would log them."""
        ...

    def exists(self, reading: Interpretation) -> bool:
        """Tell whether a skill would take the reading, with nothing missing and all that it names here."""
        ...


@runtime_checkable
class Foresees(Preflight, Protocol):
    """A preflight that also tells what would change: what the guard judges by, beside the words."""

    def foresee(self, meant: str | Interpretation | None = None) -> Consequence | None:
        """Return what acting on a text or a reading would change; on the request as it was heard for None.

        None where it would be understood as nothing, or nothing that it names is here.
        """
        ...


@runtime_checkable
class Step(Protocol):
    """Decides one thing about a request.

    Laws: None means "I abstain", the normal case; never raises for anything a user says.
    """

    name: ClassVar[str]

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision, or abstain.

        Args:
            request: What was heard.
            situation: Where and when, and what was said before.
            preflight: What the assistant would make of a text; None where there is no assistant to ask.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The relation that queries read, made part by part.

    `make` runs where the part is read, which may be another machine: it must be importable there by its name.
    """

    name: str
    """Name of the relation in the queries."""
    schema: pa.Schema
    """Columns of its rows; one of them is `user_id`."""
    make: Callable[[Any, Any, Sequence[str]], Iterator[pa.Table]]
    """Function of a part, its Parquet file (a path, or the bytes as a `pa.Buffer`) and the columns that are wanted."""


class Due(NamedTuple):
    """A part of the log that is to be counted."""

    part: Any
    """What `View.make` is given; it can be pickled."""
    path: Any
    """Its Parquet file: a path, or on an executor the bytes as a `pa.Buffer`."""
    into: Mapping[str, Path]
    """Name of a query -> Parquet file for its answer."""


class Engine(Protocol):
    """Runs relational jobs. Law: equal to the local engine on the same relations."""

    def run(self, sql: str, **relations: Any) -> Iterator[pa.RecordBatch]:
        """Run SQL over named relations (Arrow tables, Parquet files, or a list of both), in batches."""
        ...

    def table(self, sql: str, **relations: Any) -> pa.Table:
        """Run SQL as `run` does, and return the whole answer."""
        ...

    def count(
        self, queries: Mapping[str, str], view: View, due: Sequence[Due], progress: Callable[[int], None]
    ) -> None:
        """Run queries over each part alone, and write each answer to its file, whole or not at all."""
        ...

    def each(self, function: Callable[[pa.Table], pa.Table], tables: Sequence[pa.Table]) -> list[pa.Table]:
        """Apply a function, importable by its name, to tables, each alone; answers in their order."""
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
        """Give back what it holds. Closing twice is harmless."""
        ...


class Corpus(Protocol):
    """Reads a foreign file as turns. Law: one pass, streaming; truth goes into `Turn.truth` alone."""

    name: ClassVar[str]

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """The turns that one record (a call, a dialogue) holds."""
        ...
