"""Classify a request for teaching: it states something, uses a concept, has a gap, or none of these.

Source: the dialogue policy of Ping et al., "Interactive Teaching for Conversational AI" (arXiv:2012.00958), with the
states of METHODS: ask, clarify at most twice, confirm, act, store. Differs: no trained act classifier; answers are
classified by their wording and by whether they define something in this home.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from uptake.teaching.concepts.answers import is_withdrawal, says_household
from uptake.teaching.concepts.artifact import Concept, Scope, SlotType, key_of, slot_type_of
from uptake.teaching.concepts.deeds import Place, is_critical, place_of
from uptake.teaching.concepts.definition import Definition, define, uses_in_passing
from uptake.teaching.concepts.events import event, meaning_event
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.house import KINDS, House, alike, named_thing, stem
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.moments import said_in_vain
from uptake.teaching.concepts.phrases.framing import request_alone
from uptake.teaching.concepts.phrases.joining import merged
from uptake.teaching.concepts.phrases.words import NO_NAMES, label
from uptake.teaching.concepts.saying import described, listed, meaning, offer, shown
from uptake.teaching.concepts.statements import Statement, statements
from uptake.teaching.concepts.uses import (
    Use,
    find_use,
    is_explained,
    may_use,
    parts_with_uses,
    use_wanted,
    with_names,
)
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["explained", "offered", "parts_of", "run", "taught", "to_confirm", "unknown_forgotten", "visible"]

_STRANGER = "I only learn from people whose voice I know."
_NOTHING_PERSONAL = "That is between me and the person who taught me."
_TRIGGERS = "Sorry, I can learn what words mean, but I do not act whenever somebody else says or does something."
_RENAMES = regex(r"\b(?:means?|stands? for|from now on|call(?:s|ed)?)\b", re.IGNORECASE)
_ANEW = regex(
    r"\b(?:redo|redefine|rework|new (?:meaning|definition|version|settings?)|just|only|from scratch|scrap)\b",
    re.IGNORECASE,
)
_ADDS = regex(r"\b(?:add|include|also|as well|too|plus)\b", re.IGNORECASE)
_FIRM = ("declare", "correct")
_STRANGERS = regex(r"\b(?:any|some)(?:one|body)\b", re.IGNORECASE)
_LIKE_MODES = 0.66  # the same, where both end in the same word
_LIKE = 0.52  # how alike two names are where one may be the other, misheard
_FEW = 4  # most words of a concept that somebody may want forgotten
_TEACHES = ("declare", "name", "correct", "keep", "rename", "forget", "trigger")


def visible(scene: Scene) -> dict[str, Concept]:
    """Return the concepts a person can use, by key; of several meanings the first."""
    return {key: rows[0] for key, rows in scene.concepts.visible(scene.user_id).items()}


def taught(text: str, scene: Scene) -> Taught | None:
    """Return what a request that answers no question has to do with teaching; None where it has nothing to.

    Args:
        text: The request.
        scene: Who says it, where, and what is known.
    """
    known = scene.concepts.visible(scene.user_id)
    found = _stated(text, scene, known) or _used(text, scene, known)
    if found is not None:
        return found
    named, alias = with_names(text, known, scene.house)
    if alias is None or not (is_explained(label(named, scene.house)) or scene.concerns_devices(named)):
        return None
    return _used(named, scene, known) or Taught(text=named, event=event("TeachUse", known[alias][0].phrase))


# Statements.


def _stated(text: str, scene: Scene, known: Mapping[str, tuple[Concept, ...]]) -> Taught | None:
    for statement in statements(text, scene.house, known):
        if scene.user_id is None and statement.kind in _TEACHES and _is_teaching(statement, scene):
            return Taught(speech=_STRANGER, event=event("TeachRefuse"), understood=False)
        found = _state(text, statement, scene, known)
        if found is not None:
            return found
    return None


def _is_teaching(statement: Statement, scene: Scene) -> bool:
    """Tell whether a statement of a stranger would teach something."""
    if statement.kind in ("name", "correct", "rename", "forget", "trigger"):
        return True
    return bool(define(statement.body, scene.house, Place(), visible(scene)).deeds)


def _state(text: str, statement: Statement, scene: Scene, known: Mapping[str, tuple[Concept, ...]]) -> Taught | None:
    """Do what one statement says."""
    does: dict[str, Callable[[], Taught | None]] = {
        "name": lambda: _named(text, statement, scene),
        "rename": lambda: _renamed(statement, scene, known),
        "keep": lambda: _kept(text, statement, scene),
        "forget": lambda: _forgotten(known[key_of(statement.concept)][0], scene),
        "show": lambda: _shown(known[key_of(statement.concept)]),
        "list": lambda: _listed(known),
        "private": lambda: _private(statement, scene),
        "trigger": lambda: _triggered(statement),
    }
    return does.get(statement.kind, lambda: _declared(text, statement, scene))()


def _forgotten(own: Concept, scene: Scene) -> Taught:
    if own.user_id != scene.user_id:
        said = f"{own.phrase} was taught by somebody else, who alone can make me forget it."
        return Taught(speech=said, event=event("TeachRefuse", own.phrase), understood=False)
    return Taught(speech=f"I have forgotten {own.phrase}.", event=event("TeachForget", own.phrase))


def _shown(meanings: Sequence[Concept]) -> Taught:
    return Taught(speech=" ".join(map(shown, meanings)), event=event("TeachShow", meanings[0].phrase))


def _listed(known: Mapping[str, tuple[Concept, ...]]) -> Taught:
    return Taught(speech=listed([one for rows in known.values() for one in rows]), event=event("TeachShow"))


def _private(statement: Statement, scene: Scene) -> Taught | None:
    """Answer a question about what somebody else taught."""
    others = {row.user_id.casefold() for row in scene.concepts.rows()} - {(scene.user_id or "").casefold()}
    asked = statement.concept.casefold()
    if scene.user_id is None or asked in others:
        return Taught(speech=_NOTHING_PERSONAL, event=event("TeachRefuse"), understood=False)
    return None


def _triggered(statement: Statement) -> Taught | None:
    """Refuse a rule that something else than the person's own words would set off."""
    lasting = {"always", "teach", "whenever", "from now on", "every time", "everytime"}
    words = f" {normalize(statement.body)} "
    if not any(f" {one} " in words for one in lasting):
        return None
    return Taught(speech=_TRIGGERS, event=event("TeachRefuse"), understood=False)


