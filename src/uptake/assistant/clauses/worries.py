"""Turn a question after a deed into the question after the state: "did I leave the garage open?".

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import without_courtesy
from uptake.text.patterns import regex

__all__ = ["asked_state"]

_WORRY = regex(
    r"(?:(?:did|have|has|had) (?P<who>i|we|he|she|they|anyone|anybody|someone|somebody|you|\w+)(?: (?:just|already"
    r"|ever|really|remember to|forget to))*"
    r"|(?:i|we) (?:think (?:i|we) |may have |might have |must have |just )?(?=left\b)) (?P<deed>leave|left"
    r"|turn(?:ed)?|switch(?:ed)?|lock(?:ed)?|unlock(?:ed)?"
    r"|close(?:d)?|shut|open(?:ed)?)\b (?P<rest>.+?)[?!. ]*$",
    re.IGNORECASE,
)
_STATE_AFTER = regex(
    r"(?P<what>.+?) (?P<state>on|off|open|closed|shut|unlocked|locked|running|ajar)(?P<tail> .+|)$", re.IGNORECASE
)
_STATE_BEFORE = regex(r"(?P<state>on|off) (?P<what>.+)$", re.IGNORECASE)
_DONE = {"lock": "locked", "unlock": "unlocked", "close": "closed", "shut": "closed", "open": "open"}
_PLURAL = regex(r"(?:all|both|any|the|my|our)?\s*(?:[\w']+ )*[\w']+(?<!s)s\b", re.IGNORECASE)


def asked_state(text: str) -> str | None:
    """Return the question after a state that a question after a deed asks: "did I leave the garage open?"."""
    match = _WORRY.match(without_courtesy(text))
    if match is None:
        return None
    deed, rest = match["deed"].lower(), match["rest"].strip()
    if deed in ("leave", "left"):
        state = _STATE_AFTER.match(rest)
    elif deed.startswith(("turn", "switch")):
        state = _STATE_BEFORE.match(rest) or _STATE_AFTER.match(rest)
    else:
        stem = next(stem for stem in _DONE if deed.startswith(stem))
        return _is(rest, _DONE[stem], "")
    if state is None:
        return None
    tail = state.groupdict().get("tail") or ""
    return _is(state["what"], state["state"], tail)


def _is(what: str, state: str, tail: str) -> str:
    be = "are" if _PLURAL.fullmatch(what) and not what.endswith("ss") else "is"
    return f"{be} {what}{tail} {state}"
