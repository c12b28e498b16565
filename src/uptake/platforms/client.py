"""Use a running service from a program: `Client`, and `AsyncClient` for programs with an event loop.

Rewrite decisions fail open: if the service does not answer in time, the request is left unchanged, so that an assistant
never waits for the service, nor fails with it. Everything else raises `RequestRefused`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from uptake.errors import RequestRefused
from uptake.platforms.wire import Acknowledged, Changed, Echo, Forgotten, Rewritten
from uptake.types import Turn

__all__ = ["AsyncClient", "Client"]

T = TypeVar("T")
Json = dict[str, Any]
Written = Turn | Mapping[str, Any]

URL = "http://127.0.0.1:8765"
_NDJSON = "application/x-ndjson"


class _Call(NamedTuple):
    """Request to the service, before it is sent."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None

    def arguments(self) -> dict[str, Any]:
        """Arguments of `httpx2`'s `request`."""
        found: dict[str, Any] = {"method": self.method, "url": self.path}
        if self.query is not None:
            found["params"] = {name: value for name, value in self.query.items() if value}
        if isinstance(self.body, bytes):
            found |= {"content": self.body, "headers": {"content-type": _NDJSON}}
        elif self.body is not None:
            known = {name: value for name, value in self.body.items() if value is not None}
            found |= {"content": msgspec.json.encode(known), "headers": {"content-type": "application/json"}}
        return found


