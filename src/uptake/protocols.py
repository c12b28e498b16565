"""Every protocol of the project on one page: read this file first.

Data flows one way: log -> signals -> learn -> artifacts -> decide. The only way back is the log.
A learner makes an artifact, an artifact answers one question, a step decides whether to trust
the answer. `tests/contracts` runs the laws stated here over every member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, runtime_checkable

from uptake.types import Decision, Feedback, Interpretation, Request, Session, Situation, Turn

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Artifact", "Corpus", "Engine", "Learner", "Preflight", "Reads", "Signal", "Statistics", "Step"]


@runtime_checkable
class Signal(Protocol):
    """Reads one kind of reaction out of a session.

    Laws: pure; a silent signal yields nothing, never a fake neutral; speaks only of turns of the session.
    """

    name: ClassVar[str]
    """One word, as in `uptake.signals`."""

    def __call__(self, session: Session) -> Iterable[Feedback]:
        """Yield what the session says of its turns."""
        ...


class Statistics(Protocol):
    """What a learner took from the log: a table with keys and measures that add, and `user_id` a key."""

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run SQL over it, where it goes by the name `statistics`, and over small tables; the answer must be small."""
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
    """One SQL query over the view `turns` (`uptake.signals.marks.TURNS`), in the subset that DuckDB and
    Spark SQL run alike."""

    def solve(self, statistics: Statistics) -> Artifact:
        """Make the artifact that the statistics support."""
        ...


@runtime_checkable
class Artifact(Protocol):
    """What was learned, ready to be asked. Laws: immutable; `load(save(x)) == x`; no pickle; opens by mmap."""

    kind: ClassVar[str]
    """Plural noun, as in `uptake.artifacts`; also the folder it is published in."""
    schema_version: ClassVar[int]
    """Version of the files that `save` writes."""

    def save(self, directory: Path) -> None:
        """Write the files of the artifact into an existing, empty directory."""
        ...

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote."""
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
        """Whether a skill would take the reading, nothing that it needs is missing, and all that it names is here."""
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


class Engine(Protocol):
    """Runs relational jobs. Law: equal to the local engine on the same relations."""

    def run(self, sql: str, **relations: Any) -> Iterator[pa.RecordBatch]:
        """Run SQL over named relations (Arrow tables or lists of Parquet files), in batches."""
        ...


class Corpus(Protocol):
    """Reads a foreign file as turns. Law: one pass, streaming; truth goes into `Turn.truth` alone."""

    name: ClassVar[str]

    def recognises(self, record: Mapping[str, Any]) -> bool:
        """Whether a record of a file looks like one of this corpus, judged by its fields."""
        ...

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """The turns that one record (a call, a dialogue) holds."""
        ...
