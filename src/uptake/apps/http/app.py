"""ASGI application of the service: the route `rewrite` without a router, the rest by Starlette.

Each call passes the same checks: no foreign page, a token with the scope, a request left in the rate limit, a body
within its limits. Errors are answered as `application/problem+json`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute
from starlette.routing import Route as StarletteRoute

from uptake.apps.http.access import Token
from uptake.apps.http.api import REWRITE, ROUTES, decided
from uptake.apps.http.connection import Answer, Direct, Headers
from uptake.apps.http.limits import header, read_body, refuse_foreign_pages
from uptake.apps.http.logs import log_error, log_event
from uptake.apps.http.openapi import document
from uptake.apps.http.problems import CONTENT_TYPE, Problem, headers_of, problem_of
from uptake.apps.http.routes import Call, Raw, Route, Stream
from uptake.errors import RequestRefused, UptakeError
from uptake.platforms.wire import Rewrite, decode

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["HEADERS", "App", "Receive", "Scope", "Send", "admit", "caller_of", "noted", "responded"]

Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
_JSON_TYPES = (b"application/json", b"application/x-ndjson", b"application/ndjson")
_encode = msgspec.json.Encoder().encode


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%b: %b\r\n" % header for header in headers)


_ALWAYS = _lines(HEADERS)
_HEAD = b"content-type: application/json\r\n" + _ALWAYS


class App:
    """Service as an ASGI application.

    Args:
        service: The service behind the routes; started and closed with the application.
        more: Further routes: the console, the chat endpoint.
    """

    def __init__(self, service: Service, *, more: tuple[BaseRoute, ...] = ()) -> None:
        self._service = service
        self._hot = service.options.root_path + REWRITE.path
        self.direct = Direct(REWRITE.path.encode(), service.options.max_body_bytes, self._decided)
        """The route that a connection answers without calling the application."""
        routes: list[BaseRoute] = [
            StarletteRoute(one.path, self._endpoint(one), methods=[one.method]) for one in ROUTES
        ]
        routes.append(StarletteRoute("/openapi.json", self._describe, methods=["GET"]))
        self._rest = Starlette(
            routes=[*routes, *more],
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _not_routed},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == self._hot and scope["method"] == "POST":
            await self._rewrite(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._service.start()
        try:
            for begin in self._service.opening:
                await begin()
            yield
        finally:
            for close in self._service.closing:
                await close()
            await run_in_threadpool(self._service.close)

    async def _rewrite(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Decide on the event loop: changing threads would take longer than most decisions."""
        service, headers, caller = self._service, scope["headers"], caller_of(scope)
        options = service.options
        try:
            body = await read_body(receive, headers, most=options.max_body_bytes, within_s=options.body_timeout_s)
        except UptakeError as error:
            answer = self._refused(error)
        else:
            answer = self._decided(headers, caller, body)
        lines = (line.partition(b": ") for line in answer.head.split(b"\r\n")[:-1])
        sent = [(name, value) for name, _, value in lines]
        sent.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": sent})
        await send({"type": "http.response.body", "body": answer.body})

    def _decided(self, headers: Headers, caller: str, body: bytes) -> Answer:
        began, service = time.perf_counter(), self._service
        try:
            token = admit(service, headers, caller, "rewrite")
            _must_be_json(headers)
            answer = Answer(200, _HEAD, _encode(decided(service, token, decode(Rewrite, body))))
        except Exception as error:  # noqa: BLE001 - every error is answered
            return self._refused(error)
        service.metrics.request(REWRITE.name, 200, time.perf_counter() - began)
        return answer

    def _refused(self, error: Exception) -> Answer:
        problem = noted(error, REWRITE.name)
        self._service.metrics.request(REWRITE.name, problem.status, 0.0)
        more = [("content-type", CONTENT_TYPE), *headers_of(error)]
        return Answer(problem.status, _lines(_encoded(more)) + _ALWAYS, _encode(problem))

    def _endpoint(self, route: Route) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            began = time.perf_counter()
            who = None
            try:
                call = await self._call(route, request)
                who = call.token.name
                response = responded(await run_in_threadpool(route.handler, self._service, call), self._service)
            except Exception as error:  # noqa: BLE001 - every error is answered
                response = _refusal(error, route.name)
            took = time.perf_counter() - began
            self._service.metrics.request(route.name, response.status_code, took)
            log_event("request", route=route.name, status=response.status_code, ms=round(took * 1e3, 2), token=who)
            return response

        return endpoint

    async def _call(self, route: Route, request: Request) -> Call:
        service, options = self._service, self._service.options
        token = admit(service, request.scope["headers"], caller_of(request.scope), route.scope)
        body: Any = None
        if route.body is not None:
            _must_be_json(request.scope["headers"])
            most = options.max_batch_bytes if route.body is bytes else options.max_body_bytes
            data = await read_body(
                request.receive, request.scope["headers"], most=most, within_s=options.body_timeout_s
            )
            body = data if route.body is bytes else decode(route.body, data)
        return Call(token=token, path=request.path_params, query=request.query_params, body=body)

    async def _describe(self, request: Request) -> Response:
        server = request.scope.get("root_path") or "/"
        return responded(document(ROUTES, server=server), self._service)


