"""Find the core of a request that was not understood as a whole, to ask about it: "ooh turn this up, I love it".

Words before the command, clauses beside it, and what follows a reason or a purpose are left out, a cut at a time. What
is left must be worth a question if it were said alone, and is never acted on unasked if it changes anything: the
question says what would be done. What is critical is never read out of a part.

Limit: English. Conditions, exceptions, prohibitions and what was told of the past are never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from uptake.assistant.clauses.account import is_chore, is_question
from uptake.assistant.clauses.lone import lone_request
from uptake.assistant.clauses.segment import JOINT, clause_kind
from uptake.assistant.clauses.words import is_command
from uptake.assistant.components import Components
from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.incoming import Incoming
from uptake.assistant.read import read
from uptake.assistant.resolve import Resolved, changes, choose
from uptake.text.patterns import regex

__all__ = ["Core", "find_part"]

_MOST_READ, _MOST_PIECES, _LONGEST, _OPENING = 5, 4, 250, 4
"""Texts that are read; clauses; characters; words that may stand before a command."""
_KEPT = frozenset({"prohibition", "exception", "condition", "report"})
_CUT = regex(
    r"\s+(?:for|because|before|while|so|as|since|like)\s+(?!(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|half"
    r"|\d+|\w+teen|\w+ty|me|us|him|her|them|you|it|now|ever)\b)"
)
"""Words behind which a reason, a purpose or a comparison begins; no length of time."""
_TELLS = regex(r"\b(?:means?|meaning|says?|said|is|are|was|were|called|stands?)\b")
"""Words before a command that make it something that is told, not asked for."""
_FAVOUR = regex(r"(?:be|do) (?:an?|me|us|so)\b(?! .+ (?:on|off|up|down)\b)")
"""Courtesy that begins as a command does: "be a love"."""
_COUNTS = regex(r"\d|\b(?:not|never|don't|unless|except|until|till|if|when|at|after|by|instead)\b|n't\b")


@dataclass(frozen=True, slots=True)
class Core:
    """Part of a request, and its reading."""

    text: str
    resolved: Resolved


def find_part(text: str, turn: Incoming, components: Components, *, act_at: float, ask_at: float) -> str | Core | None:
    """Return what can be done of a text: a request to handle, or a part to ask about; None where there is neither.

    Args:
        text: The request, which was not understood as a whole.
        turn: The turn.
        components: What the assistant is made of.
        act_at: Least confidence, in [0, 1], of acting unasked on what is easily put right.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
    """
    lone = lone_request(text, turn, components, act_at=act_at, ask_at=ask_at)
    core = _core(text, turn, components, ask_at=ask_at) if lone is None else None
    if core is None or changes(core.resolved, components.skills):
        return core or lone
    return core.text if is_question(core.text) else None


def _core(text: str, turn: Incoming, components: Components, *, ask_at: float) -> Core | None:
    for part, _ in zip(_parts(text.strip(" .!?")), range(_MOST_READ), strict=False):
        readings = read(part, turn.situation, components)
        best = choose(readings, turn.situation, components, ask_at=ask_at)
        if best is None or best.resolution.problem is not None or is_chore(part, best.resolution):
            continue
        intent = best.resolution.interpretation.intent
        if intent != OUT_OF_SCOPE and not components.skills.must_ask(intent, best.resolution.targets):
            return Core(part, best)
    return None


def _parts(text: str) -> Iterator[str]:
    """Yield each clause of a text that may be a request, then the same clause with more and more left out."""
    pieces = [piece.strip() for piece in JOINT.split(text) if piece.strip()] if len(text) <= _LONGEST else []
    if not 0 < len(pieces) <= _MOST_PIECES or any(clause_kind(piece) in _KEPT for piece in pieces):
        return
    seen = {text}
    for piece in pieces:
        others = [each for each in pieces if each is not piece]
        if (
            clause_kind(piece) == "remark"
            or _FAVOUR.match(piece)
            or any(is_command(each) or _COUNTS.search(each.lower()) for each in others)
        ):
            continue
        for part in (piece, *_cut(piece)):
            if part not in seen:
                seen.add(part)
                yield part


def _cut(piece: str) -> Iterator[str]:
    """Yield a clause from its command on, and without a reason, a purpose or a comparison at its end."""
    said = piece.split()
    starts = (at for at in range(min(_OPENING, len(said))) if is_command(" ".join(said[at:])))
    start = next(starts, 0)
    if _TELLS.search(" ".join(said[:start]).lower()):
        return
    begun = " ".join(said[start:])
    yield begun
    match = _CUT.search(begun)
    if match is not None and not _COUNTS.search(begun[match.end() :].lower()):
        yield begun[: match.start()]
