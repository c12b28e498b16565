"""Interpret elliptical requests from earlier turns: again, there, the usual, add this too.

Limit: English; they need earlier turns that were understood (`Exchange.interpretation`), or else names in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from uptake.assistant.context.deixis import Deixis
from uptake.assistant.entities.kinds import kind_in
from uptake.text.patterns import regex
from uptake.types import Exchange, Interpretation, Situation
from uptake.understanding.situation.counts import bare_key
from uptake.understanding.situation.scene import Scene
from uptake.understanding.situation.semantic_fields import fields, stem

__all__ = ["means_habit", "read_addition", "read_all", "read_deletion", "read_habit", "read_place", "read_repetition"]

_FIELD_NAMES = frozenset(map(stem, set().union(*fields().tables["fields"].values())))
_ASKS = regex(r"(?:what|who|how|when|where|which|why|is|are|was|did|does|do|will|has|have)\b")
_GREETED = 0.8  # the same where the request says nothing of what is wanted
_BEGIN = frozenset(map(stem, "start begin play make put give do get usual".split()))
_USUAL = 0.15  # least sum of nearness of the habits that speak for a reading
_GREETING = regex(
    r"(?:good (?:night|morning|evening)|night night|i'm (?:home|back|leaving|off|going(?: out| to bed)?|awake|up)"
    r"|(?:bed ?time|time for bed|time to (?:go|sleep))|bye|goodbye"
    r"|(?:(?:give|play|get|do|make) (?:me )?)?(?:(?:the|my) usual|as (?:usual|always)|same as (?:always|usual)))"
    r"(?: everyone| then| now| please| to bed| to work)?"
)
_THE_USUAL = regex(
    r"(?:(?:give|play|get|do|make) (?:me )?)?(?:(?:the|my) usual|(?:as|same as) (?:always|usual))(?: \w+)?"
)
_SEVERAL = regex(r"\b(?:everything|them|those|these|all)\b")
_ALL = regex(r"\b(?:all|every|everything|everywhere)\b")
_TIME_THERE = regex(r"what(?:'s| is) the (?:local )?time (?:over )?there|what time is it (?:over )?there(?: now)?")
_WEATHER_THERE = regex(
    r"(?:how|what)(?:'s| is) the weather (?:like )?(?:over )?there|is it (?:warm|cold|raining|sunny|hot) there"
)
_REMIND_THERE = regex(
    r"remind me (?:of (?:it|that) )?(?:when|once|as soon as) (?:i|we) (?:get|arrive|come|am|are) there"
)
_MUST = regex(
    r"(?:have to|need to|must|should|said to|want to|told me to|don't forget to|ought to|got to|remember to) (.+)"
)
_PLACE = regex(
    r"\b(?:in|to|at|near|from|of|for) (?:the )?([\w'.-]+(?: [\w'.-]+){0,2})$"
    r"|\b(?:is|does) (?:the )?(.+?) (?:open|closed|busy|far)"
)
_PLACE_SLOTS = ("place", "location", "city")
_AGAIN = regex(
    r"(?:(?:do|play|say|try|call) (?:it|that|him|her|them) )?"
    r"(?:(?:once|1) more(?: time)?|again|repeat(?: (?:it|that))?)"
    r"|same again|another 1|encore|redial"
)
_ADD = regex(
    r"(?:and |also |please )?(?:add|put)(?: on| in)? (?P<item>(?!it\b|that\b|them\b).+?)(?: too| as well| please)?"
)
_TAKE_OFF = regex(
    r"(?:and |now |please )?(?:take|strike|cross|scratch|remove|drop) (?:off |out )?(?:the |my )?"
    r"(?P<item>(?!it\b|that\b|them\b).+?)(?: off| out)?(?: again| too| please)*"
)
_ADD_IT = regex(r"(?:add|put) (?:it|that|them|this|some) (?:to|on) (?:the |my |our )?(?:(\w+) )?list(?: please)?")
_NEEDED = regex(r"\b(?:out of|no more|low on|need|buy|get|finished|used up) (?:some |more |any |the )*(.+)$")
_LISTS = frozenset(
    {"HassListAddItem", "HassListRemoveItem", "HassListCompleteItem", "GetList", "HassShoppingListAddItem"}
)
_TALK = frozenset({"SmallTalk", "HassRespond", "OutOfScope", "Help", "HassNevermind"})
_DOMAIN_OF = (
    ("light", "light"),
    ("fan", "fan"),
    ("opening", "cover"),
    ("music", "media_player"),
    ("tv", "media_player"),
)

_UNDO = {  # what was asked for -> what takes it back
    "HassListAddItem": "HassListRemoveItem", "HassShoppingListAddItem": "HassListRemoveItem",
    "GetList": "HassListRemoveItem", "SetReminder": "DeleteReminder", "SetAlarm": "DeleteAlarm",
    "HassStartTimer": "HassCancelTimer", "PlaceOrder": "CancelOrder", "CreateList": "DeleteList",
}  # fmt: skip
_KEPT = frozenset({"item", "name", "text", "at", "date", "label"})


def read_deletion(deixis: Deixis, situation: Situation) -> Iterator[Interpretation]:
    """Read "delete it" as taking back what was just added, set or looked up."""
    last = situation.recent[-1].interpretation if situation.recent else None
    if deixis.verb == "cancel" and last is not None and last.intent in _UNDO:
        slots = tuple((name, value) for name, value in last.slots if name in _KEPT)
        if last.intent == "HassShoppingListAddItem":
            slots += (("name", "shopping list"),)
        yield Interpretation(intent=_UNDO[last.intent], slots=slots)


def read_place(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "there" as the place that was spoken of last."""
    if not words.endswith(("there", "there now")) or not situation.recent:
        return
    places = [place for exchange in reversed(situation.recent) if (place := _place(exchange))][:2]
    for place in places:
        if _TIME_THERE.fullmatch(words):
            yield Interpretation(intent="HassGetCurrentTime", slots=(("place", place),))
        elif _WEATHER_THERE.fullmatch(words):
            yield Interpretation(intent="HassGetWeather", slots=(("place", place),))
        elif _REMIND_THERE.fullmatch(words):
            what = next((duty for said in reversed(situation.recent) if (duty := _duty(said.request))), None)
            yield Interpretation(intent="SetReminder", slots=(("place", place), *((("text", what),) if what else ())))


