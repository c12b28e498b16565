"""Speak Home Assistant's own responses in a language: its templates, filled with slots and states.

Source: home-assistant-intents, Open Home Foundation (CC BY 4.0); the templates are rendered by jinja2 in its sandbox.
Differs: only names that the templates use are given; a template that needs more is not spoken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uptake.errors import MissingExtra

__all__ = ["Responses", "Shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """State of a device, as a response template sees it."""

    name: str
    """Name of the device."""
    entity_id: str
    """Identifier."""
    domain: str
    """Domain."""
    state: str
    """State, in the words of the language where they are known."""
    state_with_unit: str
    """The same with its unit."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Further facts, as Home Assistant names them."""


class Responses:
    """Response templates of a language.

    Args:
        language: BCP 47 tag of a language that Home Assistant ships.

    Raises:
        MissingExtra: jinja2 is not installed.
    """

    def __init__(self, language: str) -> None:
        try:
            from jinja2 import StrictUndefined
            from jinja2.sandbox import ImmutableSandboxedEnvironment
        except ImportError as error:
            raise MissingExtra("answers in other languages need jinja2; pip install 'uptake[agent]'") from error
        from home_assistant_intents import get_intents

        shipped = get_intents(language) or get_intents(language.split("-", maxsplit=1)[0]) or {}
        told = shipped.get("responses", {})
        self._errors: Mapping[str, str] = told.get("errors", {})
        self._intents: Mapping[str, Mapping[str, str]] = told.get("intents", {})
        self._environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)

    def keys(self, intent: str) -> tuple[str, ...]:
        """Return the names of the responses of an intent."""
        return tuple(self._intents.get(intent, ()))

    def say(
        self,
        intent: str,
        key: str,
        *,
        slots: Mapping[str, Any],
        state: Shown | None = None,
        matched: Sequence[Shown] = (),
        unmatched: Sequence[Shown] = (),
    ) -> str | None:
        """Return a response to a request that was done; None where it cannot be said."""
        known = {one.entity_id: one.attributes for one in (*matched, *unmatched, *([state] if state else ()))}
        return self._render(
            self._intents.get(intent, {}).get(key),
            slots=slots,
            state=state,
            query={"matched": list(matched), "unmatched": list(unmatched)},
            state_attr=lambda entity_id, name: known.get(entity_id, {}).get(name),
        )

    def error(self, kind: str, **said: str) -> str | None:
        """Return the response to a request that failed; None where there is none of this kind."""
        return self._render(self._errors.get(kind), **said)

    def _render(self, template: str | None, **given: Any) -> str | None:
        if template is None:
            return None
        try:
            said = self._environment.from_string(template).render(**given)
        except Exception:  # noqa: BLE001 - a template asks for what is not known here
            return None
        text = " ".join(said.split())
        return None if not text or "None" in text.split() else text[0].upper() + text[1:]