def _declared(text: str, statement: Statement, scene: Scene) -> Taught | None:
    """Take a definition that nobody asked for."""
    known, key = visible(scene), key_of(statement.concept)
    own = known.get(key)
    place = _place_of(own) if own is not None else Place()
    reads = scene.reads if statement.kind in _FIRM else lambda _text: ()
    defined = define(statement.body, scene.house, place, known, concept=key, reads=reads)
    lesson = Lesson(stage="confirm", phrase=statement.concept, scope=_scope(text)).at(place)
    if statement.kind == "maybe":
        if not defined.deeds or _is_known(statement.concept, scene):
            return None
        if not any(place_of(deed) for deed in defined.deeds) or uses_in_passing(statement.body, defined):
            return None
    if defined.trouble is not None and not (own is not None and statement.kind == "correct" and defined.drops):
        if statement.kind == "maybe" or (defined.trouble == "nothing" and not _asks_for_more(text, statement, scene)):
            return None
        return explained(defined, replace(lesson, stage="ask", tries=0))
    if _STRANGERS.search(text) and any(is_critical(deed, scene.house) for deed in defined.deeds):
        return Taught(speech=_TRIGGERS, event=event("TeachRefuse"), understood=False)
    if own is not None and statement.kind == "correct":
        adds = _ADDS.search(text) is not None or not defined.deeds
        if adds or not _ANEW.search(text):
            defined = replace(defined, deeds=merged(own.deeds, defined.deeds, defined.drops, keep_others=adds))
    lesson = replace(lesson, deeds=defined.deeds, uses=defined.uses)
    return to_confirm(lesson, scene, replaced=own) if defined.deeds else None


def _asks_for_more(text: str, statement: Statement, scene: Scene) -> bool:
    """Tell whether a declaration that defines nothing is one all the same: it says so, or its word is known."""
    said = normalize(text)
    return (
        "i say" in said
        or "i mean" in said
        or (statement.kind == "declare" and " mean" in said and not scene.understands(text))
    )


def _place_of(concept: Concept) -> Place:
    """Return where a concept does what it does: where "it" is, in a correction."""
    place = Place()
    for deed in concept.deeds:
        place = place.joined(place_of(deed))
    return place


def _scope(text: str) -> Scope:
    return "household" if says_household(normalize(text)) else "person"


def _is_known(phrase: str, scene: Scene) -> bool:
    """Tell whether a phrase means something already that nobody taught."""
    house: House = scene.house
    words = key_of(phrase).split()
    if house.room(phrase) is not None or house.called(phrase) is not None:
        return True
    if any(one.is_exact for one in house.mentions(words)):
        return True
    return len(words) == 1 and stem(words[0]) in KINDS


