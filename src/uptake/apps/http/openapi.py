"""Make the OpenAPI document from the table of routes and the schemas of bodies."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from uptake import __version__
from uptake.apps.http.access import SCOPES
from uptake.apps.http.problems import CONTENT_TYPE, Problem
from uptake.apps.http.routes import Route
from uptake.log.records import json_schema

__all__ = ["document"]

_REF = "#/components/schemas/{name}"


def document(routes: tuple[Route, ...], *, server: str = "/") -> dict[str, Any]:
    """Describe the service.

    Args:
        routes: Its routes.
        server: Path that it is served under.
    """
    shapes = [one for route in routes for one in (route.body, route.answer) if _is_shape(one)]
    _, schemas = msgspec.json.schema_components([*shapes, Problem], ref_template=_REF)
    turn, parts = json_schema(_REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, turn)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Uptake",
            "version": __version__,
            "description": "Ask what to act on, send turns, see what was learned, undo it. Scopes: "
            + "; ".join(f"{scope}: {text}" for scope, text in SCOPES.items()),
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, **parts},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, turn: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "security": [] if route.scope is None else [{"token": []}],
        "parameters": [*_in_path(route), *_in_query(route)],
        "responses": {
            "200": {"description": "Done", "content": {route.content_type: {"schema": _schema(route.answer)}}},
            "default": {
                "description": "Refused, or failed",
                "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
            },
        },
    }
    if route.scope is not None:
        described["x-scope"] = route.scope
    if route.body is bytes:
        lines = {"schema": {"type": "string", "description": "A turn a line"}}
        content = {"application/json": {"schema": turn}, "application/x-ndjson": lines}
        described["requestBody"] = {"required": True, "content": content}
    elif route.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema(route.body)}}}
    return described


def _in_path(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _in_query(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in route.query.items()
    ]


def _schema(shape: Any) -> dict[str, Any]:
    if _is_shape(shape):
        return {"$ref": _REF.format(name=shape.__name__)}
    return {"type": "string"} if shape is None else {"type": "object"}


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)
