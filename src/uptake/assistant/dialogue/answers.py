"""Match a request with the open question: yes, no, a value, a choice, never mind."""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.dialogue.agreeing import backs_out, half_agrees, says_it_lightly, split_yes
from uptake.assistant.dialogue.conversation import Pending
from uptake.assistant.dialogue.correcting import corrected
from uptake.assistant.dialogue.cues import (
    bare_value,
    followed,
    is_all,
    is_cancel,
    is_none,
    is_repeat,
    more_or_less,
    ordinal,
    split_no,
    starts_request,
    takes_back,
)
from uptake.assistant.dialogue.listening import Listening, Move
from uptake.assistant.entities.matching import Names, is_clear
from uptake.assistant.entities.rules import is_critical
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.entities.titles import PLAY, words_for
from uptake.assistant.stakes import changes
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["answer"]

_THANKS = regex(
    r"(?:(?:ok|okay|oh|great|lovely|fine|alright|right|no) )*(?:thanks|thank you|cheers|ta)(?: (?:very|so) much| a lot"
    r"| then| anyway| though| again| mate| love| bye)*"
)
"""Thanks, which are no value of anything."""
_DO_IT = regex(r"\w+ (?:it|them|that)(?: please| now)?")  # "yes, open it"
_POINTS = regex(r"\b(?:it|them|that|those|both)\b")  # "unlock it" answers the question

_NEXT = regex(r"(?:ok |please )*(?:skip|next)(?: (?:it|this|that|1|one|song|track))*(?: please)?")
_CLEAR = 0.6  # least score of a choice by a part of its name
_FREE = frozenset({"text", "item", "message", "media", "list", ""})  # kinds of slots that take any words
_LATER = regex(r"\b(?:at|in|until|till|tomorrow|tonight|every|after|before|on)\b.*\d|\b(?:tomorrow|tonight)\b")
_LONGEST = 12  # words of an answer in free words


def answer(pending: Pending, listening: Listening) -> Move | None:
    """Find what a request answers to an open question; None where it is no answer, but a request of its own."""
    text = listening.text
    if is_repeat(text):
        return Move(kind="repeat", reason="asks to hear the question again")
    if pending.kind in ("confirm", "feedback"):
        if pending.kind == "feedback" and (more_or_less(text) or takes_back(text)):  # "ok, too much" is no yes
            return Move(kind="undo", reason="takes back what was done") if takes_back(text) else None
        goes_on = pending.interpretation.intent == PLAY and _NEXT.fullmatch(text) is not None  # another song
        if (is_cancel(text) or backs_out(text)) and not goes_on:
            done = pending.kind == "feedback" and changes(pending.interpretation.intent)
            return Move(kind="undo" if done else "no", reason="gives up what was asked")
        move = _refusal(pending, listening) or _agreement(pending, listening)
        return move or (_instead(pending, listening) if pending.kind == "confirm" else None)
    gives_up = is_cancel(text) or is_none(text) or split_no(text) == "" or _THANKS.fullmatch(text) is not None
    if not pending.readings and gives_up:
        return Move(kind="cancel", reason="gives up what was asked")
    to = _to_reading if pending.readings else _to_choice if pending.kind == "choice" else _to_slot
    return to(pending, listening)


def _refusal(pending: Pending, listening: Listening) -> Move | None:
    refusal, fixes = split_no(listening.text), corrected(listening.text)
    if refusal is None and not fixes:
        return None
    if pending.kind == "feedback" and refusal is None and not listening.of_the_same(fixes, pending.interpretation):
        return None
    for fix in dict.fromkeys((*fixes, refusal or "")):
        changed = listening.change(fix, pending.interpretation) if fix else None
        if changed is not None and pending.kind == "feedback" and listening.is_of_a_part(fix, changed):
            return Move(kind="follow", interpretation=changed, reason="a part of what was done, anew")
        if changed is not None:
            undo = pending.kind == "feedback"
            return Move(kind="correct", interpretation=changed, undo_last=undo, reason="no, but with a change")
    if refusal is None:
        return None
    return Move(kind="no", rest=refusal if listening.is_request(refusal) else None, reason="no")


def _agreement(pending: Pending, listening: Listening) -> Move | None:
    agreement = split_yes(listening.text)
    if agreement is None:
        is_half = half_agrees(listening.text) and not (
            says_it_lightly(listening.text) and listening.is_request(listening.text)
        )
        return Move(kind="repeat", reason="a yes to less than was asked") if is_half else None
    says_so = _DO_IT.fullmatch(agreement) is not None or listening.means(agreement, pending.interpretation)
    more = bool(agreement) and not says_so
    rest = agreement if more and listening.is_request(agreement) else None
    if rest is not None and says_it_lightly(listening.text):
        return None  # "ok what's the weather like" lets go of the question
    return Move(kind="yes", interpretation=_asked(pending), rest=rest, reason="yes, and a request" if rest else "yes")


