"""Read what a request is not to touch: "all but the hall", "leave the bedroom".

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import EXCEPTION, KEEPS

__all__ = ["cut_exception", "excepted", "names_of"]


def cut_exception(body: str) -> tuple[str, list[str]]:
    """Return an action without its exception, and what that names."""
    match = EXCEPTION.search(body)
    if match is None or match.start() == 0:
        return body, []
    if match["but"]:
        return f"{body[: match.start()]}{match['all']}{match['of']}".strip(" ,"), [match["but"]]
    return body[: match.start()].strip(" ,"), [match["rest"]]


def excepted(text: str) -> str | None:
    """Return what a clause of its own excepts; None where it excepts nothing."""
    keeps = KEEPS.fullmatch(text)
    if keeps is not None:
        return keeps["rest"] or keeps["bare"]
    match = EXCEPTION.match(text)
    return None if match is None else match["rest"] or match["but"]


def names_of(words: str) -> list[str]:
    """Split the names of what is excepted: "the kitchen and the hall"."""
    words = re.sub(r"^(?:(?:in|on|for|at|those|the ones|ones|that) )+", "", words.strip(" .,!?"), flags=re.IGNORECASE)
    pieces = re.split(r"\s*,\s*(?:and |or )?|\s+(?:and|or|nor)\s+", words)
    return [re.sub(r"^(?:in|on|at|for) ", "", piece.strip()) for piece in pieces if piece.strip()]
