"""Find the one request in what is told beside it: "heating off, nobody is in".

Each piece is read by itself. One of them must be understood surely, and every other one must only tell something: no
number, no time, no condition, nothing forbidden and no thing of the home that the request does not name itself.

Limit: English; one request.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.emergency import advice
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT, clause_kind
from uptake.assistant.clauses.wording.reasons import is_aside, tells_nothing
from uptake.assistant.clauses.wording.subjects import PRONOUN
from uptake.assistant.clauses.words import is_command
from uptake.assistant.components import Components
from uptake.assistant.entities.household import Household
from uptake.assistant.hypotheses import ACCOUNTING
from uptake.assistant.incoming import Incoming
from uptake.assistant.read import read
from uptake.assistant.resolve import changes, choose
from uptake.assistant.stakes import act_at as least_sure
from uptake.text.lexicon import is_no, is_termination, is_yes
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["lone_request", "sure_request"]

_WAY_BEHIND = regex(r"^(?:[\w']+ ){1,3}?(?:on|off|open|closed|shut|locked|up|down|low)\b", re.IGNORECASE)
_TALK = frozenset({"SmallTalk", "GetHelp", "HassRespond", "HassNevermind"})
_TEACHES = regex(r"\w: |\b(?:learn|teach|means?|meaning|call(?:ed)?|remember)\b", re.IGNORECASE)
"""What may tell what words mean."""
_MOST, _LONGEST = 4, 250  # pieces; characters
_WHOLE, _FREE = ACCOUNTING | {"grammar"}, "free words"
_NEVER = frozenset({"prohibition", "exception", "condition", "report"})


def lone_request(
    text: str, turn: Incoming, components: Components, *, act_at: float, ask_at: float, surely: bool = False
) -> str | None:
    """Return the piece of a text that is a request, without what is told beside it; None where it is not plain which.

    Args:
        text: The request, which was not understood as a whole.
        turn: The turn.
        components: What the assistant is made of.
        act_at: Least confidence, in [0, 1], of acting unasked on what is easily put right.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
        surely: Whether all words of the piece must be accounted for: then the whole need not have been tried before.
    """
    household = components.resolver.household
    pieces = [piece.strip() for piece in JOINT.split(text.strip(" .!?"))] if len(text) <= _LONGEST else []
    if not 1 < len(pieces) <= _MOST or not all(pieces):
        return None
    for at, one in enumerate(pieces):
        others = [*pieces[:at], *pieces[at + 1 :]]
        if surely and any(_reacts(each) for each in others):
            return None
        points = PRONOUN.search(one) is not None and any(find_mentions(each, household) for each in others)
        if points or clause_kind(one) in _NEVER:
            continue
        is_whole, front = bool(find_mentions(one, household)), pieces[:at]
        if not any(_may_ask(each, household) for each in others) and all(
            is_aside(each, household, is_whole=is_whole) or (each in front and tells_nothing(each, household))
            for each in others
        ):
            readings = read(one, turn.situation, components)
            best = choose(readings, turn.situation, components, ask_at=ask_at)
            intent = best.hypothesis.interpretation.intent if best is not None and best.exists else None
            sure = intent is not None and readings.belief(intent) >= least_sure(intent, base=act_at)
            if surely and best is not None:
                sure = (
                    sure
                    and best.hypothesis.reader in _WHOLE
                    and intent not in _TALK
                    and (_FREE not in (best.hypothesis.reason or "") or not changes(best, components.skills))
                )
            if sure:
                return one
    return None


def sure_request(text: str, turn: Incoming, components: Components, act_at: float, ask_at: float) -> str:
    """Return the piece of a text that is a request every word of which is accounted for; arguments as `lone_request`.

    The text as it is where there is none, or where it may answer a question.
    """
    pending = turn.conversation.pending
    if (pending is not None and pending.kind != "feedback") or _TEACHES.search(text) or advice(text) is not None:
        return text
    lone = lone_request(text, turn, components, act_at=act_at, ask_at=ask_at, surely=True)
    return lone or _commands_alone(text, components.resolver.household)


def _commands_alone(text: str, household: Household) -> str:
    """Return several commands without the remark before or behind them; the text as it is where there is none."""
    joints = list(JOINT.finditer(text)) if len(text) <= _LONGEST else []
    if not 1 < len(joints) < _MOST:
        return text
    for told, rest in (
        (text[joints[-1].end() :], text[: joints[-1].start()]),
        (text[: joints[0].start()], text[joints[0].end() :]),
    ):
        pieces = [piece.strip() for piece in JOINT.split(rest.strip(" .!?"))]
        commands = all(is_command(piece) and find_mentions(piece, household) for piece in pieces)
        if commands and not any(map(PRONOUN.search, pieces)) and is_aside(told.strip(" .!?"), household, is_whole=True):
            return rest
    return text


def _may_ask(piece: str, household: Household) -> bool:
    """Tell whether a piece may be a request of its own: "the counter lights on so I can see what I'm doing"."""
    named = find_mentions(piece, household)
    return any(each.named or each.kind for each in named) and _WAY_BEHIND.search(piece[named[0].start :]) is not None


def _reacts(piece: str) -> bool:
    """Tell whether a piece reacts to what was said before: "no", "stop", "yes"."""
    said = normalize(piece)
    return is_no(said) or is_yes(said) or is_termination(said)
