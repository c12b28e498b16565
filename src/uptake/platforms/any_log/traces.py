"""Convert OpenTelemetry traces of generative AI to turns: OTLP in JSON, as collectors write it to a file.

A turn is a person's last message before a model or an agent was called. Further calls of the same trace for the same
message (tools, retries) belong to it, and the last answer is the response. The message is read from the places of the
semantic conventions for generative AI, current or earlier: `gen_ai.input.messages`, events such as
`gen_ai.user.message`, or `gen_ai.prompt.N.content`. Limit: instrumentations record it only if configured to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.log.files import OnBad
from uptake.platforms.any_log.rows import Row, read_rows

__all__ = ["COLUMNS", "read_traces"]

COLUMNS = {
    "turn_id": "span_id",
    "user_id": "enduser.id",
    "said_at": "startTimeUnixNano",
    "request": "said",
    "session_id": "gen_ai.conversation.id",
    "status": "status",
    "response": "answered",
    "action": "gen_ai.agent.name",
}
"""Column of what `read_traces` gives, by field of a turn."""

_USERS = ("enduser.id", "user.id", "enduser.pseudo.id", "langfuse.user.id", "user_id")
_SESSIONS = ("gen_ai.conversation.id", "session.id", "langfuse.session.id", "thread.id")
_FAILED = (2, "2", "STATUS_CODE_ERROR")
_SUCCEEDED = (1, "1", "STATUS_CODE_OK")
_MOST_MESSAGES = 1_000


def read_traces(path: Path, *, on_bad: OnBad) -> Iterator[Row]:
    """Read the requests of traces, in the order in which they were made.

    Args:
        path: A file of OTLP in JSON, one export a line or one in all; it may be gzipped.
        on_bad: Called with each line or span that cannot be read; if it returns, it is skipped.

    Raises:
        NotReady: It is no file that may be read.
        BadRecord: It holds no traces, or none in which anybody says something.
    """
    spans: list[tuple[int, Mapping[str, Any], dict[str, Any]]] = []
    any_span = False
    for line, row in read_rows(path, on_bad=on_bad):
        for span, shared in _spans(row):
            any_span = True
            known = {**shared, **_attributes(span)}
            if any(str(name).startswith("gen_ai.") for name in known):
                if str(span.get("startTimeUnixNano", "")).isdecimal():
                    spans.append((line, span, known))
                else:
                    on_bad(BadRecord("is no number of nanoseconds since 1970", line=line, field="startTimeUnixNano"))
    if not any_span:
        raise BadRecord("holds no spans; expected OTLP in JSON, with resourceSpans")
    spans.sort(key=lambda one: int(one[1]["startTimeUnixNano"]))
    turns: dict[tuple[str, int, str], tuple[int, dict[str, Any]]] = {}
    for line, span, known in spans:
        said = _said(span, known)
        if not said:
            continue
        key = (str(span.get("traceId")), len(said), said[-1])
        turn = turns.setdefault(key, (line, _opened(span, said[-1])))[1]
        _add(turn, span, known)
    if not turns:
        raise BadRecord(
            "holds no message of a person; let the instrumentation capture content "
            "(OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true)"
        )
    yield from turns.values()


def _spans(row: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Give the spans of an export, with what is known of all of its resource."""
    for resource in _members(row, "resourceSpans") if "resourceSpans" in row else [row]:
        shared = _attributes(resource.get("resource"))
        for scope in _members(resource, "scopeSpans"):
            for span in _members(scope, "spans"):
                yield span, shared


def _members(owner: Any, name: str) -> list[Mapping[str, Any]]:
    found = owner.get(name) if isinstance(owner, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _attributes(owner: Any) -> dict[str, Any]:
    return {str(one.get("key")): _plain(one.get("value")) for one in _members(owner, "attributes")}


def _plain(value: Any) -> Any:
    """Return an attribute's value: OTLP wraps each in the name of its type."""
    if not isinstance(value, Mapping) or not value:
        return None
    kind, held = next(iter(value.items()))
    if kind == "arrayValue":
        return [_plain(one) for one in _members(held, "values")]
    if kind == "kvlistValue":
        return {str(one.get("key")): _plain(one.get("value")) for one in _members(held, "values")}
    return held


def _opened(span: Mapping[str, Any], said: str) -> dict[str, Any]:
    turn: dict[str, Any] = dict.fromkeys(COLUMNS.values())
    turn["said"], turn["startTimeUnixNano"] = said, span["startTimeUnixNano"]
    turn["span_id"] = f"{span.get('traceId', '')}:{span.get('spanId', '')}"
    return turn


def _add(turn: dict[str, Any], span: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Add to a turn what one more call for it tells."""
    status = span.get("status")
    code = status.get("code") if isinstance(status, Mapping) else None
    if code in _FAILED or known.get("error.type"):
        turn["status"] = "failed"
    elif code in _SUCCEEDED:
        turn["status"] = "ok"
    turn["enduser.id"] = turn["enduser.id"] or _first(known, _USERS)
    turn["gen_ai.conversation.id"] = turn["gen_ai.conversation.id"] or _first(known, _SESSIONS)
    turn["gen_ai.agent.name"] = turn["gen_ai.agent.name"] or known.get("gen_ai.agent.name")
    if answers := _answers(span, known):
        turn["answered"] = answers[-1]


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((known[name] for name in names if known.get(name)), None)


def _said(span: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Return what the person said in the conversation that a call was given, oldest first."""
    given = [*_messages(known.get("gen_ai.input.messages")), *_numbered(known, "gen_ai.prompt")]
    for name, event in _events(span):
        given += _messages(event.get("gen_ai.input.messages"))
        if name == "gen_ai.user.message":
            given.append(("user", _text(event.get("content"))))
    return [text for role, text in given if role == "user" and text]


def _answers(span: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Return what a call answered."""
    given = [*_messages(known.get("gen_ai.output.messages")), *_numbered(known, "gen_ai.completion")]
    for name, event in _events(span):
        given += _messages(event.get("gen_ai.output.messages"))
        if name == "gen_ai.choice":
            message = _decoded(event.get("message"))
            given.append(("assistant", _text(message.get("content") if isinstance(message, Mapping) else message)))
    return [text for role, text in given if role == "assistant" and text]


def _events(span: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in _members(span, "events"):
        yield str(event.get("name")), _attributes(event)


def _messages(written: Any) -> Iterator[tuple[str, str]]:
    """Give (role, text) of messages as the conventions write them: a list, or JSON of one."""
    messages = _decoded(written)
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, Mapping):
            yield str(message.get("role")), _text(message.get("parts", message.get("content")))


def _numbered(known: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Give (role, text) of messages that are spread over numbered attributes."""
    for at in range(_MOST_MESSAGES):
        if f"{prefix}.{at}.content" not in known and f"{prefix}.{at}.role" not in known:
            return
        yield str(known.get(f"{prefix}.{at}.role")), _text(known.get(f"{prefix}.{at}.content"))


def _text(content: Any) -> str:
    """Return the text of a message, of a part of one, or of all of its parts that are text."""
    if isinstance(content, str):
        parts = _decoded(content)
        return _text(parts) if isinstance(parts, list) else content.strip()
    if isinstance(content, Mapping):
        return _text(content.get("content") or content.get("text") or "") if content.get("type") == "text" else ""
    return " ".join(filter(None, map(_text, content))) if isinstance(content, list) else ""


def _decoded(written: Any) -> Any:
    if not isinstance(written, str) or not written.lstrip().startswith(("[", "{")):
        return written
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written
