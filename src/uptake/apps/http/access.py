"""Control access: bearer tokens with scopes, each for some homes or for all.

    <state>/tokens.json     name, SHA-256 of the secret, scopes, homes; the secret is shown once and not stored

On a loopback address, and while there is no token, everybody on this machine may do everything.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord, NotReady, RequestRefused
from uptake.store.durable import editing, replace_text, storage_errors
from uptake.store.stamps import Stamp, Stamps

__all__ = ["EVERYBODY", "SCOPES", "Access", "Token", "TokenFile"]

SCOPES = {
    "rewrite": "ask what to act on",
    "observe": "send turns and feedback",
    "ask": "talk with the assistant",
    "read": "see what is known, learned and measured; export it",
    "manage": "block, pin, approve, forget, start and stop experiments, roll back",
    "monitor": "read metrics and health in detail",
}
"""Scope -> what it lets one do."""

_FORMAT = 1
_KNOWN = 1_024  # headers that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Rights of the holder of a secret."""

    name: str
    """Name that people gave it; stands in logs."""
    digest: str
    """SHA-256 of the secret, in hexadecimal."""
    scopes: frozenset[str]
    """What it lets one do."""
    homes: frozenset[str] | None = None
    """Homes it is for; None for all of them."""

    def __post_init__(self) -> None:
        for scope in self.scopes:
            if scope not in SCOPES:
                raise BadConfig(f"there is no scope {scope}{nearest(scope, SCOPES)}")

    def must(self, scope: str) -> None:
        """Check that the token has a scope.

        Raises:
            RequestRefused: It has not.
        """
        if scope not in self.scopes:
            raise RequestRefused(f"this token lacks the scope {scope}", status=403, name="forbidden")

    def must_home(self, home_id: str | None) -> None:
        """Check that the token is for a home; None stands for what belongs to no home, or to all.

        Raises:
            RequestRefused: It is not.
        """
        if self.homes is not None and home_id not in self.homes:
            what = "what belongs to no home of its own" if home_id is None else "that home"
            raise RequestRefused(f"this token is not for {what}", status=403, name="forbidden")

    @property
    def home(self) -> str | None:
        """The one home that it is for; None if it is for several."""
        return next(iter(self.homes)) if self.homes is not None and len(self.homes) == 1 else None


EVERYBODY = Token(name="this machine", digest="", scopes=frozenset(SCOPES))
"""Who asks from this machine while there is no token."""


class TokenFile:
    """Tokens of a state directory.

    Args:
        path: `<state>/tokens.json`; a missing file holds none.
        stamps: Tells whether the file changed.
    """

    def __init__(self, path: Path, stamps: Stamps | None = None) -> None:
        self.path, self._name, self.stamps = path, str(path), stamps or Stamps()

    def read(self) -> dict[str, Token]:
        """Digest -> token.

        Raises:
            BadRecord: The file is damaged: then nobody is let in.
        """
        try:
            with storage_errors(self.path):
                text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
            return {token.digest: token for token in _parsed(json.loads(text))} if text else {}
        except (ValueError, KeyError, TypeError) as error:
            raise BadRecord(
                "is not the list of tokens that `uptake tokens` writes; restore it from a copy, or remove it and make "
                "new tokens",
                file=str(self.path),
            ) from error

    def stamp(self) -> Stamp | None:
        """Return a value that changes whenever the file does."""
        return self.stamps.of(self._name)

    def add(self, name: str, scopes: Iterable[str], homes: Iterable[str] = ()) -> str:
        """Make a token; returns its secret, which is kept nowhere.

        Args:
            name: Name that stands in logs.
            scopes: What it lets one do; () for everything.
            homes: Homes it is for; () for all.

        Raises:
            BadConfig: The name is taken or empty, or a scope is unknown.
            StorageFailed: The disk refused.
        """
        secret = f"uptake_{secrets.token_urlsafe(32)}"
        token = Token(
            name=name,
            digest=_digest(secret.encode()),
            scopes=frozenset(scopes) or frozenset(SCOPES),
            homes=frozenset(homes) or None,
        )
        with editing(self.path):
            known = self.read()
            if not name or any(one.name == name for one in known.values()):
                raise BadConfig("a token needs a name that no other token has")
            self._write([*known.values(), token])
        return secret

    def remove(self, name: str) -> None:
        """Remove a token: from the next request on its secret is worth nothing.

        Raises:
            NotReady: There is none of that name.
        """
        with editing(self.path):
            known = list(self.read().values())
            left = [one for one in known if one.name != name]
            if len(left) == len(known):
                raise NotReady(f"unknown token {name}{nearest(name, [one.name for one in known])}")
            self._write(left)

    def _write(self, tokens: Iterable[Token]) -> None:
        rows = [
            {
                "name": one.name,
                "sha256": one.digest,
                "scopes": sorted(one.scopes),
                "homes": None if one.homes is None else sorted(one.homes),
            }
            for one in tokens
        ]
        replace_text(self.path, json.dumps({"format": _FORMAT, "tokens": rows}, indent=1) + "\n")
        self.path.chmod(0o600)


