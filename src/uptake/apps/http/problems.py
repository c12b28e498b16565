"""Errors as `application/problem+json` (RFC 9457): one format for all, without anybody's words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from uptake.errors import BadRecord, RequestRefused, UptakeError

__all__ = ["CONTENT_TYPE", "Problem", "headers_of", "problem_of"]

CONTENT_TYPE = "application/problem+json"

_STATUS = {
    "bad_record": 400,
    "unknown_format": 400,
    "bad_config": 400,
    "not_ready": 409,
    "artifact_refused": 409,
    "missing_extra": 501,
    "storage_failed": 503,
    "engine_failed": 503,
    "device_failed": 502,
}


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Error of a request."""

    type: str
    """Stable name of the problem, as a URN."""
    title: str
    """The status of HTTP, in words."""
    status: int
    """The status of HTTP."""
    detail: str
    """What was wrong, what was expected and what to do."""
    line: int | None = None
    """Line of a batch, counted from 1."""
    field: str | None = None
    """Field that is wrong, dotted where nested."""


def problem_of(error: BaseException) -> Problem:
    """Say what an error means for the caller; one that was not raised on purpose tells its kind alone."""
    if isinstance(error, RequestRefused):
        return _problem(error.name, error.status, error.problem)
    if isinstance(error, BadRecord):
        return _problem(error.code, 400, error.problem, line=error.line, field=error.field)
    if isinstance(error, UptakeError):
        return _problem(error.code, _STATUS.get(error.code, 500), str(error))
    return _problem("internal", 500, f"the service failed ({type(error).__name__}); its log says where")


def headers_of(error: BaseException) -> list[tuple[str, str]]:
    """Headers that go with the answer to an error."""
    return list(error.headers) if isinstance(error, RequestRefused) else []


def _problem(name: str, status: int, detail: str, **where: Any) -> Problem:
    return Problem(
        type=f"urn:uptake:problem:{name}", title=HTTPStatus(status).phrase, status=status, detail=detail, **where
    )