def admit(service: Service, headers: Headers, caller: str, needs: str | None) -> Token:
    """Let a request in, or not.

    Args:
        service: Knows the tokens.
        headers: Of the request.
        caller: Address that it comes from.
        needs: Scope that the route needs; None where nobody has to say who they are.

    Raises:
        RequestRefused: It comes from a foreign page, without a token that has the scope, or too often.
    """
    said = dict(reversed(headers))  # of a header that comes twice the first counts, as in `header`
    who = needs, said.get(b"authorization"), said.get(b"host"), said.get(b"sec-fetch-site")
    token = service.access.passed(who)
    if token is not None:
        service.limit.check(token.digest or caller)
        return token
    is_open = service.access.is_open
    refuse_foreign_pages(headers, is_open=is_open)
    if needs is None:
        service.limit.check(caller)
        return Token(name="nobody", digest="", scopes=frozenset())
    try:
        token = service.access.token(said.get(b"authorization"), is_open=is_open)
    except RequestRefused:
        service.limit.check(caller)  # whoever guesses, guesses slowly
        raise
    service.limit.check(token.digest or caller)
    token.must(needs)
    service.access.let_in(who, token)
    return token


def caller_of(scope: Scope) -> str:
    """Return the address that a request comes from; "" if unknown."""
    return str(scope["client"][0]) if scope.get("client") else ""


def _must_be_json(headers: Headers) -> None:
    """Refuse what a form of another site could send without asking first."""
    kind = header(headers, b"content-type") or b""
    if kind not in _JSON_TYPES and kind.partition(b";")[0].strip().lower() not in _JSON_TYPES:
        raise RequestRefused(
            "the body must be JSON: Content-Type: application/json (or application/x-ndjson)",
            status=415,
            name="unsupported_media_type",
        )


def responded(answer: Any, service: Service) -> Response:
    """Make the answer of a handler a response."""
    if isinstance(answer, Stream):
        response: Response = _Patient(answer, within_s=service.options.body_timeout_s)
    elif isinstance(answer, Raw):
        response = Response(answer.data, media_type=answer.content_type)
    else:
        response = Response(_encode(answer), media_type="application/json")
    return _with_headers(response)


class _Patient(StreamingResponse):
    """Streamed answer, cut off if the caller reads a piece too slowly."""

    def __init__(self, stream: Stream, *, within_s: float) -> None:
        super().__init__(iterate_in_threadpool(stream.pieces), media_type=stream.content_type)
        self._within_s = within_s

    async def stream_response(self, send: Send) -> None:
        async def patient(message: Any) -> None:
            with anyio.fail_after(self._within_s):
                await send(message)

        await super().stream_response(patient)


def _refusal(error: Exception, route: str) -> Response:
    problem = noted(error, route)
    response = Response(_encode(problem), status_code=problem.status, media_type=CONTENT_TYPE)
    for name, value in headers_of(error):
        response.headers[name] = value
    return _with_headers(response)


def noted(error: Exception, route: str) -> Problem:
    """Say what an error means; one that nobody raised on purpose is logged."""
    if not isinstance(error, UptakeError):
        log_error(error, route=route)
    problem = problem_of(error)
    if isinstance(error, UptakeError) and problem.status >= 500:
        log_event("refused", level="error", route=route, problem=problem.type)
    return problem


async def _not_routed(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as Starlette calls it
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = tuple((error.headers or {}).items()) if isinstance(error, HTTPException) else ()
    problem = "there is no such route; see /openapi.json" if status == 404 else "this route takes another method"
    name = "not_found" if status == 404 else "not_allowed"
    return _refusal(RequestRefused(problem, status=status, name=name, headers=headers), "none")


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS:
        response.headers.setdefault(name.decode(), value.decode())
    return response


def _encoded(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
