"""Arguments of a page: the request, the session, its rights, the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from uptake.apps.console.sessions import Session
from uptake.apps.http.access import Token
from uptake.errors import BadRecord

__all__ = ["PageCall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCall:
    """Call of a page."""

    request: Request
    session: Session
    token: Token
    form: Mapping[str, str] = field(default_factory=dict)

    def query(self, name: str) -> str | None:
        """Return a parameter of the address; None where it is missing or empty."""
        return self.request.query_params.get(name, "").strip() or None

    def needs(self, name: str) -> str:
        """Return a parameter of the address.

        Raises:
            BadRecord: It is missing.
        """
        return _there(self.query(name), name, "is required but missing")

    def field(self, name: str) -> str | None:
        """Return a field of the form; None where it is missing or empty."""
        return self.form.get(name, "").strip() or None

    def filled(self, name: str) -> str:
        """Return a field of the form.

        Raises:
            BadRecord: It is missing.
        """
        return _there(self.field(name), name, "must be filled in")


def _there(value: str | None, name: str, problem: str) -> str:
    if value is None:
        raise BadRecord(problem, field=name)
    return value
