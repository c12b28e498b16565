"""Classify the conversational move of a request: answer, correction, follow-up, cancel, undo, repeat.

Limit: English, and one step back: anything before the last action must be requested anew.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from uptake.assistant.dialogue.amending import amended, is_of_another
from uptake.assistant.dialogue.answers import answer
from uptake.assistant.dialogue.conversation import Conversation, LastAction
from uptake.assistant.dialogue.correcting import corrected, rejected
from uptake.assistant.dialogue.cues import (
    changes_it,
    followed,
    is_again,
    is_cancel,
    is_content,
    is_objection,
    is_other,
    is_recap,
    is_repeat,
    is_undo,
    moved_to,
    only_wanted,
    split_no,
    starts_request,
    takes_back,
    times_undone,
)
from uptake.assistant.dialogue.halting import VOLUMES, halts_what_was_done, kept_as, taken_back
from uptake.assistant.dialogue.listening import Listening, Move, MoveKind, Understands
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core
from uptake.assistant.entities.resolver import Resolver
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.entities.titles import PLAY, class_called
from uptake.teaching.concepts import events as concepts
from uptake.teaching.preferences import events as preferences
from uptake.text.lexicon import is_courtesy, is_no
from uptake.text.patterns import regex
from uptake.types import Interpretation, Situation

__all__ = ["Move", "MoveKind", "Understands", "find_move"]

_TAUGHT = frozenset({concepts.DOMAIN, preferences.DOMAIN})
_STEERS = regex(r"(?:stop|cancel|quit|exit|enough|skip|drop|leave|pause)(?: (?:it|that|this|talking|now|please))*")
_OF_TIMERS = frozenset("HassPauseTimer HassUnpauseTimer HassIncreaseTimer HassDecreaseTimer SnoozeAlarm".split())
_CALLS_OFF = MappingProxyType(
    {"GetSchedule": "CancelSchedule", "GetAlarms": "DeleteAlarm", "GetReminders": "DeleteReminder"}
)
"""What "cancel that" means just after the answer to these."""
_MEANT = regex(r"(?:sorry |oops |no |oh )*i (?:meant|mean|said) ")
_DROPS = regex(
    r"(?:(?:oh|actually|ok|no|well) )*(?:never ?mind|forget (?:it|that)|don't bother|do not bother"
    r"|(?:i )?changed my mind|drop it|leave it)\b"
)
_AND = regex(r"(?:(?:and|now|also|then|ok|do|turn on|switch on) )*(?:and|also|now|do|turn on|switch on) ")
_REGRETS = regex(
    r"(?:(?:oh|ah|actually|ok|no|well|sorry|wait|hm+) )*(?:never ?mind(?: (?:that|it|then|about (?:that|it)))?"
    r"|(?:i(?:'ve| have)? )?changed my mind|don't bother|do not bother|forget (?:i (?:said|asked)(?: anything)?|about"
    r" (?:it|that)))(?: (?:please|thanks|sorry|then|after all|actually))*"
    r"|(?:(?:oh|no|actually|wait) )*(?:cancel|abort)(?: cancel| please| not needed)*"
    r"|(?:(?:oh|ah|hm+|well) )*(?:(?:actually|wait) no|no wait)(?: wait)?"
)
"""Giving up what was just done, where no question is open."""
_FREE_SLOTS = frozenset({"item", "text", "search_query", "label"})
_STOPS = regex(r"\W*(?:(?:please|can you|could you|no|now) )*stop [a-z]", re.IGNORECASE)
"""Stopping something, where "stop, the kitchen" would put another value in its place."""
_NAMED = 0.85  # least score of a place that is named
_TIME_ALONE = regex(r"(?:at|by|on|in|every|tomorrow|tonight|this|next)\b")
_FRAGMENT = 4  # most spaces in a value that stands alone
_ASKS = regex(r"(?:what|who|how|when|where|which|why|is|are|was|did|does|do|will|has|have)(?:'s)? (?!about\b)\S+ ?\b")
"""A question of its own, and no value."""
_ONES = regex(r" (?:1|one|ones|lights?|lamps?)$")
_LONGEST = 25  # words of a request that can be a move


def find_move(
    text: str,
    conversation: Conversation,
    situation: Situation,
    *,
    understanding: Understands,
    resolver: Resolver,
) -> Move | None:
    """Find what a request does to the conversation; None where it stands on its own.

    Args:
        text: The request.
        conversation: The conversation as it stands now (`Conversation.at`).
        situation: Where and when.
        understanding: Reads whole requests, to tell a new one from an answer.
        resolver: Knows the names of the home.
    """
    listening = Listening(
        words=text, conversation=conversation, situation=situation, understanding=understanding, resolver=resolver
    )
    said = listening.text
    if not said or said.count(" ") >= _LONGEST:
        return None
    several = min(times_undone(said), sum(1 for exchange in conversation.exchanges if exchange.action))
    if several or is_undo(said):
        return Move(kind="undo", undo_times=several or 1, reason="asks to take it back")
    pending = conversation.pending
    open_question = pending is not None and pending.kind != "feedback"
    if not open_question and halts_what_was_done(said, conversation):
        return Move(kind="undo", reason="stops what was just done")
    move = None if pending is None else answer(pending, listening)
    if move is not None or open_question:
        return move
    if is_content(said):
        return Move(kind="yes", reason="is content, and no question was open")
    return None if is_courtesy(said) else _unasked(conversation, listening)


def _unasked(conversation: Conversation, listening: Listening) -> Move | None:
    """Find a move that answers no question."""
    if is_repeat(listening.text) and conversation.exchanges:
        return Move(kind="repeat", reason="asks to hear it again")
    if is_recap(listening.text):
        return Move(kind="recap", reason="asks what was done")
    said = _rejects_what_was_said(conversation, listening.text) or _kept(conversation, listening.text)
    if said is not None:
        return said
    is_early = takes_back(listening.text) or _DROPS.fullmatch(listening.text)
    early = _taken_back(conversation, listening.text) if is_early else None
    if early is not None:
        return early
    last = _meant(conversation, listening.text)
    move = None if last is None else _on(last, listening)
    if move is None and conversation.done not in (None, last) and corrected(listening.text):
        last = conversation.done
        move = None if last is None else _correction(last, listening)
    if move is not None and move.undo_last and last is not None:
        undoes = conversation.done is not None and last.turn_id == conversation.done.turn_id
        move = replace(move, undo_last=undoes, undo_turn=last.turn_id if undoes else None)
    move = move or _taken_back(conversation, listening.text)
    if move is None and is_cancel(listening.text) and not _STEERS.fullmatch(listening.text):
        return Move(kind="cancel", reason="gives up")
    return move


_DENIES = regex(
    r"(?:(?:no|nope|actually|wait|well|but) )*(?:i|we|he|she|they|it|that)(?:'m|'re|'s| am| are| is| do| did)? ?"
    r"(?:not|don't|didn't|isn't|aren't|never did)(?: (?:really|actually|at all|any ?more))*"
)
"""Denying what was just understood of oneself: "no I'm not"."""


def _rejects_what_was_said(conversation: Conversation, text: str) -> Move | None:
    """Find what a bare no, or a denial, rejects where nothing was done that it could correct."""
    before = (conversation.exchanges[-1].action or "") if conversation.exchanges else ""
    if before.partition(".")[0] in _TAUGHT and (is_no(text) or _DENIES.fullmatch(text)):
        return Move(kind="undo", reason="rejects what was taught, or done by it")
    return Move(kind="no", reason="no, and nothing was done") if is_no(text) and conversation.last is None else None


_UNDONE_BY = MappingProxyType(
    {
        "HassTurnOff": frozenset("on open up running playing".split()),
        "HassTurnOn": frozenset("off closed shut down".split()),
    }
)
"""States in which a thing is not, once that was done to it; locks stand apart."""


def _kept(conversation: Conversation, text: str) -> Move | None:
    """Read "leave it on then" as being content with what was done, or as taking back what was the opposite."""
    state, done = kept_as(text), conversation.done
    if state is None or done is None or done.interpretation.intent in ("ScheduleAction", *_OF_TIMERS):
        return None
    if state in _UNDONE_BY.get(done.interpretation.intent, ()):
        return Move(kind="undo", reason="is to stay as it was")
    return Move(kind="yes", reason="is to stay as it is, and no question was open")


def _taken_back(conversation: Conversation, text: str) -> Move | None:
    """Read "cancel that" as calling off what was just listed, or as undoing what was done last."""
    last, done = conversation.last, conversation.done
    listed = _CALLS_OFF.get(last.interpretation.intent) if last is not None else None
    is_plan = last is not None and last == done and last.interpretation.intent == "ScheduleAction"
    if last is not None and is_plan and (takes_back(text) or _DROPS.match(text)):
        planned = tuple(pair for pair in last.interpretation.slots if pair[0] == "text")
        off = Interpretation(intent="CancelSchedule", slots=planned)
        return Move(kind="follow", interpretation=off, reason="calls off what was planned")
    if listed is not None and takes_back(text):
        return Move(kind="follow", interpretation=Interpretation(intent=listed), reason="calls off what was listed")
    if done is not None and last == done and (_may_take_back(done, text) or _REGRETS.fullmatch(text)):
        return taken_back(conversation)
    return None


def _may_take_back(done: LastAction, text: str) -> bool:
    """Tell whether "cancel that" means what was done last, and not the timer that it was done to."""
    return takes_back(text) and done.interpretation.intent not in (_OF_TIMERS | VOLUMES)


def _meant(conversation: Conversation, text: str) -> LastAction | None:
    """Return what a request refers to: "make it 7:15" changes what was done last, not what was listed since."""
    if conversation.done is not None and changes_it(text):
        return conversation.done
    return conversation.last


def _on(last: LastAction, listening: Listening) -> Move | None:
    """Find a move that refers to the last action."""
    said = listening.text
    moved = moved_to(said) if last.interpretation.intent == PLAY else None
    there = listening.fitter.fit(moved, last.interpretation, targets=last.targets) if moved else None
    if there is not None:
        return Move(kind="correct", interpretation=there, undo_last=True, reason="the same on another player")
    joined = _AND.match(said)
    other = _the_other(last, listening) if is_other(said[joined.end() :] if joined is not None else said) else None
    if (joined is not None and other is not None) or is_other(said):
        why = "the other one, too" if joined is not None else "the one not taken"
        kind: MoveKind = "follow" if joined is not None else "correct"
        return Move(kind=kind, interpretation=other, undo_last=joined is None, reason=why)
    if is_objection(said):
        return Move(kind="no", reason="no, and no question was open")
    sense = listening.sense(last.interpretation)
    stepped = listening.fitter.step(sense, last.interpretation) if sense else None
    if stepped is not None:
        return Move(kind="follow", interpretation=stepped, reason="more of it" if sense > 0 else "less of it")
    if is_again(said) and _may_follow(last, listening):
        return Move(kind="follow", interpretation=last.interpretation, reason="the same again")
    return _picked(last, listening) or _correction(last, listening) or _follow_up(last, listening)


def _correction(last: LastAction, listening: Listening) -> Move | None:
    """Read "no, the kitchen" or "I meant the desk lamp" as the last request with another value, the old one undone."""
    contrasted = _contrasted(last, listening.words)
    if contrasted is not None:
        return Move(kind="correct", interpretation=contrasted, undo_last=True, reason="other words for a value")
    if _STOPS.match(listening.words):
        return None
    rejection = _rejection(last, listening)
    fixes = listening.of_the_same(corrected(listening.text), last.interpretation) if rejection is None else ()
    for fix in fixes:
        changed = listening.change(fix, last.interpretation)
        if changed is not None and is_of_another(changed, last.interpretation):
            return None
        if changed is not None and listening.is_of_a_part(fix, changed):
            return Move(kind="follow", interpretation=changed, reason="a part of what was done, anew")
        if changed is not None:
            return Move(kind="correct", interpretation=changed, undo_last=True, reason="another value in its place")
    return _loosely(fixes[0], last, listening) if fixes else rejection


def _loosely(fix: str, last: LastAction, listening: Listening) -> Move | None:
    """Read a correction that fits nowhere in the last request as a request in its place, or a name nobody knows."""
    said = listening.text
    meant = _MEANT.match(said) is not None
    if (split_no(said) is None and not meant) or listening.is_request(said):
        return None
    best = listening.best(fix)
    if best is not None and listening.is_request(fix):
        return Move(kind="correct", interpretation=best.interpretation, undo_last=True, reason="a request in its place")
    loose = listening.fitter.fit(fix, last.interpretation, loosely=True)
    if loose is None:
        return None
    return Move(kind="correct", interpretation=loose, undo_last=True, reason="another name in its place")


def _contrasted(last: LastAction, said: str) -> Interpretation | None:
    """Read "not oat milk, almond milk" as the last request with other words in a slot that takes any."""
    for slot, value in last.interpretation.slots:
        new = amended(said, value) if slot in _FREE_SLOTS else None
        if new is not None:
            slots = tuple((name, new if name == slot else kept) for name, kept in last.interpretation.slots)
            return replace(last.interpretation, slots=slots)
    return None


def _rejection(last: LastAction, listening: Listening) -> Move | None:
    """Read "no, not the kitchen" as a rejection of what was done."""
    unwanted = rejected(listening.text)
    rest = _without(unwanted, last, listening) if unwanted is not None else None
    if rest is not None:
        return Move(kind="correct", interpretation=rest, undo_last=True, reason="all but that")
    if unwanted is None or listening.is_request(listening.text):
        return None
    fits = listening.fitter.fit(unwanted, last.interpretation, targets=last.targets) is not None
    same = any(core(unwanted) == core(value) for _, value in last.interpretation.slots)
    return Move(kind="correct", undo_last=True, reason="that was not meant") if fits or same else None


def _picked(last: LastAction, listening: Listening) -> Move | None:
    """Read "just the lamp" as the last action on that one of its things; None where it names none, or all, of them."""
    wanted, household = only_wanted(listening.text), listening.resolver.household
    targets = [household.by_id[key] for key in last.targets if key in household.by_id]
    if wanted is None or len(targets) < 2:
        return None
    named = {match.key for match in household.match_devices(wanted, targets, exact_only=True)}
    noun = core(wanted) if kind_of(core(wanted)) is not None else ""
    kept = [
        device for device in targets if device.entity_id in named or (not named and noun in device.name.lower().split())
    ]
    if not 0 < len(kept) < len(targets):
        return None
    rest = tuple(pair for pair in last.interpretation.slots if pair[0] not in HOME_SLOTS)
    reading = replace(last.interpretation, slots=(*rest, *(("name", household.label(device)) for device in kept)))
    return Move(kind="correct", interpretation=reading, undo_last=True, reason="one of what was done, and no more")


def _without(unwanted: str, last: LastAction, listening: Listening) -> Interpretation | None:
    """Return the last action on several things without those that are named; None where they are none of them."""
    household = listening.resolver.household
    targets = [household.by_id[key] for key in last.targets if key in household.by_id]
    places, named = (
        household.match_places(_ONES.sub("", unwanted))[:1],
        household.match_devices(unwanted, targets, exact_only=True),
    )
    gone = {match.key for match in named}
    if not gone and places and places[0].score >= _NAMED:
        areas = household.place(places[0]).areas
        gone = {device.entity_id for device in targets if device.area_id in areas}
    kept = [device for device in targets if device.entity_id not in gone]
    if not gone or not kept:
        return None
    rest = tuple(pair for pair in last.interpretation.slots if pair[0] not in HOME_SLOTS)
    return replace(last.interpretation, slots=(*rest, *(("name", household.label(device)) for device in kept)))


def _follow_up(last: LastAction, listening: Listening) -> Move | None:
    """Read "and in the kitchen?" or "what about tomorrow?" as the last request with another value."""
    if not _may_follow(last, listening):
        return _timed_anew(last, listening)
    words = followed(listening.text)
    if words is None:
        return _fragment(last, listening)
    if listening.is_request(words):
        changed = None if starts_request(words) else listening.change(words, last.interpretation)
    else:
        changed = (
            listening.change(words, last.interpretation)
            or listening.fitter.fit(words, last.interpretation, loosely=True)
            or listening.retold(last.interpretation, words)
        )
    if changed is None:
        return None
    return Move(kind="follow", interpretation=changed, reason="the same with another value")


def _timed_anew(last: LastAction, listening: Listening) -> Move | None:
    """Read a time alone as that of the reminder that was just set: "every sunday", then "at ten"."""
    if last.interpretation.intent != "SetReminder" or not _TIME_ALONE.match(listening.text):
        return None
    changed = listening.fitter.fit(listening.text, last.interpretation)
    if changed is None or last != listening.conversation.done:
        return None
    return Move(kind="correct", interpretation=changed, undo_last=True, reason="a time for what was just set")


def _fragment(last: LastAction, listening: Listening) -> Move | None:
    """Read a bare value that fits the last action, "the bedroom", as the last request with that value."""
    said = listening.text
    if starts_request(said) or _ASKS.match(said) or said.count(" ") > _FRAGMENT:
        return None
    changed = listening.fitter.fit(said, last.interpretation, targets=last.targets)
    intent = listening.resolver.skills.intents.get(last.interpretation.intent)
    if changed is None and intent is not None and not intent.changes:
        changed = listening.swapped(last.interpretation)
    if changed is None or listening.is_request(said):
        return None
    if changed.intent == PLAY and class_called(said) is not None:
        return Move(kind="correct", interpretation=changed, undo_last=True, reason="the same title as something else")
    return Move(kind="follow", interpretation=changed, reason="a value and nothing else")


def _the_other(last: LastAction, listening: Listening) -> Interpretation | None:
    """Find what "the other one" means: the only other thing of its kind nearby, else the next reading."""
    household = listening.resolver.household
    done = [household.by_id[key] for key in last.targets if key in household.by_id]
    if len(done) != 1:
        return _alternative(last)
    others = [
        device
        for device in household.devices
        if device.domain == done[0].domain and device.area_id == done[0].area_id and device != done[0]
    ]
    if len(others) != 1:
        return _alternative(last)
    rest = tuple(pair for pair in last.interpretation.slots if pair[0] not in HOME_SLOTS)
    return replace(last.interpretation, slots=(*rest, ("name", household.label(others[0]))))


def _alternative(last: LastAction) -> Interpretation | None:
    for other in last.alternatives:
        if other.intent == last.interpretation.intent and other.slots != last.interpretation.slots:
            return other
    return None


def _may_follow(last: LastAction, listening: Listening) -> bool:
    intent = listening.resolver.skills.intents.get(last.interpretation.intent)
    return intent is None or intent.follows