def _place(exchange: Exchange) -> str | None:
    if exchange.interpretation is not None:
        for slot, value in exchange.interpretation.slots:
            if slot in _PLACE_SLOTS:
                return value
    said = _PLACE.search(exchange.request.strip(" ?.!"))
    return (said[1] or said[2]) if said and not _MUST.search(exchange.request) else None


def _duty(request: str) -> str | None:
    """Find what a person said they have to do: "I have to ask them about the refill" -> "ask about the refill"."""
    match = _MUST.search(request.strip(" .!"))
    return re.sub(r"\b(?:them|him|her|it) ", "", match[1]) if match else None


def means_habit(words: str) -> bool:
    """Tell whether a request says in so many words that it means what the person always asks for.

    >>> means_habit("the usual please"), means_habit("good night")
    (True, False)
    """
    return _THE_USUAL.fullmatch(words) is not None


def read_habit(words: str, situation: Situation, around: Scene) -> list[Interpretation]:
    """Propose what this person asks for at such times, where the request greets or names no more than a kind."""
    greets = _GREETING.fullmatch(words) is not None
    asked, about = around.request, around.request_fields
    if not around.usual or not (greets or (0 < len(asked) <= 3 and not _ASKS.match(words))):
        return []
    by_meaning: dict[str, tuple[float, Interpretation]] = {}
    for habit, one in zip(situation.habits[-len(around.usual) :], around.usual, strict=True):
        reading, of_kind = habit.interpretation, about & one.said.fields
        if reading is None or not (greets or of_kind):
            continue
        named = {word for word in asked & _FIELD_NAMES if fields().of((word,)) & of_kind}
        if greets or not asked - named - one.said.words - _BEGIN:
            reading = _all_of_them(reading, one.said.text)
            key = bare_key(reading)
            by_meaning[key] = (by_meaning.get(key, (0.0, reading))[0] + one.near, reading)
    best = sorted(by_meaning.values(), key=lambda each: -each[0])[:4]
    return [replace(reading, confidence=None) for near, reading in best if near >= (_GREETED if greets else _USUAL)]


def _all_of_them(reading: Interpretation, said: str) -> Interpretation:
    """Return the reading of a request that said "all", with the slot that says so: the words are not passed on."""
    if not _ALL.search(said) or {"name", "area", "floor"} & {slot for slot, _ in reading.slots}:
        return reading
    return replace(reading, slots=(("name", "all"), *reading.slots))


def read_all(deixis: Deixis, words: str, situation: Situation, around: Scene) -> Iterator[Interpretation]:
    """Read "all of them off" as all things of a kind, one just spoken of, or of which several go on.

    "Everything" means a kind only right after all of that kind were spoken of.
    """
    if deixis.verb not in ("off", "on", "close", "open") or not _SEVERAL.search(words):
        return
    named = kind_in(situation.recent[-1].request) if situation.recent else None
    whole = "everything" in words.split()
    intent = "HassTurnOff" if deixis.verb in ("off", "close") else "HassTurnOn"
    fresh = frozenset().union(*(side.fields for turn in around.turns[:1] for side in turn))
    for field, domain in _DOMAIN_OF:
        if (domain == "cover") != (deixis.verb in ("close", "open")):
            continue
        if whole and (named is None or not named.is_plural or domain not in named.domains):
            continue
        if field in fresh or sum(field in thing.fields and thing.lively for thing in around.things) > 1:
            yield Interpretation(intent=intent, slots=(("name", "all"), ("domain", domain)))


def read_repetition(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "once more" as what was done last."""
    if _AGAIN.fullmatch(words):
        done = [one.interpretation for one in reversed(situation.recent[-3:]) if one.interpretation is not None]
        yield from [one for one in done if one.intent not in _TALK][:2]


def read_addition(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "add eggs too" as one more item on the list that was just spoken of, "take off the eggs" as one less."""
    last = situation.recent[-1].interpretation if situation.recent else None
    pointed = _ADD_IT.fullmatch(words)
    if pointed and situation.recent:
        item = _item(situation.recent[-1])
        if item:
            yield Interpretation(
                intent="HassListAddItem", slots=(("item", item), ("name", f"{pointed[1] or 'shopping'} list"))
            )
        return
    if last is None or last.intent not in _LISTS:
        return
    called = next((value for slot, value in last.slots if slot == "name"), "shopping list")
    said, taken = _ADD.fullmatch(words), _TAKE_OFF.fullmatch(words)
    if said:
        yield Interpretation(intent="HassListAddItem", slots=(("item", said["item"]), ("name", called)))
    elif taken:
        yield Interpretation(intent="HassListRemoveItem", slots=(("item", taken["item"]), ("name", called)))


def _item(exchange: Exchange) -> str | None:
    """Find the thing to buy that a turn mentioned: "we are out of olive oil"."""
    if exchange.interpretation is not None:
        for slot, value in exchange.interpretation.slots:
            if slot == "item":
                return value
    match = _NEEDED.search(exchange.request.strip(" .!?"))
    return match[1] if match else None
