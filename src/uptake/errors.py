"""Errors that this package raises deliberately.

    UptakeError
    ├── BadRecord          (ValueError)    a record or a line of a log is invalid
    ├── UnknownFormat      (ValueError)    the name of a format, corpus or evaluation is unknown
    ├── BadConfig          (ValueError)    an option or a configuration file is wrong
    ├── NotReady           (RuntimeError)  a step is missing before this one (ingest, learn, publish)
    ├── StorageFailed      (OSError)       the disk failed: full, read-only, gone
    │   └── NotForgotten                   data of a forgotten user is left; says what and why
    ├── ArtifactRefused    (ValueError)    an artifact is incomplete, altered or from another version
    ├── EngineFailed       (RuntimeError)  the relational engine could not run a query
    ├── DeviceFailed       (RuntimeError)  a device of the home refused, is away or did not answer
    ├── RequestRefused     (RuntimeError)  a service refused a request, or could not be reached
    └── MissingExtra       (ImportError)   a library behind an extra is not installed

A message says what was wrong, where (file, line, field), what was expected and what to do. It never quotes what a user
said. `code` is stable and meant for machines; `exit_code` is what the command line returns (2 usage, 3 bad data).
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
    """Base class of every deliberate error of this package."""

    code: ClassVar[str] = "uptake"
    exit_code: ClassVar[int] = 3


class BadRecord(UptakeError, ValueError):
    """Error in a record or a line of a log.

    Args:
        problem: The problem and what was expected, without the user's words.
        file: Source of the record; "-" is standard input.
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
    """Error in the name of a format, corpus or evaluation."""

    code = "unknown_format"
    exit_code = 2


class BadConfig(UptakeError, ValueError):
    """Error in an option or a configuration file."""

    code = "bad_config"
    exit_code = 2


class NotPrivate(BadConfig):
    """Error: a release would tell more of single users than the configured bound allows."""

    code = "not_private"


class NotReady(UptakeError, RuntimeError):
    """Error: a step is missing before this one; the message says which."""

    code = "not_ready"


class StorageFailed(UptakeError, OSError):
    """Error of the disk: full, read-only or gone. Data stored before is unchanged."""

    code = "storage_failed"


class NotForgotten(StorageFailed):
    """Error: data of a forgotten user is left; the message says what and why."""

    code = "not_forgotten"
    exit_code = 1


class ArtifactRefused(UptakeError, ValueError):
    """Error: an artifact is incomplete, altered, or written by another schema version."""

    code = "artifact_refused"


class EngineFailed(UptakeError, RuntimeError):
    """Error: the relational engine could not run a query."""

    code = "engine_failed"


class DeviceFailed(UptakeError, RuntimeError):
    """Error: a device of the home refused, is away, or did not answer in time."""

    code = "device_failed"

    def __init__(self, problem: str, *, entity_id: str) -> None:
        self.problem, self.entity_id = problem, entity_id
        super().__init__(f"device {entity_id}: {problem}")


class RequestRefused(UptakeError, RuntimeError):
    """Error: a service refused a request, or could not be reached; raised by the service and by its client.

    Args:
        problem: The problem and what to do, without the user's words.
        status: HTTP status; 0 if nothing answered.
        name: Stable name of the problem, for machines.
        headers: Headers that go with the answer.
    """

    code = "request_refused"

    def __init__(self, problem: str, *, status: int, name: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.problem, self.status, self.name, self.headers = problem, status, name, headers
        super().__init__(problem)


class MissingExtra(UptakeError, ImportError):
    """Error: a library behind an extra is not installed."""

    code = "missing_extra"
    exit_code = 2
