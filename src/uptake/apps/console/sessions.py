"""Sessions of the console: a cookie, opened with a token, and a secret that every change must carry (CSRF protection).

If no token is needed (on this machine, without tokens), a session opens by itself; it still has the secret, so that a
page of another site cannot change anything. Sessions are kept in memory and end with the service.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from uptake.apps.http.access import Access, Token
from uptake.errors import RequestRefused

__all__ = ["COOKIE", "Session", "Sessions"]

COOKIE = "uptake_console"

_MOST = 1_000
_LIFE_S = 12 * 3_600.0
_CHAT = 12


@dataclass(slots=True)
class Session:
    """Session of one browser."""

    authorization: bytes | None
    """What it showed to get in; looked at again with every request."""
    name: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in the cookie."""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in every form."""
    seen_s: float = field(default_factory=time.monotonic)
    """When it was used last."""
    notes: list[str] = field(default_factory=list)
    """What the next page tells."""
    chat: list[Mapping[str, Any]] = field(default_factory=list)
    """What was said on the page to try things."""

    def said(self, exchange: Mapping[str, Any]) -> None:
        """Keep an exchange of the page to try things."""
        self.chat = [*self.chat, exchange][-_CHAT:]

    def take_notes(self) -> list[str]:
        """Return what the page is to tell, this once."""
        notes, self.notes = self.notes, []
        return notes

    def check(self, secret: str | None) -> None:
        """Check that a form is one of ours.

        Raises:
            RequestRefused: It does not carry the secret.
        """
        if secret is None or not compare_digest(secret.encode(), self.secret.encode()):
            raise RequestRefused("this form is too old, or not ours; load the page again", status=403, name="csrf")


class Sessions:
    """Sessions of one service.

    Args:
        access: Access rights of tokens.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: OrderedDict[str, Session] = OrderedDict()

    def find(self, name: str | None) -> tuple[Session, Token] | None:
        """Find the session of a cookie, and what it may do; None where somebody must sign in."""
        session = self._known.get(name or "")
        now = time.monotonic()
        if session is None or now - session.seen_s > _LIFE_S:
            return self._opened(None) if self._access.is_open else None
        try:
            token = self._access.token(session.authorization)
        except RequestRefused:  # the token was removed since, or one was made
            self._known.pop(session.name, None)
            return None
        session.seen_s = now
        return session, token

    def sign_in(self, secret: str) -> Session:
        """Open a session with the secret of a token.

        Raises:
            RequestRefused: There is no such token, or it may not see the console: it needs `read`, for all homes.
        """
        authorization = f"Bearer {secret.strip()}".encode()
        token = self._access.token(authorization)
        token.must("read")
        token.must_home(None)
        return self._opened(authorization)[0]

    def sign_out(self, session: Session) -> None:
        """End a session."""
        self._known.pop(session.name, None)

    def _opened(self, authorization: bytes | None) -> tuple[Session, Token]:
        session = Session(authorization)
        self._known[session.name] = session
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return session, self._access.token(authorization)
