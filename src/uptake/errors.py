"""Every error this package raises on purpose.

    UptakeError
    ├── BadRecord          (ValueError)    a record or a line of a log is not what it should be
    ├── UnknownFormat      (ValueError)    a format or corpus name that nobody answers to
    ├── BadConfig          (ValueError)    an option or a configuration file is wrong
    ├── NotReady           (RuntimeError)  something must be done first (ingest, learn, publish)
    ├── StorageFailed      (OSError)       the disk refused: full, read-only, gone
    │   └── NotForgotten                   something of a forgotten user is left; says what and why
    ├── ArtifactRefused    (ValueError)    an artifact is incomplete, altered or from another version
    ├── EngineFailed       (RuntimeError)  the relational engine could not run a query
    ├── DeviceFailed       (RuntimeError)  a device of the home refused, is away or did not answer
    ├── RequestRefused     (RuntimeError)  a service refused a request, or could not be reached
    └── MissingExtra       (ImportError)   a library behind an extra is not installed

A message says what was wrong, where (file, line, field), what was expected and what to do.
It never quotes what a user said. `code` is stable and meant for machines; `exit_code` is what
the command line returns (2 usage, 3 bad data).
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ArtifactRefused",
    "BadConfig",
    "BadRecord",
    "DeviceFailed",
    "EngineFailed",
    "MissingExtra",
    "NotForgotten",
    "NotPrivate",
    "NotReady",
    "RequestRefused",
    "StorageFailed",
    "UnknownFormat",
    "UptakeError",
]


class UptakeError(Exception):
    """Base of every deliberate error of this package."""

    code: ClassVar[str] = "uptake"
    exit_code: ClassVar[int] = 3


class BadRecord(UptakeError, ValueError):
    """A record is not what it should be.

    Args:
        problem: What is wrong and what was expected, without the user's words.
        file: Where the record came from; "-" is standard input.
        line: Line or row number, counted from 1.
        field: Name of the offending field, dotted where nested.
    """

    code = "bad_record"

    def __init__(
        self, problem: str, *, file: str | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.problem, self.file, self.line, self.field = problem, file, line, field
        where = ", ".join(
            part
            for part in (
                f"file {file}" if file is not None else "",
                f"line {line}" if line is not None else "",
                f"field {field}" if field is not None else "",
            )
            if part
        )
        super().__init__(f"{where}: {problem}" if where else problem)

    def at(self, *, file: str | None = None, line: int | None = None) -> BadRecord:
        """Return the same error, told where it happened."""
        return BadRecord(self.problem, file=file or self.file, line=line or self.line, field=self.field)


class UnknownFormat(UptakeError, ValueError):
    """A format or corpus name that nobody answers to."""

    code = "unknown_format"
    exit_code = 2


class BadConfig(UptakeError, ValueError):
    """An option or a configuration file is wrong."""

    code = "bad_config"
    exit_code = 2


class NotPrivate(BadConfig):
    """Refuse a release that would tell of single users past the bound that the configuration sets."""

    code = "not_private"


class NotReady(UptakeError, RuntimeError):
    """Something must be done first; the message says what."""

    code = "not_ready"


class StorageFailed(UptakeError, OSError):
    """The disk refused: full, read-only or gone. What was stored before is untouched."""

    code = "storage_failed"


class NotForgotten(StorageFailed):
    """Something of a forgotten user is left; the message says what and why."""

    code = "not_forgotten"
    exit_code = 1


class ArtifactRefused(UptakeError, ValueError):
    """An artifact is incomplete, altered, or written by another schema version."""

    code = "artifact_refused"


class EngineFailed(UptakeError, RuntimeError):
    """The relational engine could not run a query."""

    code = "engine_failed"


class DeviceFailed(UptakeError, RuntimeError):
    """A device of the home refused, is away, or did not answer in time."""

    code = "device_failed"

    def __init__(self, problem: str, *, entity_id: str) -> None:
        self.problem, self.entity_id = problem, entity_id
        super().__init__(f"device {entity_id}: {problem}")


class RequestRefused(UptakeError, RuntimeError):
    """A service refused a request, or could not be reached; raised by the service and by its client alike.

    Args:
        problem: What is wrong and what to do, without the user's words.
        status: Status of HTTP; 0 where nothing answered.
        name: Stable name of the problem, for machines.
        headers: Headers that go with the answer.
    """

    code = "request_refused"

    def __init__(self, problem: str, *, status: int, name: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.problem, self.status, self.name, self.headers = problem, status, name, headers
        super().__init__(problem)


class MissingExtra(UptakeError, ImportError):
    """A library behind an extra is not installed."""

    code = "missing_extra"
    exit_code = 2
