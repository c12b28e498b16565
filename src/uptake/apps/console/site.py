"""Routes of the console: pages to view, forms that change something, and the scope that each needs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from uptake.apps.console.actions import Actions
from uptake.apps.console.pages import Pages
from uptake.apps.console.render import STYLE, base_of
from uptake.apps.console.sessions import COOKIE, Session, Sessions
from uptake.apps.console.view import PageCall
from uptake.apps.http import learned, people
from uptake.apps.http.access import Token
from uptake.apps.http.app import noted, responded
from uptake.apps.http.limits import read_body, refuse_foreign_pages
from uptake.apps.http.logs import log_event
from uptake.apps.http.routes import Call, Raw
from uptake.errors import RequestRefused

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["console_of"]

_FORM_BYTES = 64 * 1024
_STATIC = {"console.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}


def console_of(service: Service) -> tuple[BaseRoute, ...]:
    """Return the console's routes for a service."""
    site = _Site(service)
    pages, actions = site.pages, Actions(service, site.pages.ignored)
    shown = {
        "/": pages.today,
        "/turns": pages.turns,
        "/failures": pages.failures,
        "/rewrites": pages.rewrites,
        "/rewrite": pages.rewrite,
        "/experiments": pages.experiments,
        "/people": pages.people,
        "/try": pages.try_it,
        "/rewrite.svg": site.picture,
        "/export": site.export,
    }
    done = {
        "/pin": actions.pin, "/unpin": actions.unpin, "/block": actions.block, "/unblock": actions.unblock,
        "/ignore": actions.ignore, "/name": actions.name, "/unname": actions.unname,
        "/experiments/start": actions.start, "/experiments/stop": actions.stop,
        "/forget": actions.forget, "/offers": actions.offers,
        "/teach": actions.teach, "/forget-taught": actions.forget_taught,
        "/try": actions.say,
    }  # fmt: skip
    return (
        *(Route(path, site.page(path, show), methods=["GET"]) for path, show in shown.items()),
        *(Route(path, site.form(path, do), methods=["POST"]) for path, do in done.items()),
        Route("/sign-in", site.sign_in, methods=["POST"]),
        Route("/sign-out", site.form("/sign-out", site.sign_out), methods=["POST"]),
        *(Route(f"/static/{name}", _static(name, kind), methods=["GET"]) for name, kind in _STATIC.items()),
    )


class _Site:
    def __init__(self, service: Service) -> None:
        self._service = service
        self.pages = Pages(service)
        self._sessions = Sessions(service.access)

    def page(self, path: str, show: Callable[[PageCall], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            began = time.perf_counter()
            try:
                session, token = self._let_in(request)
                token.must("read")
                response = await run_in_threadpool(show, PageCall(request=request, session=session, token=token))
            except Exception as error:  # noqa: BLE001 - every error is shown
                response = self._refused(request, error, path)
            return self._counted(path, began, response)

        return shown

    def form(self, path: str, do: Callable[[PageCall], str]) -> Callable[[Request], Awaitable[Response]]:
        async def done(request: Request) -> Response:
            began = time.perf_counter()
            try:
                session, token = self._let_in(request)
                form = await self._form(request)
                session.check(form.get("csrf"))
                token.must("ask" if path == "/try" else "manage" if path != "/sign-out" else "read")
                view = PageCall(request=request, session=session, token=token, form=form)
                response = _go(request, await run_in_threadpool(do, view))
                self.pages.figures.hurry()
            except Exception as error:  # noqa: BLE001 - every error is shown
                response = self._refused(request, error, path)
            return self._counted(path, began, response)

        return done

    async def sign_in(self, request: Request) -> Response:
        """Let in whoever shows a token."""
        try:
            refuse_foreign_pages(request.scope["headers"], is_open=self._service.access.is_open)
            self._service.limit.check(request.client.host if request.client else "")
            session = self._sessions.sign_in((await self._form(request)).get("token", ""))
        except Exception as error:  # noqa: BLE001
            return self._refused(request, error, "/sign-in")
        response = _go(request, "/")
        secure, path = request.url.scheme == "https", base_of(request) or "/"
        response.set_cookie(COOKIE, session.name, httponly=True, samesite="strict", secure=secure, path=path)
        return response

    def sign_out(self, view: PageCall) -> str:
        """End a session."""
        self._sessions.sign_out(view.session)
        return "/"

    def picture(self, view: PageCall) -> Response:
        """Draw the evidence of a rewrite."""
        query = {"request": view.needs("request"), "user_id": view.query("user") or ""}
        found: Raw = learned.picture(self._service, Call(token=view.token, path={}, query=query))
        response = responded(found, self._service)
        response.headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response

    def export(self, view: PageCall) -> Response:
        """Give the turns of a person as a file."""
        call = Call(token=view.token, path={}, query={"user_id": view.needs("user")})
        response = responded(people.export(self._service, call), self._service)
        response.headers["content-disposition"] = 'attachment; filename="turns.ndjson"'
        return response

    def _let_in(self, request: Request) -> tuple[Session, Token]:
        service = self._service
        refuse_foreign_pages(request.scope["headers"], is_open=service.access.is_open)
        service.limit.check(request.client.host if request.client else "")
        found = self._sessions.find(request.cookies.get(COOKIE))
        if found is None:
            raise RequestRefused("", status=401, name="unauthorized")
        return found

    async def _form(self, request: Request) -> dict[str, str]:
        headers, within_s = request.scope["headers"], self._service.options.body_timeout_s
        body = await read_body(request.receive, headers, most=_FORM_BYTES, within_s=within_s)
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))

    def _refused(self, request: Request, error: Exception, path: str) -> Response:
        problem = noted(error, path)
        field = f"{problem.field}: " if problem.field else ""
        return self.pages.refused(request, error, problem.status, field + problem.detail)

    def _counted(self, path: str, began: float, response: Response) -> Response:
        took = time.perf_counter() - began
        self._service.metrics.request(f"console {path}", response.status_code, took)
        log_event("request", route=f"console {path}", status=response.status_code, ms=round(took * 1e3, 2))
        return response


def _go(request: Request, path: str) -> Response:
    return RedirectResponse(base_of(request) + path, status_code=303)


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    data = files("uptake.apps.console").joinpath(f"static/{name}").read_bytes()
    if name == "console.css":
        data = STYLE.encode() + data

    async def static(_request: Request) -> Response:
        headers = {"x-content-type-options": "nosniff", "cache-control": "max-age=300"}
        return Response(data, media_type=kind, headers=headers)

    return static
