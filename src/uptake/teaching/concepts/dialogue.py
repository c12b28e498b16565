"""Continue a teaching dialogue: ask, clarify at most twice, confirm, act, store; or give up at any time."""

from __future__ import annotations

import re
from dataclasses import replace

from uptake.teaching.concepts.answers import (
    after_cancel,
    is_agreement,
    is_question,
    is_refusal,
    is_withdrawal,
    says_household,
    sounds_agreed,
)
from uptake.teaching.concepts.artifact import Concept, SlotType, key_of
from uptake.teaching.concepts.deeds import is_critical, place_of, rebind
from uptake.teaching.concepts.definition import Definition, define
from uptake.teaching.concepts.events import event, meaning_event
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.house import named_thing
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.phrases.accepting import accepts, approves
from uptake.teaching.concepts.phrases.joining import merged
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.teaching.concepts.step import explained, run, taught, to_confirm, visible
from uptake.teaching.concepts.uses import find_use
from uptake.teaching.concepts.values import find_values
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["CLARIFICATIONS", "answered"]

CLARIFICATIONS = 2
"""Most questions that are asked again."""

_TITLE = 6  # most words of a title that is said alone
_NO_TITLE = frozenset(
    "yes yeah yep aye i i'm i'll i've we you he she they it there let hmm nothing something not no don't never what "
    "that this well "
    "maybe "
    "good nice same whatever".split()
)
_FOR_ALL = 5  # most words that only say for whom it is
_ADDS = regex(r"\b(?:and|also|plus|too|as well|add|another|additionally)\b")
_CALLED = regex(r"^(?:another (?:name|word) for|what (?:i|we) call|the same as) ", re.IGNORECASE)
_LIKE = regex(
    r"(?:it's |it is |that's |just |exactly |basically |pretty much |the |do |use |make it )*"
    r"(?:same (?:thing |one |values? |settings? )?(?:as|like)|identical to|equal to|like|as|another word for|"
    r"another name for|what) (?:for |with |in |on |we have for )?(.+?)(?: does| is| has| says)?"
)
_COMMANDS = regex(
    r"(?:please |can you |could you |and )*"
    r"(?:turn|switch|set|open|close|shut|lock|unlock|start|stop|play|pause|add|wake|remind|cancel|delete|dim|run|put|"
    r"ask|call|show|tell|do|begin|activate|make|give|bring|change)\b"
)
_ASKS = regex(
    r"(?:what(?! (?:about|if|i|we|you)\b)|which|who|how (?:many|much|long|warm|cold|hot|late|old|far)|is|are|did|does|"
    r"was|were|has)\b"
)
"""A question, which explains nothing: "what lights are on"."""
_OF_ONESELF = re.compile(
    r"(?:please |and |forget (?:about )?)*(?:my|our) (?:bedtime|birthday|name|diet|team|commute|city|allerg(?:y|ies)|"
    r"wake up time|quiet hours|favou?rite)\b"
)
"""Something that somebody says of themselves: no meaning of a word of the home."""
_HINTS = frozenset("mode scene mood routine thing vibe vibes".split())
_PLAYS = regex(r"(?:please |just |can you |could you )*(?:play|put on|start|queue|use)\b")
_OTHER_MATTERS = regex(r"\b(?:alarms?|timers?|reminders?|remind (?:me|us)|lists?|weather|calendar)\b")
_CHANGES = regex(
    r"(?:please |yes |ok |okay |sure |just |do )*(?:change|swap|switch|alter|adjust|redo) (?:it|that|this)(?: please|"
    r" then| now)*"
)
_IS_CALLED = regex(
    r"\b(?P<sort>playlist|album|song|track|station|podcast|audiobook|artist)(?:[,;]?(?: and)?(?: it's| it is| that's| "
    r"which is| is|'s| its name is| the name is)(?: (?:called|named|titled))?|[,;]? (?:called|named|titled|by the name "
    r"of))\s+",
    re.IGNORECASE,
)
_THERE_IS = regex(
    r"^(?:(?:oh|well|so|just|um|there's|there is|(?:i|we)(?:'ve| have)(?: got)?|it's|that's|find|look for|search "
    r"for)\s+)+"
    r"(?:(?:an?|the|my|our|this)\s+)?(?=(?:[a-z]+ )?(?:playlist|album|song|station|podcast|audiobook)\b)",
    re.IGNORECASE,
)
_ANOTHER_MIND = regex(
    r"^(?:no|oh|wait|sorry|hmm|actually|hang on|hold on)?\W*i(?:'ve| have)? (?:just )?changed my mind[,.;:]\s+(?=\S)",
    re.IGNORECASE,
)
"""What only says that something else is wanted, where it is said at once."""
_CLAUSES = regex(r"[,;.!]\s+")
_IT = regex(r"\b(?:it|them)\b(?!'s)")
_GOES = (
    r"(?:is|are|was|would|will|shall|should|must|means?|stands? for|needs?|wants?|has|have|gets?|goes|lives?|sits?|"
    r"likes?|"
    r"ought|runs?|calls? for|involves?|requires?|takes?|stays?|comes?|looks? like|sounds? like|works?|equals?|=|"
    r"nothing "
    r"but|to|be|mean|like|just|simply|always|really|of course)"
)
_LEAD = regex(
    r"^(?:(?:no|nope|yes|yeah|yep|okay|ok|sorry|well|oh|actually|wait|hmm|um+|uh+|so|right|easy|simple|"
    r"(?:almost|not quite|nearly|close)(?=[,.;:!])"
    r"|i (?:mean|meant|said|just said)|it means|that means|it's|it is|that's|that is|it should be|"
    r"i'd say|i would say|just|but"
    r"|it stands for|it's called|(?:it's |that's |that is |it is |is |means )?(?:when|where)(?= (?:the|my|our|all|"
    r"every) )|{phrase},? {goes}(?: {goes})*)[,.;:!]*\s+)+".replace("{goes}", _GOES),
    re.IGNORECASE,
)


