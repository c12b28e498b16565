"""Say a request plainly: without the remarks beside it, and in full where it was said in short. English."""

from __future__ import annotations

import re

from uptake.assistant.clauses.beside import is_remark_alone, without_remarks
from uptake.assistant.clauses.lone import sure_request
from uptake.assistant.clauses.waiting import is_read_whole
from uptake.assistant.components import Components
from uptake.assistant.hear import CleanedRequest, plainly
from uptake.assistant.hypotheses import ACCOUNTING
from uptake.assistant.incoming import Incoming
from uptake.assistant.reply import UNSUPPORTED
from uptake.text.patterns import regex

__all__ = ["ALONE", "beside", "in_full"]

ALONE = "a remark, and nothing else"
"""Reason of a refusal: nothing is asked for, though something may be taught."""
_SURE = 0.9
_GOES_ON = regex(
    r"\b(?:it|that|this|them|those|these|one|ones|there|then|again|instead|too|back|earlier|later|sooner|more|less|\d+)\b",
    re.IGNORECASE,
)
"""What may point to what was said or done before."""


def beside(heard: CleanedRequest, turn: Incoming, components: Components) -> CleanedRequest:
    """Return a request with the place told beside it, or without the remarks beside it.

    One that is read as a whole keeps them, and so does one that may explain a taught word.

    Args:
        heard: The request, which was not refused.
        turn: The turn.
        components: What the assistant is made of.
    """
    placed = components.understanding.placed(heard.text)
    if placed != heard.text:
        return heard._replace(text=placed, reason="with the place that was told")
    pending = turn.conversation.pending
    if (pending is not None and pending.kind == "teach") or is_read_whole(heard.text, turn, components):
        return heard
    household = components.resolver.household
    alone = pending is None and not (turn.conversation.exchanges and _GOES_ON.search(heard.text))
    if alone and is_remark_alone(heard.text, household) and not _is_read(heard.text, turn, components):
        return heard._replace(refusal=UNSUPPORTED.speech, reason=ALONE)
    asked = without_remarks(heard.text, household)
    return heard if asked == heard.text else heard._replace(text=asked, reason="without what asks for nothing")


def _is_read(text: str, turn: Incoming, components: Components) -> bool:
    """Tell whether a reader that accounts for every word is sure of a text."""
    best = next(iter(components.understanding.read(text, turn.situation)), None)
    return best is not None and best.confidence >= _SURE and best.reader in {*ACCOUNTING, "grammar"}


def in_full(
    heard: CleanedRequest, turn: Incoming, components: Components, *, act_at: float, ask_at: float
) -> CleanedRequest:
    """Say in full what people say in short, unless it is read as a whole.

    Args:
        heard: The request, which was not refused.
        turn: The turn.
        components: What the assistant is made of.
        act_at: Least confidence, in [0, 1], of acting unasked on what is easily put right.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
    """
    if heard.refusal is not None or is_read_whole(heard.text, turn, components):
        return heard
    household, room = components.resolver.household, turn.situation.context.room
    plain = plainly(heard, household, room, turn.conversation, turn.now)
    return plain._replace(text=sure_request(plain.text, turn, components, act_at, ask_at))
