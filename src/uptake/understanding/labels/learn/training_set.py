"""Make a training set from labels: each request once, conflicts resolved.

Source: the aggregation and filters of Falke et al. (COLING 2020 Industry): the same meaning from enough users, a
majority if users disagree, and no label that was the interpretation of the failed turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from uptake.errors import BadConfig
from uptake.understanding.labels.artifact import Label
from uptake.understanding.labels.learn.projection import Slots

__all__ = ["STEADY", "LabelledRequest", "Meaning", "labelled_requests"]

Meaning = tuple[str, tuple[tuple[str, str], ...]]
"""Intent, and (name, what is said) of the slots, sorted."""
STEADY = 0.2
"""Weight of a request that the model reads already, beside one that it does not."""
_FAILED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRequest:
    """Request with its label, for training."""

    text: str
    """As it was heard."""
    intent: str
    """Intent of the request."""
    slots: Slots
    """Spans of its slots in the text."""
    values: tuple[tuple[str, str], ...]
    """The slots as the reading behind the label has them."""
    weight: float
    """Weight beside an example that a person wrote."""
    users: int
    """Distinct users behind it."""
    is_new: bool
    """Whether the model reads the request otherwise so far."""


def labelled_requests(
    labels: Iterable[Label],
    *,
    known: Callable[[str], Meaning | None],
    min_users: int = 1,
    share: float = 0.6,
    cap: float = 0.5,
    new_only: bool = False,
) -> list[LabelledRequest]:
    """Turn trusted labels into training examples, one a text, ordered by text.

    A label that repeats what the assistant read when the turn failed is left out.

    Args:
        labels: Trusted labels.
        known: What the model reads; None for nothing.
        min_users: Fewest users who must support the meaning of a request.
        share: Share of the support, in (0.5, 1], that the meaning must have where users disagree.
        cap: Most weight of a request.
        new_only: Whether what the model reads already is left out. It steadies what is near it, so it may stay.

    Raises:
        BadConfig: A limit is out of range.
    """
    if not 0.5 < share <= 1.0 or not cap > 0.0 or min_users < 1:
        raise BadConfig("share must be in (0.5, 1], cap above 0 and min_users at least 1")
    found = []
    for text, meanings in sorted(_by_text(labels).items()):
        support = {meaning: sum(one.confidence for one in users.values()) for meaning, users in meanings.items()}
        meaning = max(support, key=lambda one: (support[one], one))
        users, is_new = meanings[meaning], known(text) != meaning
        if len(users) >= min_users and support[meaning] >= share * sum(support.values()) and (is_new or not new_only):
            found.append(_one(text, users, is_new=is_new, cap=cap))
    return found


def _by_text(labels: Iterable[Label]) -> dict[str, dict[Meaning, dict[str, Label]]]:
    """Return request -> meaning -> user -> their surest label."""
    found: dict[str, dict[Meaning, dict[str, Label]]] = {}
    for label in labels:
        if _repeats_a_failure(label):
            continue
        users = found.setdefault(label.request, {}).setdefault(label.meaning, {})
        if label.user_id not in users or users[label.user_id].confidence < label.confidence:
            users[label.user_id] = label
    return found


def _one(text: str, users: dict[str, Label], *, is_new: bool, cap: float) -> LabelledRequest:
    best = max(users.values(), key=lambda one: (one.confidence, one.turn_id))
    return LabelledRequest(
        text=text,
        intent=best.intent,
        slots=best.slots,
        values=best.values,
        weight=min(cap, best.confidence),
        users=len(users),
        is_new=is_new,
    )


def _repeats_a_failure(label: Label) -> bool:
    """Tell whether a label says what was read when the turn, by all signs, failed, and no answer says otherwise."""
    return label.origin == "accepted" and (label.p_defect or 0.0) >= _FAILED and "explicit" not in label.signals
