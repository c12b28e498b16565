"""Parse named numbers from a command line: "asr=0.05" sets a field of a configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from uptake.config import nearest
from uptake.errors import BadConfig

__all__ = ["named"]


def named(kind: type[Any], given: Iterable[str], *, what: str) -> dict[str, Any]:
    """Return the fields that some texts set; each is read as its default is: a share, or a whole number.

    Args:
        kind: A dataclass whose fields have defaults.
        given: Texts like "asr=0.05".
        what: What a field is called in an error.

    Raises:
        BadConfig: There is no such field, or what it is set to is no number.
    """
    defaults = {one.name: one.default for one in fields(kind)}
    found: dict[str, Any] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in defaults:
            raise BadConfig(f"there is no {what} called {name}{nearest(name, list(defaults))}")
        try:
            found[name] = int(value) if isinstance(defaults[name], int) else float(value)
        except ValueError:
            raise BadConfig(f"{name} needs a number, for example {name}={defaults[name]}") from None
    return found