def _instead(pending: Pending, listening: Listening) -> Move | None:
    """Find what was asked about, asked for again, or another value in its place."""
    text = listening.text
    if _LATER.search(text) and text in map(normalize, pending.parts):
        return None  # what a yes agreed to, for later: it is not done now
    if starts_request(text):
        if not (listening.is_request(text) and listening.means(text, pending.interpretation)):
            return None
        asked = listening.resolver.resolve(pending.interpretation, listening.situation)
        if not _POINTS.search(text) and any(map(is_critical, asked.targets)):
            return Move(kind="repeat", reason="the same words again are no yes to what is critical")
        return Move(kind="yes", interpretation=_asked(pending), reason="asks for it again")
    if listening.is_request(text):
        return None
    changed = listening.change(followed(text) or text, pending.interpretation)
    return None if changed is None else Move(kind="correct", interpretation=changed, reason="another value instead")


def _asked(pending: Pending) -> Interpretation | None:
    return pending.interpretation if pending.kind == "confirm" else None


def _to_choice(pending: Pending, listening: Listening) -> Move | None:
    options, text = pending.options, listening.text
    if options and is_all(text):
        return _chosen(pending, options, "all of them")
    agreement = split_yes(text)
    if agreement == "" and len(options) == 1:
        return _chosen(pending, options, "the only one that was offered")
    if agreement == "" and options:
        return Move(kind="repeat", reason="a yes that chooses nothing")
    place = ordinal(text, len(options))
    if place is not None:
        return _chosen(pending, (options[place],), "by its place")
    is_new = starts_request(text) and listening.is_request(text)
    for words in dict.fromkeys((agreement or "", bare_value(text), bare_value(split_no(text) or ""), text)):
        named = None if is_new else _by_name(words, pending, listening)
        if named is not None:
            return _chosen(pending, (named,), "by its name")
    return None if listening.is_request(text) else _unoffered(pending, listening)


def _to_reading(pending: Pending, listening: Listening) -> Move | None:
    """Find which of several whole requests is chosen: by its place, by its words, or by asking for it."""
    text, options = listening.text, pending.options
    if is_cancel(text) or is_none(text):
        return Move(kind="no", reason="none of what was offered")
    words = split_yes(text) or text
    place = ordinal(words, len(options))
    if place is None and text in options:
        place = options.index(text)
    if place is None and split_yes(text) == "":
        return Move(kind="repeat", reason="a yes that chooses nothing")
    refusal = split_no(text)
    if place is None and refusal is not None:
        return Move(kind="no", rest=refusal if listening.is_request(refusal) else None, reason="none of them")
    if place is None and listening.is_request(words):
        place = next((at for at, one in enumerate(pending.readings) if listening.means(words, one)), None)
    elif place is None:
        matches = Names([(option, (option,)) for option in options]).match(bare_value(words))
        place = options.index(matches[0].key) if is_clear(matches, accept=_CLEAR) else None
    if place is None:
        return None
    return Move(kind="choose", interpretation=pending.readings[place], choice=place, reason="chosen")


def _unoffered(pending: Pending, listening: Listening) -> Move | None:
    """Read something else than what could be chosen."""
    for words in (*corrected(listening.text), bare_value(listening.text)):
        changed = listening.change(words, pending.interpretation)
        if changed is not None:
            return Move(kind="fill", interpretation=changed, reason="something else than was offered")
    return None


def _by_name(words: str, pending: Pending, listening: Listening) -> str | None:
    """Find the choice that words name, by its own name, its room, or another word for it."""
    if not words:
        return None
    household = listening.resolver.household
    forms: list[tuple[str, tuple[str, ...]]] = []
    for option in pending.options:
        others: tuple[str, ...] = ()
        if pending.slot == "name":
            found = household.match_devices(option, household.devices, exact_only=True)[:1]
            others = tuple(name for one in found if (name := household.area_name(household.by_id[one.key])))
        elif pending.slot == "media_class":
            others = words_for(option)
        forms.append((option, (option, *others)))
    matches = Names(forms).match(words)
    return matches[0].key if is_clear(matches, accept=_CLEAR) else None


def _chosen(pending: Pending, options: tuple[str, ...], reason: str) -> Move:
    slot = {"domain": "area", None: "name"}.get(pending.slot, pending.slot) or "name"
    gone = {"name": HOME_SLOTS, "media_class": (slot, *HOME_SLOTS)}.get(slot, (slot,))  # a film needs another player
    rest = tuple(pair for pair in pending.interpretation.slots if pair[0] not in gone)
    chosen = replace(pending.interpretation, slots=(*rest, *((slot, option) for option in options)))
    return Move(kind="choose", interpretation=chosen, reason=reason)


def _to_slot(pending: Pending, listening: Listening) -> Move | None:
    slot, text = pending.slot or "", listening.text
    reading, value = pending.interpretation, bare_value(text)
    if listening.resolver.kind_of_slot(reading.intent, slot) in _FREE and not _is_of_home(pending, listening):
        if listening.is_question() or len(text.split()) > _LONGEST:
            return None
        filled = listening.fitter.fill(slot, value if slot in ("item", "name") else listening.words, reading)
    else:
        filled = listening.fitter.fill(slot, value, reading) or listening.fitter.fill(slot, text, reading)
        if filled is None and not listening.is_request(text):
            filled = listening.change(value, reading) or listening.retold(reading)
    return None if filled is None else Move(kind="fill", interpretation=filled, reason=f"a value for {slot}")


def _is_of_home(pending: Pending, listening: Listening) -> bool:
    return pending.slot in ("name", "area", "floor") and listening.resolver.is_about_devices(
        pending.interpretation.intent
    )