def _named(text: str, statement: Statement, scene: Scene) -> Taught | None:
    """Take another name for a thing of the home."""
    known = scene.house.called(statement.concept) or scene.house.room(statement.concept)
    if NO_NAMES.issuperset(statement.concept.lower().split()) or (known and not _RENAMES.search(text)):
        return None  # no name, or both are names of the home: nothing is taught
    entity: SlotType = "area" if scene.house.room(statement.body) == statement.body else "entity"
    lesson = Lesson(stage="confirm", phrase=statement.concept, alias_of=statement.body, scope=_scope(text))
    return to_confirm(replace(lesson, slot_type=entity), scene, replaced=visible(scene).get(key_of(statement.concept)))


def _renamed(statement: Statement, scene: Scene, known: Mapping[str, tuple[Concept, ...]]) -> Taught | None:
    old = known.get(key_of(statement.body))
    if old is None:
        thing = named_thing(statement.body, scene.house)
        return None if thing is None else _named("", replace(statement, body=thing), scene)
    said = f"{old[0].phrase} is called {statement.concept} from now on."
    return Taught(speech=said, event=event("TeachRename", old[0].phrase, to=statement.concept))


def _kept(text: str, statement: Statement, scene: Scene) -> Taught | None:
    """Give a name to what was done just now."""
    if not scene.done:
        return None
    lesson = Lesson(stage="confirm", phrase=statement.concept, deeds=scene.done, scope=_scope(text))
    return to_confirm(lesson, scene)


def to_confirm(lesson: Lesson, scene: Scene, *, replaced: Concept | None = None) -> Taught:
    """Ask for a yes to a meaning."""
    what = lesson.alias_of or described(lesson.deeds)
    speech = f"So {lesson.phrase} is {what}."
    if replaced is not None and meaning(replaced) != what:
        speech = f"{replaced.phrase} is {meaning(replaced)} so far. From now on it is {what}."
    elif (
        replaced is None and not lesson.wanted and (_is_known(lesson.phrase, scene) or scene.understands(lesson.phrase))
    ):
        speech = f"{lesson.phrase} means something to me already. From now on it would be {what}."
    if any(is_critical(deed, scene.house) for deed in lesson.deeds):
        speech += " I will ask before I do what is critical in it."
    speech += " Is that right?"
    kind = lesson.slot_type if lesson.alias_of else slot_type_of(lesson.deeds)
    lesson = replace(lesson, stage="confirm", slot_type=kind)
    return Taught(speech=speech, event=meaning_event("TeachDefinition", lesson), lesson=lesson)


_TROUBLES = {
    "nothing": "I did not understand what {phrase} should do.",
    "vague": "I need it more exactly: how much, in percent, or which colour?",
    "contradiction": "That contradicts itself, so I cannot do it.",
    "circular": "That would explain {phrase} by itself.",
    "unknown": "I do not know everything in that.",
    "long": "That was too long for me.",
    "mismatch": "{about} makes no sense there.",
    "condition": "I can learn what to do, but not when to do it by itself.",
}


def explained(defined: Definition, lesson: Lesson) -> Taught:
    """Say what stands in the way of a definition, and ask again."""
    told = _TROUBLES[defined.trouble or "nothing"].format(phrase=lesson.phrase, about=defined.about or "That")
    speech = f"{told} What should {lesson.phrase} be?"
    return Taught(
        speech=speech, event=event("TeachDefinition", lesson.phrase, trouble=defined.trouble or ""), lesson=lesson
    )


_FORGET = regex(
    r"(?:please |can you |could you )*(?:forget|unlearn)(?: about| what i (?:said|taught you) about)?"
    r"(?: the (?:word|meaning of|concept|phrase|scene|routine|nickname))? (?P<x>.+?)(?: please| now)*"
)
_NO_CONCEPTS = frozenset(
    "it that this them those these me i my we our you everything all anything what how to "
    "whatever the timer timers alarm "
    "alarms reminder reminders list appointment".split()
)


def unknown_forgotten(text: str, scene: Scene) -> Taught | None:
    """Say that there is nothing to forget where somebody wants words forgotten that nobody taught."""
    said = normalize(text)
    match = _FORGET.fullmatch(said)
    words = key_of(match["x"]).split() if match is not None and not is_withdrawal(said) else []
    if (
        " ".join(words) in visible(scene)
        or not 0 < len(words) <= _FEW
        or words[0] in _NO_CONCEPTS
        or words[-1] in _NO_CONCEPTS
    ):
        return None
    speech = f"I do not know {' '.join(words)}, so there is nothing to forget."
    return Taught(speech=speech, event=event("TeachRefuse", " ".join(words)), understood=False)