class Client:
    """Client of the service. Safe to use from many threads.

    Args:
        url: Address of the service.
        token: Secret of a token; None if the service needs none.
        timeout_s: Longest time to wait for an answer, in seconds.
        rewrite_timeout_s: Longest time to wait for a decision, in seconds.
    """

    def __init__(
        self, url: str = URL, *, token: str | None = None, timeout_s: float = 30.0, rewrite_timeout_s: float = 0.5
    ) -> None:
        self._http = httpx2.Client(base_url=url, headers=_headers(token), timeout=timeout_s)
        self._rewrite_timeout_s = rewrite_timeout_s

    def rewrite(self, text: str, *, user_id: str, **known: Any) -> Rewritten:
        """Ask what to act on; the request as heard where the service does not answer in time.

        Args:
            text: The request as heard.
            user_id: Pseudonym of the person.
            known: Further fields of `uptake.platforms.wire.Rewrite`, such as `home_id`, `room`, `alternatives`.

        Raises:
            RequestRefused: The service refused the request.
        """
        try:
            answer = self._http.request(**_rewrite(text, user_id, known), timeout=self._rewrite_timeout_s)
        except httpx2.TransportError:
            return _left(text)
        return _rewritten(answer, text)

    def observe(self, turns: Iterable[Written]) -> list[str]:
        """Store turns; they are durable when this returns, and sending them again is harmless."""
        return self._send(_Call("POST", "/v1/observe", _lines(turns)), Acknowledged).acknowledged

    def feedback(self, turn_id: str, **known: Any) -> None:
        """Tell what became known of a turn later: answer, undone, barge_in_ms, status."""
        self._send(_Call("POST", "/v1/feedback", {"turn_id": turn_id, **known}), Acknowledged)

    def ask(self, text: str, *, user_id: str, **known: Any) -> Json:
        """Talk with the assistant of the service."""
        return self._send(_Call("POST", "/v1/ask", {"text": text, "user_id": user_id, **known}), Json)

    def due(self, *, user_id: str, room: str | None = None) -> Json:
        """Return what is to be said to a person now, though nobody asked, each once."""
        return self._send(_Call("POST", "/v1/due", {"user_id": user_id, "room": room}), Json)

    def explain(self, **which: str) -> Json:
        """Explain a turn (turn_id), or what would be decided for a request (request, user_id)."""
        return self._send(_Call("GET", "/v1/explain", query=which), Json)

    def rewrites(self, user_id: str | None = None, *, withdrawn: bool = False) -> list[Json]:
        """List what was learned for a person, or for everybody."""
        found: list[Json] = self._send(_listed(user_id, withdrawn), Json)["rewrites"]
        return found

    def block(self, what: str, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Never rewrite a request, or by an identifier; returns whether that changed anything."""
        return self._send(_decided("block", what=what, user_id=user_id, undo=undo), Changed).changed

    def pin(self, request: str, rewrite: str | None, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Always act on a rewrite when a request is heard; returns whether that changed anything."""
        return self._send(
            _decided("pin", request=request, rewrite=rewrite, user_id=user_id, undo=undo), Changed
        ).changed

    def approve(self, rewrite_id: str, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Approve a learned rewrite by its identifier; returns whether that changed anything."""
        return self._send(_decided("approve", what=rewrite_id, user_id=user_id, undo=undo), Changed).changed

    def concepts(self, user_id: str) -> list[Json]:
        """List what a person taught words to mean."""
        found: list[Json] = self._send(_of("concepts", user_id), Json)["concepts"]
        return found

    def add_concepts(self, user_id: str, rows: Sequence[Json]) -> bool:
        """Add concepts of a person, or change them; returns whether that changed anything."""
        return self._send(_Call("POST", "/v1/concepts", {"user_id": user_id, "rows": rows}), Changed).changed

    def forget_concept(self, user_id: str, concept: str) -> bool:
        """Forget what a person taught some words to mean; returns whether there was such a thing."""
        body = {"user_id": user_id, "concept": concept}
        return self._send(_Call("POST", "/v1/concepts/forget", body), Changed).changed

    def preferences(self, user_id: str) -> list[Json]:
        """List what a person said of themselves."""
        found: list[Json] = self._send(_of("preferences", user_id), Json)["preferences"]
        return found

    def add_preferences(self, user_id: str, rows: Sequence[Json]) -> bool:
        """Add preferences of a person; they end what they contradict; returns whether that changed anything."""
        return self._send(_Call("POST", "/v1/preferences", {"user_id": user_id, "rows": rows}), Changed).changed

    def forget_preference(self, user_id: str, kind: str, value: str | None = None) -> bool:
        """Withdraw one value of a type of preference, or all of that type; returns whether there was one."""
        body = {"user_id": user_id, "type": kind, "value": value}
        return self._send(_Call("POST", "/v1/preferences/forget", body), Changed).changed

    def suggestions(self, user_id: str) -> Json:
        """List what may be offered to a person, and which kinds are on and off."""
        return self._send(_of("suggestions", user_id), Json)

    def switch_suggestions(self, user_id: str, *, on: bool, kind: str = "all", offer: str | None = None) -> bool:
        """Switch offers to a person on or off; returns whether that changed anything."""
        body = {"user_id": user_id, "on": on, "kind": kind, "offer": offer}
        return self._send(_Call("POST", "/v1/suggestions", body), Changed).changed

    def person(self, user_id: str) -> Json:
        """Show all that is known of a person."""
        return self._send(_Call("GET", f"/v1/people/{quote(user_id, safe='')}"), Json)

    def export(self, user_id: str) -> list[Json]:
        """Return the turns of a person, as they were recorded."""
        return _parsed(_checked(self._http.request(**_exported(user_id).arguments())).content)

    def forget(self, user_id: str) -> int:
        """Forget a person; returns how many turns went."""
        return self._send(_Call("POST", "/v1/forget", {"user_id": user_id}), Forgotten).turns

    def status(self) -> Json:
        """Say what is served, and when it was learned."""
        return self._send(_Call("GET", "/v1/status"), Json)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, call: _Call, shape: type[T]) -> T:
        try:
            answer = self._http.request(**call.arguments())
        except httpx2.TransportError as error:
            raise _unreachable(error) from error
        return msgspec.json.decode(_checked(answer).content, type=shape)


class AsyncClient:
    """Client of the service for programs with an event loop: `Client`, awaited.

    Args:
        url: Address of the service.
        token: Secret of a token; None if the service needs none.
        timeout_s: Longest time to wait for an answer, in seconds.
        rewrite_timeout_s: Longest time to wait for a decision, in seconds.
    """

    def __init__(
        self, url: str = URL, *, token: str | None = None, timeout_s: float = 30.0, rewrite_timeout_s: float = 0.5
    ) -> None:
        self._http = httpx2.AsyncClient(base_url=url, headers=_headers(token), timeout=timeout_s)
        self._rewrite_timeout_s = rewrite_timeout_s

    async def rewrite(self, text: str, *, user_id: str, **known: Any) -> Rewritten:
        """Ask what to act on; the request as heard where the service does not answer in time."""
        try:
            answer = await self._http.request(**_rewrite(text, user_id, known), timeout=self._rewrite_timeout_s)
        except httpx2.TransportError:
            return _left(text)
        return _rewritten(answer, text)

    async def observe(self, turns: Iterable[Written]) -> list[str]:
        """Store turns; they are durable when this returns, and sending them again is harmless."""
        return (await self._send(_Call("POST", "/v1/observe", _lines(turns)), Acknowledged)).acknowledged

    async def feedback(self, turn_id: str, **known: Any) -> None:
        """Tell what became known of a turn later: answer, undone, barge_in_ms, status."""
        await self._send(_Call("POST", "/v1/feedback", {"turn_id": turn_id, **known}), Acknowledged)

    async def ask(self, text: str, *, user_id: str, **known: Any) -> Json:
        """Talk with the assistant of the service."""
        return await self._send(_Call("POST", "/v1/ask", {"text": text, "user_id": user_id, **known}), Json)

    async def due(self, *, user_id: str, room: str | None = None) -> Json:
        """Return what is to be said to a person now, though nobody asked, each once."""
        return await self._send(_Call("POST", "/v1/due", {"user_id": user_id, "room": room}), Json)

    async def explain(self, **which: str) -> Json:
        """Explain a turn (turn_id), or what would be decided for a request (request, user_id)."""
        return await self._send(_Call("GET", "/v1/explain", query=which), Json)

    async def rewrites(self, user_id: str | None = None, *, withdrawn: bool = False) -> list[Json]:
        """List what was learned for a person, or for everybody."""
        found: list[Json] = (await self._send(_listed(user_id, withdrawn), Json))["rewrites"]
        return found

    async def block(self, what: str, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Never rewrite a request, or by an identifier; returns whether that changed anything."""
        return (await self._send(_decided("block", what=what, user_id=user_id, undo=undo), Changed)).changed

    async def pin(self, request: str, rewrite: str | None, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Always act on a rewrite when a request is heard; returns whether that changed anything."""
        call = _decided("pin", request=request, rewrite=rewrite, user_id=user_id, undo=undo)
        return (await self._send(call, Changed)).changed

    async def approve(self, rewrite_id: str, *, user_id: str | None = None, undo: bool = False) -> bool:
        """Approve a learned rewrite by its identifier; returns whether that changed anything."""
        return (await self._send(_decided("approve", what=rewrite_id, user_id=user_id, undo=undo), Changed)).changed

    async def concepts(self, user_id: str) -> list[Json]:
        """List what a person taught words to mean."""
        found: list[Json] = (await self._send(_of("concepts", user_id), Json))["concepts"]
        return found

    async def add_concepts(self, user_id: str, rows: Sequence[Json]) -> bool:
        """Add concepts of a person, or change them; returns whether that changed anything."""
        return (await self._send(_Call("POST", "/v1/concepts", {"user_id": user_id, "rows": rows}), Changed)).changed

    async def forget_concept(self, user_id: str, concept: str) -> bool:
        """Forget what a person taught some words to mean; returns whether there was such a thing."""
        body = {"user_id": user_id, "concept": concept}
        return (await self._send(_Call("POST", "/v1/concepts/forget", body), Changed)).changed

    async def preferences(self, user_id: str) -> list[Json]:
        """List what a person said of themselves."""
        found: list[Json] = (await self._send(_of("preferences", user_id), Json))["preferences"]
        return found

    async def add_preferences(self, user_id: str, rows: Sequence[Json]) -> bool:
        """Add preferences of a person; they end what they contradict; returns whether that changed anything."""
        return (await self._send(_Call("POST", "/v1/preferences", {"user_id": user_id, "rows": rows}), Changed)).changed

    async def forget_preference(self, user_id: str, kind: str, value: str | None = None) -> bool:
        """Withdraw one value of a type of preference, or all of that type; returns whether there was one."""
        body = {"user_id": user_id, "type": kind, "value": value}
        return (await self._send(_Call("POST", "/v1/preferences/forget", body), Changed)).changed

    async def suggestions(self, user_id: str) -> Json:
        """List what may be offered to a person, and which kinds are on and off."""
        return await self._send(_of("suggestions", user_id), Json)

    async def switch_suggestions(self, user_id: str, *, on: bool, kind: str = "all", offer: str | None = None) -> bool:
        """Switch offers to a person on or off; returns whether that changed anything."""
        body = {"user_id": user_id, "on": on, "kind": kind, "offer": offer}
        return (await self._send(_Call("POST", "/v1/suggestions", body), Changed)).changed

    async def person(self, user_id: str) -> Json:
        """Show all that is known of a person."""
        return await self._send(_Call("GET", f"/v1/people/{quote(user_id, safe='')}"), Json)

    async def export(self, user_id: str) -> list[Json]:
        """Return the turns of a person, as they were recorded."""
        return _parsed(_checked(await self._http.request(**_exported(user_id).arguments())).content)

    async def forget(self, user_id: str) -> int:
        """Forget a person; returns how many turns went."""
        return (await self._send(_Call("POST", "/v1/forget", {"user_id": user_id}), Forgotten)).turns

    async def status(self) -> Json:
        """Say what is served, and when it was learned."""
        return await self._send(_Call("GET", "/v1/status"), Json)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send(self, call: _Call, shape: type[T]) -> T:
        try:
            answer = await self._http.request(**call.arguments())
        except httpx2.TransportError as error:
            raise _unreachable(error) from error
        return msgspec.json.decode(_checked(answer).content, type=shape)


def _headers(token: str | None) -> dict[str, str]:
    return {} if token is None else {"authorization": f"Bearer {token}"}


def _rewrite(text: str, user_id: str, known: Mapping[str, Any]) -> dict[str, Any]:
    return _Call("POST", "/v1/rewrite", {"text": text, "user_id": user_id, **known}).arguments()


def _listed(user_id: str | None, withdrawn: bool) -> _Call:
    return _Call("GET", "/v1/rewrites", query={"user_id": user_id or "", "withdrawn": "true" if withdrawn else ""})


def _of(what: str, user_id: str) -> _Call:
    return _Call("GET", f"/v1/{what}", query={"user_id": user_id})


def _exported(user_id: str) -> _Call:
    return _Call("GET", "/v1/export", query={"user_id": user_id})


def _decided(deed: str, /, **body: Any) -> _Call:
    return _Call("POST", f"/v1/rewrites/{deed}", body)


def _lines(turns: Iterable[Written]) -> bytes:
    return b"\n".join(_line(turn) for turn in turns)


def _line(turn: Written) -> bytes:
    if not isinstance(turn, Turn):
        return msgspec.json.encode({name: value for name, value in turn.items() if value is not None})
    from uptake.log.records import to_json

    return to_json(turn)


def _parsed(data: bytes) -> list[Json]:
    return [msgspec.json.decode(line, type=Json) for line in data.splitlines()]


def _rewritten(answer: httpx2.Response, text: str) -> Rewritten:
    if answer.status_code >= 500:
        return _left(text)
    return msgspec.json.decode(_checked(answer).content, type=Rewritten)


def _left(text: str) -> Rewritten:
    return Rewritten(action="leave", text=text, reason="the service did not answer", echo=Echo())


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    try:
        problem = msgspec.json.decode(answer.content, type=Json)
    except msgspec.DecodeError:
        problem = {}
    detail = str(problem.get("detail", "the service refused the request"))
    name = str(problem.get("type", "")).rpartition(":")[2] or "unknown"
    where: Sequence[str] = [f"{key} {problem[key]}" for key in ("line", "field") if problem.get(key) is not None]
    raise RequestRefused(": ".join([*(", ".join(where),) * bool(where), detail]), status=answer.status_code, name=name)


def _unreachable(error: Exception) -> RequestRefused:
    problem = f"the service does not answer ({type(error).__name__}); is `uptake serve` running there?"
    return RequestRefused(problem, status=0, name="unreachable")