def answered(text: str, scene: Scene) -> Taught | None:
    """Return what an answer does to the dialogue that waits; None where it changes the subject.

    Args:
        text: What was said.
        scene: Who says it, where, and what is known; with a lesson.
    """
    lesson = scene.lesson
    if lesson is not None and lesson.stage == "confirm":
        text = _ANOTHER_MIND.sub("", text)
    said = normalize(text)
    if lesson is None or lesson.stage == "offer":
        return None if lesson is None else _offered(said, lesson, scene)
    used = lesson.stage == "confirm" and _uses_it(text, lesson, scene)
    replaces = key_of(lesson.phrase) in visible(scene) and _CHANGES.fullmatch(said) is not None
    agreed = is_agreement(said) or accepts(said) or replaces or _says_yes_alone(said, scene)
    if used or (lesson.stage == "confirm" and agreed):
        stored = _stored(said, replace(lesson, wanted=lesson.wanted and not used), scene)
        return replace(stored, text=text) if used else stored
    uses = any(re.match(rf"{re.escape(key)}\b", said) for key in visible(scene))  # "hush, and the blinds closed"
    rest = after_cancel(said) if lesson.stage != "run" and not uses else None
    gives_up = is_withdrawal(said) and not uses
    if gives_up or rest is not None:
        return replace(_given_up(lesson), text=None if gives_up else rest)
    if lesson.stage in ("run", "whose"):
        return _critical(said, lesson) if lesson.stage == "run" else _chosen(said, lesson, scene)
    dropped = not lesson.wanted and key_of(said) == key_of(lesson.phrase)  # it was taught unasked, and not agreed to
    if dropped or is_refusal(said):
        return _again(lesson) if lesson.stage == "confirm" and not dropped else _given_up(lesson)
    return None if _changes_the_subject(text, said, lesson, scene) else _defined(text, said, lesson, scene)


