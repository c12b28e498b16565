"""Proxy in front of an OpenAI-compatible chat endpoint: the last user message is rewritten, all else passes unchanged.

    chat client ──► POST /v1/chat/completions ──► last message decided ──► upstream ──► streamed back as it comes

The person is the field `user` of the body, else the header `x-uptake-user`; without either nothing is rewritten. The
answer's headers report the decision: `x-uptake-action`, and the treatment to send back with the observed turn. The
address of the upstream is fixed when the service starts; no caller can change it.

Limit: a message of parts (text beside pictures) is rewritten only if it has one text. If the service would ask first,
the message is passed on unchanged, since this route cannot ask.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from uptake.errors import BadConfig, BadRecord, RequestRefused
from uptake.platforms.wire import Rewritten

__all__ = ["Chat", "Passed", "rewrite_chat", "treatment_headers"]

Decide = Callable[[str, str], Rewritten]
"""From (text, user) to what to act on."""

_PASSED_UP = ("accept", "content-type", "openai-organization", "openai-project", "user-agent", "x-request-id")
_PASSED_DOWN = ("content-type", "retry-after", "x-request-id", "openai-processing-ms")
_TIMEOUT = httpx2.Timeout(600.0, connect=10.0)


def rewrite_chat(body: bytes, decide: Decide, user_id: str | None = None) -> tuple[bytes, Rewritten | None]:
    """Rewrite the last user message of a chat.

    Args:
        body: The request, as `/v1/chat/completions` takes it.
        decide: Decides what to act on.
        user_id: The person, where the body does not say.

    Returns:
        The body to send, untouched where nothing is rewritten, and what was decided; None where nobody was asked.

    Raises:
        BadRecord: The body is no chat.

    >>> from uptake.platforms.wire import Echo
    >>> jazz = Rewritten(action="rewrite", text="play jazz", reason="", echo=Echo())
    >>> chat = b'{"model":"m","user":"ann","messages":[{"role":"user","content":"play jas"}]}'
    >>> rewrite_chat(chat, lambda text, user: jazz)[0]
    b'{"model":"m","user":"ann","messages":[{"role":"user","content":"play jazz"}]}'
    """
    try:
        chat = msgspec.json.decode(body)
        messages = chat["messages"]
        last = next((one for one in reversed(messages) if one["role"] == "user"), None)
        person = chat.get("user") or user_id
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError, UnicodeError, RecursionError):
        raise BadRecord("is no chat: expected an object with messages, each with a role", field="messages") from None
    place = _text_of(last)
    if place is None or not isinstance(person, str) or not person:
        return body, None
    holder, key = place
    found = decide(holder[key], person)
    if found.action != "rewrite":
        return body, found
    holder[key] = found.text
    return msgspec.json.encode(chat), found


def _text_of(message: Any) -> tuple[dict[str, Any], str] | None:
    """Find the one text of a message; None where it has none, or several."""
    if message is None:
        return None
    content = message.get("content")
    if isinstance(content, str):
        return message, "content"
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part for part in parts if part.get("type") == "text" and isinstance(part.get("text"), str)]
    return (texts[0], "text") if len(texts) == 1 else None


class Passed:
    """Answer of the upstream, as a stream.

    Args:
        answer: The answer, unread.
        decided: The decision on the message.
    """

    def __init__(self, answer: httpx2.Response, decided: Rewritten | None) -> None:
        self._answer, self._decided = answer, decided
        self.status = answer.status_code

    @property
    def headers(self) -> dict[str, str]:
        """Headers to answer with."""
        known = {name: self._answer.headers[name] for name in _PASSED_DOWN if name in self._answer.headers}
        return known | treatment_headers(self._decided)

    def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body piece by piece as it arrives."""
        return self._answer.aiter_bytes()


def treatment_headers(decided: Rewritten | None) -> dict[str, str]:
    """Return the decision on a message as headers; texts are left out, for headers are logged everywhere."""
    if decided is None:
        return {"x-uptake-action": "leave"}
    echo = decided.echo
    known = {"action": decided.action, "rewrite-id": echo.rewrite_id, "arm": echo.arm}
    known |= {"artifact-version": echo.artifact_version, "propensity": f"{echo.propensity:g}"}
    return {f"x-uptake-{name}": value for name, value in known.items() if value is not None}


class Chat:
    """Forwarder of chats.

    Args:
        upstream: Address of the endpoint, up to and without `/chat/completions`, such as "https://api.openai.com/v1".

    Raises:
        BadConfig: It is not an http(s) address.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadConfig("chat_upstream must be an http(s) address, such as https://api.openai.com/v1")
        self._url = f"{upstream.rstrip('/')}/chat/completions"
        self._http = httpx2.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)

    @asynccontextmanager
    async def passed(
        self, body: bytes, headers: Mapping[str, str], authorization: str | None, decided: Rewritten | None
    ) -> AsyncIterator[Passed]:
        """Send a chat on, and give what comes back.

        Args:
            body: What to send.
            headers: Of the caller.
            authorization: For the upstream; None to send none.
            decided: What was decided on the message.

        Raises:
            RequestRefused: The upstream does not answer.
        """
        sent = {name: headers[name] for name in _PASSED_UP if name in headers}
        sent |= {"authorization": authorization} if authorization else {}
        try:
            async with self._http.stream("POST", self._url, content=body, headers=sent) as answer:
                yield Passed(answer, decided)
        except httpx2.TransportError as error:
            problem = f"the chat endpoint behind this one does not answer ({type(error).__name__})"
            raise RequestRefused(problem, status=502, name="upstream") from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
