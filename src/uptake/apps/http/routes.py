"""Define a route (path, scope, schemas of body and answer) and a call of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from uptake.apps.http.access import Token
from uptake.errors import BadRecord

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["Call", "Raw", "Route", "Stream"]


class Raw(NamedTuple):
    """Answer that is not JSON."""

    content_type: str
    data: bytes


class Stream(NamedTuple):
    """Answer that is sent in pieces."""

    content_type: str
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a route."""

    token: Token
    """Who asks."""
    path: Mapping[str, str]
    """Parameters of the path."""
    query: Mapping[str, str]
    """Parameters of the query; one that is empty counts as missing."""
    body: Any = None
    """The body, decoded; its bytes where the route takes them as they are."""

    def needs(self, name: str) -> str:
        """Return a parameter of the query.

        Raises:
            BadRecord: It is missing.
        """
        value = self.query.get(name)
        if not value:
            raise BadRecord("is required but missing", field=name)
        return value

    def user(self, service: Service, user_id: str | None) -> str | None:
        """Return whose matter it is, once it is sure that the token may ask about them.

        Raises:
            RequestRefused: The person lives in a home that the token is not for.
        """
        if user_id is not None:
            service.residents.check(self.token, user_id)
        return user_id

    def whom(self, service: Service, user_id: str | None) -> str | None:
        """Return for whom something is decided: one person, or (None) everybody, which needs a token for all homes.

        Raises:
            RequestRefused: The token is not for them.
        """
        if user_id is None:
            self.token.must_home(None)
        return self.user(service, user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route of the service."""

    method: str
    path: str
    """With parameters in braces, as OpenAPI writes them."""
    scope: str | None
    """Scope that a token needs; None where nobody has to say who they are."""
    handler: Callable[[Service, Call], Any]
    """Answers; runs in a thread."""
    body: Any = None
    """Shape of the body; `bytes` to take it as it is; None for none."""
    answer: Any = dict[str, Any]
    """Shape of the answer."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the query -> what they are."""
    content_type: str = "application/json"
    """Type of the answer."""

    @property
    def name(self) -> str:
        """Name of the route, for logs and metrics."""
        return self.handler.__name__

    @property
    def summary(self) -> str:
        """Summarise the route in one line."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]
