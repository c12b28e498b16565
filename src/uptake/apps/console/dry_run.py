"""Decide on a wording and interpret it as the assistant would, without doing anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uptake.errors import MissingExtra
from uptake.types import Consequence, Request

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["DryRun", "dry_run"]

_NOBODY = "\0nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """Description in words of what acting would change."""

    decided: str
    """What is decided for the words as heard."""
    readings: tuple[tuple[str, str], ...]
    """A wording, and what the assistant here would do; empty where no home is known."""
    same: bool | None
    """Whether both wordings would do the same; None where one of them is not understood or there is only one."""


def dry_run(service: Service, heard: str, instead: str | None, user_id: str | None) -> DryRun:
    """Decide and read without acting.

    Args:
        service: Decides; its assistant reads, where a home is known.
        heard: What is heard.
        instead: What might be acted on; None where nothing is proposed.
        user_id: Whose request; None for anybody's.
    """
    request = Request(text=heard, user_id=user_id or _NOBODY)
    outcome = service.explaining.decide(request)
    found = outcome.decision
    decided = (
        f"is left alone: {outcome.left_because}"
        if found is None
        else f"{'asks whether to act' if found.must_confirm else 'acts'} on “{found.acted_on}”: {found.reason}"
    )
    if not service.state.knows_a_home:
        return DryRun(decided=decided, readings=(), same=None)
    try:
        _, dry = service.agent().preflight(request)
    except (MissingExtra, ModuleNotFoundError):
        return DryRun(decided=decided, readings=(), same=None)
    wordings = [heard] if instead is None else [heard, instead]
    seen = [dry.foresee(None if text is heard else text) for text in wordings]
    known = None not in seen and len(seen) > 1
    return DryRun(
        decided=decided,
        readings=tuple((text, _in_words(one)) for text, one in zip(wordings, seen, strict=True)),
        same=seen[0] == seen[1] if known else None,
    )


def _in_words(seen: Consequence | None) -> str:
    if seen is None:
        return "is not understood here, or nothing of it exists"
    values = [f"{name} {value}" for name, value in seen.values]
    what = ", ".join([*sorted(seen.things), *values])
    asks = "; it cannot be undone, so it asks first" if seen.irrevocable else ""
    return f"{seen.intent}{f' ({what})' if what else ''}{asks}"
