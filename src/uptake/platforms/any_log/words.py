"""Words that logs use for outcomes, ratings and speakers."""

from __future__ import annotations

from uptake.types import Status

__all__ = ["ASSISTANTS", "LIKED", "OUTCOMES", "PERSONS", "outcome_of", "word"]

_SAID: dict[Status, str] = {
    "ok": "ok okay success successful succeeded succeed true yes y done complete completed handled "
    "resolved fulfilled "
    "answered accepted pass passed positive good executed action_done query_answer erfolg erfolgreich ja",
    "failed": "fail failed failure error err errors false no n unsuccessful exception timeout rejected "
    "unresolved unhandled "
    "negative bad incorrect wrong misunderstood not_understood no_intent_match no_valid_targets "
    "failed_to_handle abandoned fehler fehlgeschlagen nein",
    "unsupported": "unsupported not_supported no_match nomatch fallback unknown_intent out_of_scope oos no_skill "
    "not_implemented "
    "none_intent unrecognized unrecognised no_intent",
    "cancelled": "cancelled canceled cancel aborted abort stopped interrupted dismissed abgebrochen",
}
OUTCOMES: dict[str, Status] = {word: status for status, words in _SAID.items() for word in words.split()}
"""How a request ended, by the word for it."""

LIKED = dict.fromkeys(
    "up thumbs_up thumbsup positive like liked good yes true helpful 👍 +1".split(), True
) | dict.fromkeys(
    "down thumbs_down thumbsdown negative dislike disliked bad no false unhelpful not_helpful 👎 -1".split(), False
)
"""Whether a person said that it was right, by the word for it."""

PERSONS = frozenset("user human customer person caller client speaker member visitor".split())
"""Names of the role of whoever asks."""
ASSISTANTS = frozenset("assistant bot agent ai system model machine chatbot virtual_assistant wizard".split())
"""Names of the role of whoever answers."""

_FIRST_CODE, _FIRST_BAD_CODE, _LAST_CODE = 200, 400, 599


def word(value: object) -> str:
    """Return a value as the lists of words write it.

    >>> word("No Match"), word(True), word(None)
    ('no_match', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold().replace(" ", "_").replace("-", "_" if str(value)[:1] != "-" else "-")


def outcome_of(value: object) -> Status | None:
    """Return how a request ended by the word or the HTTP status code for it; None where neither is known.

    >>> outcome_of("Success"), outcome_of(404), outcome_of("blue")
    ('ok', 'failed', None)
    """
    written = word(value)
    if (found := OUTCOMES.get(written)) is not None:
        return found
    if written.isascii() and written.isdecimal() and _FIRST_CODE <= int(written) <= _LAST_CODE:
        return "ok" if int(written) < _FIRST_BAD_CODE else "failed"
    return None
