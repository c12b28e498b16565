"""Name what a request means by its place among the things that were spoken of: "the rest", "the first two", "all but".

The things are those of the last turn that was about several; what a later turn did, or this request names beside, is
taken out of "the rest".

Limit: English; at most a dozen things.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import without_courtesy
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["among"]

_CUE = regex(
    r"\b(?:rest|others?|first|last|second|third|former|latter|them|those|all|both|lot|each|one of|two of|three of)\b",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "couple": 2}
_PLACES = {"first": 0, "former": 0, "second": 1, "third": 2, "last": -1, "latter": -1}
_OF_THEM = r"(?: (?:of (?:them|those|these)|ones?))?"
_SOME = regex(
    rf"\bthe (?P<end>first|last) (?P<count>{'|'.join(_COUNTS)})(?! ?(?:minutes?|hours?|percent|degrees?)){_OF_THEM}\b",
    re.IGNORECASE,
)
_ONE = regex(
    rf"\bthe (?P<place>{'|'.join(_PLACES)})(?: one)?(?: of (?:them|those|these))?(?=$|[,.!?]| (?:on|off|up|down"
    rf"|again|as|back|open"
    r"|closed|alone|and|but|please)\b)",
    re.IGNORECASE,
)
_REST = regex(
    r"\b(?:the rest(?: of (?:them|those|it))?|(?:all )?the others?(?: ones?| two| three)?|all others|everything else)"
    r"(?= (?:on|off|up|down|again|too|as|alone|back|please|now|open|closed)\b|[\s,.!?]*$)",
    re.IGNORECASE,
)
_BUT = regex(
    r",? (?:(?:all |everything )?but(?: not| for)?|except(?:ing)?(?: for)?|apart from|aside from|other than|bar"
    r"|save for"
    r"|not|just not|without) (?P<gone>(?:the |my |in the )?[\w' -]+?)(?: ones?| though| please)*$",
    re.IGNORECASE,
)
_ALL_BUT = regex(
    r"(?P<front>(?:(?:turn|switch|put|shut|set|open|close|lock|unlock|stop|pause|mute) )?(?:(?:on"
    r"|off) )?)(?:all(?: of)? (?:them|those|these)|them(?: all)?|those|all"
    r"|the lot|both(?: of them)?|every one of them|each of them|everything)(?P<back>(?: back)?(?: (?:on|off|open|closed"
    r"|up|down))?(?: again| now| please)*)",
    re.IGNORECASE,
)
_LEFT = regex(
    r"(?:^|(?<=[,.;] )|(?<=and )|(?<=but ))(?:just |please |only )*(?:leave|keep) (?:the )?[\w', -]+? (?:on|off"
    r"|open|closed"
    r"|alone|as (?:it|they) (?:is|are)|running)(?:,? (?:and|but)(?: then)? |[,.;]+ |$)|,? (?:and"
    r"|but) (?:just )?(?:leave|keep)"
    r" [\w', -]+? (?:on|off|open|closed|alone|as (?:it|they) (?:is|are)|running)$",
    re.IGNORECASE,
)
_HOW_MANY = regex(
    r"(?:(?:and|so|ok) )*(?:which|any|how many|what)(?: ones?)? of (?:them|those|these) (?:is|are)(?: still| now)*"
    r" (?P<state>on|off|open|closed|locked|unlocked|playing|running)(?: now| still)*",
    re.IGNORECASE,
)
_WAY = regex(r"\b(?:on|off|open|close|closed|shut|lock|unlock|dim|pause|stop|mute|up|down)\b", re.IGNORECASE)
_VERBS = {"up": "open", "closed": "close", "down": "close", "shut": "close"}
_ALONE = regex(
    r"(?:(?:and|now|ok|okay|then|also|right|do|please|so)\b,? *)*(?:the [\w' ]+?|all others"
    r"|everything else)(?: too| as well| now"
    r"| please| then)*",
    re.IGNORECASE,
)
"""What is said of nothing but things: it is done to them what was done last."""
_DONE = {"HassTurnOn": "turn on", "HassTurnOff": "turn off"}
_COVERED = {"turn on": "open", "turn off": "close"}
_MOST = 12
_TURNS = 4


def among(text: str, conversation: Conversation, household: Household) -> str:
    """Return a request with the names of what it picks among the things spoken of; as it is where it picks none.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
    """
    group, since = _group(conversation, household) if _CUE.search(text) is not None else ([], [])
    if len(group) < 2:
        return text
    said = text.strip(" .!?")
    whole = _asked(said, group, household) or _all_but(said, group, household)
    if whole is not None:
        return whole
    picked = list[Device]()
    for shape in (_SOME, _ONE):
        match = shape.search(said)
        chosen = _chosen(match, group) if match is not None else []
        if match is not None and chosen:
            picked += chosen
            said = f"{said[: match.start()]}{_names(chosen, household)}{said[match.end() :]}"
    match = _REST.search(said)
    if match is None:
        return _spared(said, picked, group, household) if picked else text
    picked = picked or _named(said, group, household) or since
    rest = [device for device in group if device not in picked]
    if not picked or not rest:
        return text
    done = f"{said[: match.start()]}{_names(rest, household)}{said[match.end() :]}"
    return _of_the_rest(said, done, rest, conversation, household)


def _of_the_rest(said: str, done: str, rest: list[Device], conversation: Conversation, household: Household) -> str:
    """Return the command for the rest: what was done last where nothing else is said of them."""
    last = conversation.done.interpretation.intent if conversation.done is not None else ""
    if _ALONE.fullmatch(said) and last in _DONE:
        return f"{_verb(_DONE[last], rest)} {_names(rest, household)}"
    bare = _LEFT.sub(" ", done, count=1)
    return bare.strip(" ,") if _WAY.search(bare) else done


def _asked(said: str, group: list[Device], household: Household) -> str | None:
    """Return the question after the state of each: "which of them are on"."""
    asked = _HOW_MANY.fullmatch(said)
    if asked is None:
        return None
    lights = {device.domain for device in group} == {"light"}
    return f"which lights are {asked['state']}" if lights else f"are {_names(group, household)} {asked['state']}"


def _verb(verb: str, devices: list[Device]) -> str:
    return _COVERED[verb] if {device.domain for device in devices} == {"cover"} else verb


def _group(conversation: Conversation, household: Household) -> tuple[list[Device], list[Device]]:
    """Return the things of the last turn that was about several, and those that turns since then were about."""
    since = list[str]()
    last = conversation.last
    for at, exchange in enumerate(reversed(conversation.exchanges[-_TURNS:])):
        keys = [each.value for each in exchange.entities if each.slot == "name"]
        if at == 0 and last is not None and len(last.targets) > len(keys):
            keys = list(last.targets)
        known = [key for key in dict.fromkeys(keys) if key in household.by_id]
        if 1 < len(known) <= _MOST:
            return [household.by_id[key] for key in known], [household.by_id[key] for key in since if key in known]
        since += known
    apart = _one_by_one(conversation, household)
    if len(apart) > 1:
        return apart, []
    if last is not None and 1 < len(last.targets) <= _MOST:
        return [household.by_id[key] for key in last.targets if key in household.by_id], []
    return [], []


def _one_by_one(conversation: Conversation, household: Household) -> list[Device]:
    """Return the things of the last turns where each acted on one: "kettle on", then "coffee maker on"."""
    found = list[Device]()
    for exchange in reversed(conversation.exchanges[-_TURNS:]):
        keys = [each.value for each in exchange.entities if each.slot == "name"]
        device = household.by_id.get(keys[0]) if len(keys) == 1 and exchange.action else None
        if device is None or device in found:
            break
        found.insert(0, device)
    return found


def _all_but(said: str, group: list[Device], household: Household) -> str | None:
    """Return the command for all of the group but what is excepted: "all of them off except the lamp"."""
    but = _BUT.search(said)
    front = _ALL_BUT.fullmatch(without_courtesy(said[: but.start()])) if but is not None else None
    if but is None or front is None:
        left = _LEFT.search(said)
        front = _ALL_BUT.fullmatch(without_courtesy(_LEFT.sub(" ", said).strip(" ,"))) if left is not None else None
        if left is None or front is None:
            return None
        gone = _picked_by_place(left[0], group) or _named(left[0], group, household)
    else:
        gone = _picked_by_place(but["gone"], group) or _named(but["gone"], group, household)
    kept = [device for device in group if device not in gone]
    ways = _WAY.findall(f"{front['front']}{front['back']}")
    if not gone or not kept or not ways:
        return None
    way = ways[-1].lower()
    return f"{f'turn {way}' if way in ('on', 'off') else _VERBS.get(way, way)} {_names(kept, household)}"


def _spared(said: str, picked: list[Device], group: list[Device], household: Household) -> str:
    """Return the command for the others where what is to stay is told by its place: "off, but leave the last"."""
    left = _LEFT.search(said)
    rest = _LEFT.sub(" ", said, count=1).strip(" ,") if left is not None else ""
    them = re.search(r"\b(?:them(?: all)?|those|all of (?:them|those)|all|the lot)\b", rest, re.IGNORECASE)
    if left is None or them is None:
        return said
    others = [device for device in group if device not in picked]
    return f"{rest[: them.start()]}{_names(others, household)}{rest[them.end() :]}"


def _chosen(match: re.Match[str], group: list[Device]) -> list[Device]:
    told = match.groupdict()
    if told.get("count"):
        size = _COUNTS[told["count"].lower()]
        return (group[:size] if told["end"].lower() == "first" else group[-size:]) if size < len(group) else []
    at = _PLACES[match["place"].lower()]
    return [group[at]] if at < len(group) else []


def _picked_by_place(words: str, group: list[Device]) -> list[Device]:
    match = _SOME.search(words) or regex(_ONE.pattern, re.IGNORECASE).search(words.strip())
    return _chosen(match, group) if match is not None else []


def _named(words: str, group: list[Device], household: Household) -> list[Device]:
    """Return what words name of a group: by its name, its room, its kind, or a word of its name."""
    found = list[Device]()
    for each in find_mentions(words, household):
        if each.named:
            keys = {match.key for match in household.match_devices(each.text, group, exact_only=True)}
            found += [device for device in group if device.entity_id in keys]
            continue
        place = household.match_places(each.place)[:1] if each.place else ()
        areas = household.place(place[0]).areas if place else None
        kind = kind_of(each.kind) if each.kind else None
        noun = (each.kind or "").lower().removesuffix("s")
        called = [device for device in group if noun and noun in device.name.lower().split()]
        if called and areas is None:
            found += called
        elif areas is not None or kind is not None:
            found += [
                device
                for device in group
                if (areas is None or device.area_id in areas) and (kind is None or kind.holds(device))
            ]
    return list(dict.fromkeys(found))


def _names(devices: list[Device], household: Household) -> str:
    return say_list([the(household.label(device)) for device in devices])