def _offered(said: str, lesson: Lesson, scene: Scene) -> Taught | None:
    """Take an answer to an offer to learn; everything but a yes or a no lets it go."""
    if is_agreement(said) or accepts(said):
        return _stored(said, lesson, scene)
    return _given_up(lesson) if is_refusal(said) or is_withdrawal(said) else None


def _says_yes_alone(said: str, scene: Scene) -> bool:
    """Tell whether an answer says yes, and beside it nothing that could change a meaning: "yes, every night"."""
    words = said.split()
    if says_household(said) and len(words) <= _FOR_ALL:  # "for all of us"
        return True
    serves = re.match(r"that(?:'ll| will| should)\b", said) is not None  # "that'll keep her quiet" is no volume
    plain = serves or not find_values(words)
    return (sounds_agreed(said) or approves(said)) and plain and not scene.house.mentions(words)


def _uses_it(text: str, lesson: Lesson, scene: Scene) -> bool:
    """Tell whether somebody uses what waits for a yes, which says yes to it: "the annex heater to raid level"."""
    if (
        scene.user_id is None
        or lesson.alias_of is not None
        or any(is_critical(deed, scene.house) for deed in lesson.deeds)
    ):
        return False
    meant = Concept(phrase=lesson.phrase, user_id=scene.user_id, deeds=lesson.deeds, slot_type=lesson.slot_type)
    use = find_use(text, scene.house, {meant.key: (meant,)})
    return use is not None and use.fits and bool(use.place)


def _changes_the_subject(text: str, said: str, lesson: Lesson, scene: Scene) -> bool:
    """Return whether an answer is a request of its own: a value or a thing was asked for, and another is commanded."""
    elsewhere = lesson.slot_type == "scene" and _speaks_of_another_room(said, lesson, scene)
    if (elsewhere or _ASKS.match(said)) and scene.understands(text):
        return True
    if not _COMMANDS.match(said):
        return bool(_OF_ONESELF.match(said))
    if (lesson.slot_type == "media" and _PLAYS.match(said)) or _IT.search(said):
        return False
    before, found, _ = normalize(lesson.request).partition(normalize(lesson.phrase))
    again = found and before and said.startswith(before) and not scene.house.mentions(before.split())
    other = _OTHER_MATTERS.search(said) is not None or scene.understands(text)
    if again or (other and not scene.concerns_devices(text) and not _PLAYS.match(said)):
        return True  # "turn on the thing", then "turn on the oven"; "set an alarm for seven" explains nothing
    if lesson.slot_type in ("scene", "action"):
        return False
    here = {thing.key for thing in lesson.place.things(scene.house)}
    others = [one for one in scene.house.mentions(said.split()) if not here & {thing.key for thing in one.things}]
    return any(one.things or one.domain for one in others) or scene.understands(text)


def _speaks_of_another_room(said: str, lesson: Lesson, scene: Scene) -> bool:
    """Tell whether one thing is said, of devices in other rooms than the one that the request was about."""
    rooms = {thing.area for thing in lesson.place.things(scene.house)}
    mentions = scene.house.mentions(said.split())
    if not rooms or not mentions or re.search(r"\b(?:and|plus|with|it|them|everything|all)\b", said):
        return False
    named = {one.area for one in mentions if one.area} | {thing.area for one in mentions for thing in one.things}
    return bool(named) and not named & rooms


def _given_up(lesson: Lesson) -> Taught:
    return Taught(speech="All right, I will leave it.", event=event("TeachDecline", lesson.phrase), understood=False)


def _again(lesson: Lesson) -> Taught:
    """Ask once more, or give up."""
    if lesson.tries >= CLARIFICATIONS:
        speech = f"I am sorry, I do not get it. Let us leave {lesson.phrase} for now."
        return Taught(speech=speech, event=event("TeachDecline", lesson.phrase), understood=False)
    place = lesson.place
    for deed in () if place else lesson.deeds:  # "40 percent, then" is about the thing that was refused
        place = place.joined(place_of(deed))
    anew = replace(lesson, tries=lesson.tries + 1, stage="ask", deeds=(), alias_of=None, uses=())
    return Taught(
        speech=f"What should {lesson.phrase} be, then?",
        event=event("TeachDefinition", lesson.phrase, trouble="refused"),
        lesson=anew.at(place),
    )