class Access:
    """Authentication of requests by token; it follows changes of the file without a restart.

    Args:
        file: The tokens.
        is_open: Whether everybody may do everything while there is no token: on a loopback address.

    Raises:
        BadRecord: The file is damaged.
        BadConfig: Other machines can reach the address, and there is no token.
    """

    def __init__(self, file: TokenFile, *, is_open: bool) -> None:
        self._file, self._is_open = file, is_open
        self._generation, self._stamp, self._tokens = object(), file.stamp(), file.read()
        self._damaged = False
        self._seen: dict[bytes, Token] = {}
        self._passed: dict[Hashable, Token] = {}
        if not is_open and not self._tokens:
            raise BadConfig(
                "other machines can reach this address, and there is no token to tell who asks: make one with "
                "`uptake tokens add NAME`, or serve on 127.0.0.1"
            )

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has to say who they are."""
        self._refresh()
        return self._is_open and not self._tokens and not self._damaged

    def token(self, authorization: bytes | None, *, is_open: bool | None = None) -> Token:
        """Find who asks.

        Args:
            authorization: The header, as it came.
            is_open: What `is_open` said a moment ago; None to look again.

        Raises:
            RequestRefused: There is no such token.
        """
        if self.is_open if is_open is None else is_open:
            return EVERYBODY
        if authorization is None:
            raise _unknown("a bearer token is needed: Authorization: Bearer SECRET")
        found = self._seen.get(authorization)
        if found is None:
            scheme, _, secret = authorization.partition(b" ")
            found = self._tokens.get(_digest(secret.strip())) if scheme.lower() == b"bearer" else None
            if found is None:
                raise _unknown("no such token; make one with `uptake tokens add NAME`")
            if len(self._seen) >= _KNOWN:
                self._seen.clear()
            self._seen[authorization] = found
        return found

    def passed(self, who: Hashable) -> Token | None:
        """Return the token of a caller that was let in before, while the tokens are still the same."""
        self._refresh()
        return self._passed.get(who)

    def let_in(self, who: Hashable, token: Token) -> None:
        """Remember that a caller was let in.

        Args:
            who: All that it was judged by, beside the tokens.
            token: What it holds.
        """
        if len(self._passed) >= _KNOWN:
            self._passed.clear()
        self._passed[who] = token

    def _refresh(self) -> None:
        self._file.stamps.refresh()
        generation = self._file.stamps.generation
        if generation is self._generation:
            return
        self._generation, stamp = generation, self._file.stamp()
        if stamp != self._stamp:
            self._seen.clear()
            self._passed.clear()
            try:
                self._tokens, self._damaged = self._file.read(), False
            except BadRecord:  # a damaged file lets nobody in
                self._tokens, self._damaged = {}, True
            self._stamp = stamp


def _unknown(problem: str) -> RequestRefused:
    return RequestRefused(
        problem, status=401, name="unauthorized", headers=(("www-authenticate", 'Bearer realm="uptake"'),)
    )


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _parsed(body: Any) -> Iterator[Token]:
    if body["format"] != _FORMAT:
        raise ValueError
    for row in body["tokens"]:
        homes = row["homes"]
        yield Token(
            name=str(row["name"]),
            digest=str(row["sha256"]),
            scopes=frozenset(row["scopes"]),
            homes=None if homes is None else frozenset(homes),
        )
