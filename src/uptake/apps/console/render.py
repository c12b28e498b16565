"""Render pages from templates: every text is escaped, every address is below the root path of the service."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from uptake.apps.console.sessions import COOKIE, Session
from uptake.report import charts, page

__all__ = ["STYLE", "base_of", "drawn", "rendered"]

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
_INGRESS = re.compile(r"(/[\w.-]+){1,20}/?")

_ENVIRONMENT = Environment(
    loader=PackageLoader("uptake.apps.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

STYLE = page.STYLE + charts.STYLE
"""Style of the report, which the console's own is put after."""


def base_of(request: Request) -> str:
    """Return the path that the service is served under: of a proxy's configuration, or of Home Assistant's ingress."""
    ingress = request.headers.get("x-ingress-path", "")
    return ingress.rstrip("/") if _INGRESS.fullmatch(ingress) else str(request.scope.get("root_path", ""))


def rendered(request: Request, session: Session | None, template: str, *, status: int = 200, **known: Any) -> Response:
    """Render a page.

    Args:
        request: What it answers.
        session: Whose it is; None for a page that nobody has to sign in for.
        template: Name of its template, without ".html".
        status: Status of HTTP.
        known: What the template shows; strings of HTML that the report made go in as `Markup`.
    """
    body = _ENVIRONMENT.get_template(f"{template}.html").render(
        base=base_of(request),
        here=template,
        csrf=session.secret if session is not None else "",
        notes=session.take_notes() if session is not None else [],
        **known,
    )
    response = HTMLResponse(body, status_code=status)
    response.headers["content-security-policy"] = _POLICY
    response.headers["cache-control"] = "no-store"
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "same-origin"
    if session is not None:
        response.set_cookie(
            COOKIE,
            session.name,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path=base_of(request) or "/",
        )
    return response


def drawn(html: str) -> Markup:
    """Take HTML that the report made, in which every text is escaped already, as it is."""
    return Markup(html)  # noqa: S704 - made by `uptake.report.page`, which escapes