def _stored(said: str, lesson: Lesson, scene: Scene) -> Taught:
    """Remember a meaning, and do what was asked for."""
    if says_household(said):
        lesson = replace(lesson, scope="household")
    stored = meaning_event("TeachStore", lesson)
    speech = f"I will remember {lesson.phrase}."
    if lesson.alias_of is not None and lesson.wanted:
        pattern = r"\W+".join(map(re.escape, lesson.phrase.split()))
        request = re.sub(
            pattern, f"the {lesson.alias_of}".replace("the the ", "the "), lesson.request, flags=re.IGNORECASE
        )
        return Taught(speech=speech, event=stored, text=request.replace("the the ", "the "))
    if not lesson.wanted:
        return Taught(speech=speech, event=stored)
    return run(lesson.deeds, lesson.phrase, scene, speech=speech, stored=stored)


def _critical(said: str, lesson: Lesson) -> Taught | None:
    if is_agreement(said):
        return Taught(event=event("TeachUse", lesson.phrase), run=lesson.deeds)
    return _given_up(lesson) if is_refusal(said) else None


_FIRST, _SECOND = regex(r"\b(?:first|1st|former|1)\b"), regex(r"\b(?:second|2nd|latter|other|2)\b")


def _chosen(said: str, lesson: Lesson, scene: Scene) -> Taught | None:
    """Do what a concept means for one of those who taught it."""
    meanings = scene.concepts.lookup(scene.user_id, lesson.phrase)
    at = 1 if _SECOND.search(said) else 0 if _FIRST.search(said) else None
    owner = next((index for index, one in enumerate(meanings) if one.user_id.casefold() in said.split()), at)
    if owner is None or owner >= len(meanings):
        return None
    chosen = meanings[owner]
    deeds = rebind(chosen, lesson.place, scene.house) if lesson.place else chosen.deeds
    return run(deeds, chosen.phrase, scene)


def _defined(text: str, said: str, lesson: Lesson, scene: Scene) -> Taught | None:
    """Take an answer for a meaning, or for a correction of one; None where it is neither."""
    if says_household(said):
        lesson = replace(lesson, scope="household")
    body = _body(text, said, lesson, scene)
    named = lesson.slot_type in ("entity", "area")
    parts = (body, *(_CLAUSES.split(body) if named else ()))  # "that's the desk lamp, it's got the long neck"
    thing = next((one for part in parts if (one := named_thing(_CALLED.sub("", part), scene.house))), None)
    if thing is not None and (
        lesson.slot_type in ("entity", "area") or lesson.alias_of is not None or not lesson.place
    ):
        kind: SlotType = "area" if scene.house.room(thing) == thing else "entity"
        return to_confirm(replace(lesson, alias_of=thing, deeds=(), slot_type=kind), scene)
    listed = lesson.slot_type in ("scene", "action") and lesson.alias_of is None
    defined = define(
        body,
        scene.house,
        lesson.place,
        visible(scene),
        concept=key_of(lesson.phrase),
        reads=scene.reads if listed else lambda _text: (),
    )
    if is_question(said) and not defined.deeds:
        return None
    if lesson.slot_type == "media" and defined.trouble == "nothing" and _may_be_title(body):
        defined = define(f"play {body}", scene.house, lesson.place, visible(scene), concept=key_of(lesson.phrase))
    if lesson.stage == "confirm":
        return _corrected(text, said, defined, scene, lesson)
    if defined.deeds:
        return to_confirm(replace(lesson, deeds=defined.deeds, uses=defined.uses), scene)
    if defined.trouble == "nothing":
        other = _restated(text, lesson, scene)
        if other is not None or scene.understands(text) or _asks_anew(text, lesson, scene):
            return other
    return _unclear(defined, lesson)