# Uses.


def _used(text: str, scene: Scene, known: Mapping[str, tuple[Concept, ...]]) -> Taught | None:
    named, _ = with_names(text, known, scene.house)
    if not may_use(named, known):
        return None
    use = use_wanted(named, scene.house, known)
    if use is None:
        return None
    if len(use.meanings) > 1:
        return _whose(use)
    concept = use.meanings[0]
    if not use.fits:
        said = f"{concept.phrase} is {meaning(concept)}: that makes no sense there."
        return Taught(speech=said, event=event("TeachRefuse", concept.phrase), understood=False)
    return run(use.deeds, concept.phrase, scene)


def parts_of(text: str, scene: Scene) -> tuple[str, ...]:
    """Return the requests that a request is made of, where some use what was taught; empty where it is none such."""
    known = scene.concepts.visible(scene.user_id)
    named, _ = with_names(text, known, scene.house)
    return () if not may_use(named, known) else parts_with_uses(named, scene.house, known, scene.concerns_devices)


def _whose(use: Use) -> Taught:
    """Ask whose meaning is wanted, where the household has several."""
    told = "; or ".join(meaning(one) for one in use.meanings)
    lesson = Lesson(stage="whose", phrase=use.meanings[0].phrase, wanted=True).at(use.place)
    speech = f"{use.meanings[0].phrase} means different things here: {told}. Which one, the first or the second?"
    return Taught(speech=speech, event=event("TeachShow", lesson.phrase), lesson=lesson)


def run(
    deeds: Sequence[Interpretation],
    phrase: str,
    scene: Scene,
    *,
    speech: str = "",
    stored: Interpretation | None = None,
) -> Taught:
    """Do what a concept says; ask before what is critical in it."""
    critical = tuple(deed for deed in deeds if is_critical(deed, scene.house))
    plain = tuple(deed for deed in deeds if deed not in critical)
    lesson = None
    if critical:
        lesson = Lesson(stage="run", phrase=phrase, deeds=critical)
        speech = f"{speech} Shall I go on with {described(critical)}?".strip()
    kept = stored if stored is not None else event("TeachUse", phrase)
    return Taught(speech=speech, event=kept, run=plain, lesson=lesson)


# Gaps.


def offered(text: str, scene: Scene) -> Taught | None:
    """Offer to be taught what was not understood; None where nothing is to be taught.

    Args:
        text: The request.
        scene: Who says it, where, and what is known.
    """
    if scene.user_id is None:
        return None
    known = scene.concepts.visible(scene.user_id)
    alone = request_alone(text, scene.house)
    for one in dict.fromkeys((text, alone)):
        gap = find_gap(label(one, scene.house, list(known)), scene.house)
        if gap is not None:
            break
    if gap is None:
        return said_in_vain(text, scene)
    if (gap.slot_type != "duration" and scene.understands(text)) or not scene.may_offer(gap.key):
        return None
    meant = max(known, key=lambda key: alike(key, gap.key), default=None)
    if meant is not None and alike(meant, gap.key) >= (_LIKE if _differ_in_end(meant, gap.key) else _LIKE_MODES):
        return _did_you_mean(text, gap.words, known[meant][0], scene)
    lesson = Lesson(stage="ask", phrase=gap.words, slot_type=gap.slot_type, wanted=True, request=text)
    asked = event("TeachOffer", gap.words, type=gap.slot_type)
    return Taught(speech=offer(gap.words, gap.slot_type), event=asked, lesson=lesson.at(gap.place))


def _differ_in_end(one: str, other: str) -> bool:
    """Tell whether two keys end in different words: "knitting mode" and "reading mode" share what says little."""
    return one.split()[-1:] != other.split()[-1:]


def _did_you_mean(text: str, heard: str, concept: Concept, scene: Scene) -> Taught | None:
    """Ask whether a concept was meant that looks or sounds like what was heard."""
    known = scene.concepts.visible(scene.user_id)
    use = find_use(text.replace(heard, concept.phrase), scene.house, known)
    if use is None or not use.fits:
        return None
    lesson = Lesson(stage="run", phrase=concept.phrase, deeds=use.deeds)
    said = f"Did you mean {concept.phrase}?"
    return Taught(speech=said, event=event("TeachShow", concept.phrase), lesson=lesson)