def _may_be_title(body: str) -> bool:
    """Tell whether an answer may be nothing but what is to be played: "Buena Vista Social Club"."""
    words = normalize(body).split()
    return 0 < len(words) <= _TITLE and words[0] not in _NO_TITLE and not _COMMANDS.match(" ".join(words))


def _asks_anew(text: str, lesson: Lesson, scene: Scene) -> bool:
    """Return whether an answer is a request with a gap of its own."""
    gap = find_gap(label(text, scene.house, list(visible(scene))), scene.house)
    if gap is None or gap.key == key_of(lesson.phrase):
        return False
    return bool(_COMMANDS.match(normalize(text))) or gap.key.split()[-1] in _HINTS


def _body(text: str, said: str, lesson: Lesson, scene: Scene) -> str:
    """Return what an answer says, without the words that lead to it."""
    known = visible(scene)
    alike = _LIKE.fullmatch(said)
    if alike is not None and key_of(alike[1]) in known:
        return alike[1]
    phrase = rf"(?:(?:the|a|an|my|our) )?{re.escape(key_of(lesson.phrase))}"
    if lesson.slot_type == "media":
        text = _IS_CALLED.sub(r"\g<sort> ", _THERE_IS.sub("", text))
    return re.sub(_LEAD.pattern.replace("{phrase}", phrase), "", text, flags=re.IGNORECASE).strip()


def _corrected(text: str, said: str, defined: Definition, scene: Scene, lesson: Lesson) -> Taught | None:
    """Take an answer for a correction, where a meaning waits for a yes; None where it is none."""
    if not defined.deeds and defined.also and _ADDS.search(said):  # "and the kitchen light too"
        more = Concept(phrase=lesson.phrase, user_id="", deeds=lesson.deeds[-1:])
        defined = replace(defined, deeds=rebind(more, defined.also, scene.house))
    if defined.deeds or defined.drops:
        adds = bool(_ADDS.search(said)) or not _is_whole(defined, lesson)
        deeds = merged(lesson.deeds, defined.deeds, defined.drops, keep_others=adds)
        if deeds and set(deeds) == set(lesson.deeds) and sounds_agreed(said):  # "sixteen, yes"
            return _stored(said, lesson, scene)
        if deeds:
            return to_confirm(replace(lesson, deeds=deeds, uses=(*lesson.uses, *defined.uses)), scene)
    if defined.trouble == "nothing":
        if sounds_agreed(said):
            return _stored(said, lesson, scene)
        if scene.understands(text) or _asks_anew(text, lesson, scene):
            return None
    return _unclear(defined, lesson)


def _unclear(defined: Definition, lesson: Lesson) -> Taught:
    """Ask again, or give up."""
    if lesson.tries >= CLARIFICATIONS:
        return _again(lesson)
    if defined.trouble == "vague" and defined.also:  # "the light" is the one that was spoken of
        lesson = lesson.at(defined.also)
    asked = explained(defined, replace(lesson, tries=lesson.tries + 1))
    if lesson.stage != "confirm" or defined.trouble != "nothing":
        return asked
    what = lesson.alias_of or described(lesson.deeds)  # the meaning still waits for a yes
    return replace(asked, speech=f"Shall {lesson.phrase} be {what}? Say yes, no, or what it should be.")


def _restated(text: str, lesson: Lesson, scene: Scene) -> Taught | None:
    """Take an answer that is a whole statement: "when I say cosy, dim the lights"."""
    found = taught(text, replace(scene, lesson=None, may_offer=lambda _key: False))
    if found is None or found.lesson is None or found.lesson.stage != "confirm":
        return None
    same = key_of(found.lesson.phrase) == key_of(lesson.phrase)
    return replace(found, lesson=replace(found.lesson, wanted=lesson.wanted and same, request=lesson.request))


def _is_whole(defined: Definition, lesson: Lesson) -> bool:
    """Tell whether a correction says anew everything that the meaning had."""
    return {place_of(deed) for deed in lesson.deeds} <= {place_of(deed) for deed in defined.deeds} and len(
        lesson.deeds
    ) > 1
