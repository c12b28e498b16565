"""Read a change by an amount from how things are now: "dim the floor lamp by 20 percent", "turn it up 20 degrees".

Limit: English; things that are on and tell their level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from uptake.assistant.clauses.mentions import Mention, find_mentions
from uptake.assistant.clauses.words import unhesitating, without_courtesy
from uptake.assistant.components import Components
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.home.model import Device
from uptake.assistant.incoming import Incoming
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.shares import SHARES
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["changed_by"]

_WAYS = "up|down|higher|lower|brighter|dimmer|louder|quieter|warmer|cooler|hotter|colder|faster|slower|more|less"
_BY = regex(
    r"(?P<verb>turn|put|bring|set|push|nudge|knock|bump|crank|take|make|dim|brighten|raise|lower|increase|decrease"
    rf"|reduce|drop|open|close|cut|get)?(?: ?\b(?P<front>up|down)\b)?(?: ?(?P<what>[a-z' ]+?))??(?: (?P<way>{_WAYS}))?"
    r"(?P<by> by)? ?(?P<amount>\d{1,3}(?:\.\d)?) ?(?P<unit>percent|%|degrees?|°|points?|notch(?:es)?)?"
    rf"(?: (?P<behind>{_WAYS}))?(?: please)?"
)
_ONE_DEGREE = regex(r"\b(?:a|another)(?: single| whole)? degree\b")
_SOME = (
    (regex(r"\b(?:(?:a|another) )?(?:couple|pair)(?: of)?(?= (?:degrees?|notch|percent|points?))"), "2"),
    (regex(r"\b(?:a|another) few(?= (?:degrees?|notch|percent|points?))"), "3"),
    (regex(r"\b(?:another|a further) (?=[a-z]+ (?:degrees?|percent|notch))"), ""),
)
_OFF_IT = regex(
    r"(?:(?:take|knock|shave|drop|lop|trim|cut|get|bring|go) )?(?P<amount>\d{1,3}(?:\.\d)?) ?(?P<unit>percent|%"
    r"|degrees?|°|points?"
    r"|notch(?:es)?)? off(?: (?P<what>it|that|this|them|the [a-z' ]+))?"
)
_ON_TOP = regex(
    r"(?:(?:add|put|stick|whack|pop|give (?:it|them|me|us)|let's have)(?: on)? "
    r"|(?=\d+ more ))(?P<amount>\d{1,3}(?:\.\d)?)(?: more)? ?(?P<unit>percent|%"
    r"|degrees?|°|points?|notch(?:es)?)(?: (?:more|on|extra|on top))*(?: (?:to|on) (?P<what>it|that|this|them"
    r"|the [a-z' ]+))?"
)
_FURTHER = regex(r"(?:another|a further) ")
_HALF_OF = regex(r"(?:make (?:it|that) )?half (?:of )?(?:that|it|as much)(?: please)?")
_REASON = regex(
    r"(?P<why>[^,.;!]{3,60}?)(?:[,.;!]+ (?:so |and |can you |could you |just |please |maybe )*"
    r"| so )(?P<deed>[^,;!]{3,60})"
)
_PLAINLY = regex(
    r"(?:(?:it|that|this|there)(?:'s| is| was)|(?:i|we)(?:'m| am|'re| are)|(?:(?:the|my|our) [a-z' ]+?)(?:'s|'re"
    r"| is| are)"
    r"|(?:(?:way|far|much|a (?:bit|little)|still|just|now) )*too|still|not)\b(?! (?:if|when|unless)\b).*"
)
_BY_SHARE = regex(rf"\bby ({'|'.join(SHARES)})$")
_MORE_OF = regex(r"\b(\d+(?:\.\d)?) (more|less) (percent|%|degrees?|notch(?:es)?|points?)(?: (?:up|please))?$")
_TIMES = regex(
    r"(?:(?:make|turn|set|put|have|get|bring|take|run) )?(?:(?P<what>[a-z' ]+?) )?(?:(?P<half>half)"
    r"|(?P<twice>twice|double))"
    r" (?:as (?:bright|loud|fast|high|strong|powerful|open|much)|(?:the |its |that )(?:brightness|volume|speed))"
    r"(?: (?:as|than|of) (?:it|that|they|what|before|now).*)?"
    r"|(?:(?P<halve>halve)|(?P<double>double)) (?:the (?:brightness|volume|speed)(?: (?:of|on))?)? ?(?P<thing>[a-z' ]*)"
)
_UP = frozenset("up higher brighter louder warmer hotter faster more brighten raise increase open".split())
_DOWN = frozenset("down lower dimmer quieter cooler colder slower less dim decrease reduce drop close".split())
_SLIGHTLY = regex(
    r"(?:(?P<verb>open|close|shut|raise|lower|lift|drop|pull|put|bring|roll|draw|let|crack|have"
    r"|get)(?: (?P<front>up|down|open))? )?"
    r"(?P<what>[a-z' ]+?)(?: (?P<way>up|down|open|closed|shut))?(?: (?:just )?(?P<some>a (?:tiny |little )?(?:bit"
    r"|little|touch|tad|smidge"
    r"|fraction|notch)|slightly|a crack|an inch))(?: (?P<behind>more|further|up|down|open|closed|wider))?(?: please)?"
    r"|crack (?:open )?(?P<cracked>[a-z' ]+?)(?: open)?(?: please)?"
)
"""Moving blinds or curtains by a little."""
_OPENS = frozenset("open raise lift up wider crack".split())
_CLOSES = frozenset("close shut lower drop down closed".split())
_LITTLE, _CRACK = 20, 10  # percent
_STEPPING = frozenset("raise increase drop decrease reduce lower".split())
_IT = frozenset({"", "it", "that", "them", "those"})
_LEVELS = {
    "light": ("HassLightSet", "brightness", "brightness", 1, 100),
    "fan": ("HassFanSetSpeed", "percentage", "percentage", 1, 100),
    "cover": ("HassSetPosition", "position", "position", 0, 100),
    "media_player": ("HassSetVolume", "volume_level", "volume", 0, 100),
    "climate": ("HassClimateSetTemperature", "temperature", "temperature", 5, 35),
    "switch": ("SetOvenTemperature", "temperature", "temperature", 50, 300),
}
"""Domain -> intent, its slot, the attribute that tells the level, least and most."""
_DEGREES = ("climate", "switch")
_NO_CRACK = frozenset({"garage", "gate", "door"})
_NOTCH = 10
_ROOM_LIGHTS = regex(r"(?:the |my |our )?(?P<room>(?!the\b|my\b|our\b)[a-z' ]+?) lights")
_MOST = 12  # lights that are changed at once


def changed_by(text: str, turn: Incoming, components: Components) -> tuple[Interpretation, ...] | None:
    """Return the reading that sets a thing to a level some way from where it is; None where a request is no such."""
    bare = without_courtesy(unhesitating(text)).strip(" .!?").lower().removesuffix(" please")
    told = _REASON.fullmatch(bare)
    if told is not None and _PLAINLY.fullmatch(told["why"]):
        bare = _of_subject(told["why"], without_courtesy(told["deed"]), components)
    bare = _HALF_OF.sub("make it half as bright", bare) if _HALF_OF.fullmatch(bare) else bare
    times = _TIMES.fullmatch(bare)
    if times is not None:
        return _multiplied(times, turn, components)
    bare = _plainer(bare)
    bare = _BY_SHARE.sub(lambda share: f"by {SHARES[share[1]]} percent", bare)
    match = _BY.fullmatch(_MORE_OF.sub(r"\1 \3 \2", in_digits(_ONE_DEGREE.sub("1 degree", bare))))
    if match is None:
        return _a_little(bare, turn, components)
    return _by_amount(match, turn, components)


def _by_amount(match: re.Match[str], turn: Incoming, components: Components) -> tuple[Interpretation, ...] | None:
    """Return the reading that changes a level by an amount; None where it is unclear of what, or which way."""
    drops = match["verb"] in _STEPPING and (match["unit"] or "").startswith(("degree", "°", "notch"))
    said = {match["verb"], match["front"], match["way"], match["behind"]} - {None}
    up, down = bool(said & _UP), bool(said & _DOWN)
    steps = match["by"] or match["behind"] or match["way"] or (match["front"] and match["unit"]) or drops
    if up == down or not steps:
        return None
    what = (match["what"] or "").strip()
    device = _meant(what, turn, components)
    if what in _IT and (match["unit"] or "").startswith(("degree", "°")):
        device = _warming(device, turn, components)
    if (device is None or _ROOM_LIGHTS.fullmatch(what)) and (
        what not in _IT or not (match["unit"] or "").startswith(("degree", "°"))
    ):
        return _several_by(match, _several_meant(what, turn, components), components, up=up)
    level = _level(device, components)
    if device is None or level is None:
        return None
    in_degrees = (match["unit"] or "degree").startswith(("degree", "°", "notch", "point"))
    if (match["unit"] is not None and "notch" not in match["unit"]) and in_degrees != (device.domain in _DEGREES):
        return None
    amount = float(match["amount"])
    if "notch" in (match["unit"] or ""):
        amount *= 1 if device.domain in _DEGREES else _NOTCH
    return _set_to(device, level + (amount if up else -amount), components)


def _several_by(
    match: re.Match[str], devices: Sequence[Device], components: Components, *, up: bool
) -> tuple[Interpretation, ...] | None:
    """Return the readings that change the level of several lights; of those that are off it goes up from nothing."""
    if not devices or (match["unit"] or "%").startswith(("degree", "°")):
        return None
    amount = float(match["amount"]) * (_NOTCH if "notch" in (match["unit"] or "") else 1)
    levels = [(each, _level(each, components)) for each in devices]
    on = [(each, level) for each, level in levels if level is not None]
    if not on and not up:
        return None
    changed = [(each, level + (amount if up else -amount)) for each, level in on] or [
        (each, amount) for each in devices
    ]
    readings = [reading for each, level in changed for reading in _set_to(each, level, components)]
    values = {reading.slots[1:] for reading in readings}
    if len(values) > 1:
        return tuple(readings)
    names = tuple(reading.slots[0] for reading in readings)
    return (replace(readings[0], slots=(*names, *values.pop())),)


def _several_meant(what: str, turn: Incoming, components: Components) -> Sequence[Device]:
    """Return the lights of a room, "the lights", or the several lights that were done last."""
    household, last = components.resolver.household, turn.conversation.last
    if what in _IT:
        keys = last.targets if last is not None and len(last.targets) <= _MOST else ()
        found = [household.by_id[key] for key in keys if key in household.by_id]
        return found if len(found) > 1 and {each.domain for each in found} == {"light"} else ()
    of_room = _ROOM_LIGHTS.fullmatch(what)
    room = household.room(of_room["room"]) if of_room is not None else None
    if room is not None:
        return _lights(tuple(room.areas), household)
    named = find_mentions(what, household)
    kind = kind_of(named[0].kind or "") if len(named) == 1 and not named[0].named else None
    if kind is None or not kind.is_plural or named[0].kind != "lights":
        return ()
    return _lights(_areas(named[0], household) or _areas_of(turn.situation.context.room, household), household)


def _lights(areas: Sequence[str], household: Household) -> Sequence[Device]:
    return [one for one in household.devices if one.domain == "light" and one.area_id in areas]


def _areas_of(room: str | None, household: Household) -> tuple[str, ...]:
    found = household.match_places(room)[:1] if room else ()
    return tuple(household.place(found[0]).areas) if found else ()


def _a_little(bare: str, turn: Incoming, components: Components) -> tuple[Interpretation, ...] | None:
    """Return the reading that opens or closes a cover by a little: "blinds up a bit", "crack the curtains open"."""
    match = _SLIGHTLY.fullmatch(bare)
    if match is None:
        return None
    said = {match[name] for name in ("verb", "front", "way", "behind")} - {None}
    device = _cover(match["cracked"] or match["what"], turn, components)
    level = _level(device, components)
    opens, closes = bool(match["cracked"] or said & _OPENS), bool(said & _CLOSES)
    if device is None or level is None or device.device_class in _NO_CRACK or opens == closes:
        return None
    cracks = match["cracked"] is not None or match["some"] in ("a crack", "an inch")
    if cracks and opens:
        return _set_to(device, max(level, _CRACK) if level < _CRACK else level, components)
    return _set_to(device, level + (_LITTLE if opens else -_LITTLE), components)


def _cover(what: str, turn: Incoming, components: Components) -> Device | None:
    """Return the one cover that is named, that was done last, or that is of its kind in the room."""
    device = _meant(what, turn, components)
    if device is not None or what in _IT:
        return device if device is not None and device.domain == "cover" else None
    household, room = components.resolver.household, turn.situation.context.room
    named = find_mentions(what, household)
    kind = kind_of(named[0].kind) if len(named) == 1 and named[0].text == what and named[0].kind else None
    here = [
        one
        for one in household.devices
        if kind is not None
        and one.domain == "cover"
        and kind.holds(one)
        and (household.area_name(one) == room if named[0].place is None else one.area_id in _areas(named[0], household))
    ]
    return here[0] if len(here) == 1 else None


def _areas(mention: Mention, household: Household) -> tuple[str, ...]:
    return _areas_of(mention.place, household)


def _of_subject(why: str, deed: str, components: Components) -> str:
    """Name in a deed the one thing that the remark before it is of: "the heating's a bit high, bring it down"."""
    named = find_mentions(why, components.resolver.household)
    points = re.search(r"\b(?:it|that)\b", deed)
    if len(named) != 1 or not named[0].named or points is None:
        return deed
    return f"{deed[: points.start()]}{named[0].text}{deed[points.end() :]}"


def _plainer(bare: str) -> str:
    """Say "knock two degrees off" and "add a couple of degrees" as changes of what was spoken of."""
    further = _FURTHER.match(bare) is not None
    for shape, amount in _SOME:
        bare = shape.sub(amount, bare)
    bare = in_digits(_ONE_DEGREE.sub("1 degree", bare))
    bare = f"add {bare}" if further and bare[:1].isdigit() else bare
    for shape, way in ((_OFF_IT, "less"), (_ON_TOP, "more")):
        match = shape.fullmatch(bare)
        if match is not None:
            return f"make {match['what'] or 'it'} {match['amount']} {match['unit'] or ''} {way}".replace("  ", " ")
    return bare


def _multiplied(times: re.Match[str], turn: Incoming, components: Components) -> tuple[Interpretation, ...] | None:
    """Return the reading that sets a thing to half of its level, or twice; degrees are not multiplied."""
    device = _meant((times["what"] or times["thing"] or "").strip(), turn, components)
    level = _level(device, components)
    if device is None or level is None or device.domain in _DEGREES:
        return None
    return _set_to(device, level * (0.5 if times["half"] or times["halve"] else 2), components)


def _level(device: Device | None, components: Components) -> float | None:
    """Return the level that a thing is at; None where it has none, or is off."""
    if device is None or device.domain not in _LEVELS:
        return None
    state = components.home.states()[device.entity_id]
    now = state.attributes.get(_LEVELS[device.domain][2])
    if not isinstance(now, int | float) or (state.value == "off" and device.domain != "climate"):
        return None
    return float(now)


def _set_to(device: Device, level: float, components: Components) -> tuple[Interpretation, ...]:
    intent, slot, _, least, most = _LEVELS[device.domain]
    name = components.resolver.household.label(device)
    if 2 * least - most <= level <= 2 * most - least:  # by more than there is of it: its skill says what there is
        level = min(max(level, least), most)
    return (Interpretation(intent=intent, slots=(("name", name), (slot, f"{level:g}"))),)


def _meant(what: str, turn: Incoming, components: Components) -> Device | None:
    """Return the one thing that is named, or that was done last."""
    household, last = components.resolver.household, turn.conversation.last
    if what in _IT:
        keys = last.targets if last is not None else ()
        return household.by_id.get(keys[0]) if len(keys) == 1 else None
    named = find_mentions(what, household)
    if len(named) == 1 and named[0].kind and not named[0].named:
        return _only_of_kind(named[0], turn, household)
    if len(named) != 1 or not named[0].named:
        return None
    found = household.match_devices(named[0].text, household.devices, exact_only=True)
    return household.by_id[found[0].key] if len(found) == 1 else None


def _only_of_kind(named: Mention, turn: Incoming, household: Household) -> Device | None:
    """Return the one thing of a kind in the room that is named or where it is said: "the blinds"."""
    kind, room = kind_of(named.kind or ""), named.place or turn.situation.context.room
    areas = _areas_of(room, household)
    found = [each for each in household.devices if kind is not None and kind.holds(each) and each.area_id in areas]
    return found[0] if len(found) == 1 else None


def _warming(last: Device | None, turn: Incoming, components: Components) -> Device | None:
    """Return what degrees are said of: the last thing that has them, else the one heater where it is said."""
    if last is not None and last.domain in _DEGREES:
        return last
    household = components.resolver.household
    done = turn.conversation.done
    known = [household.by_id[key] for key in (done.targets if done is not None else ()) if key in household.by_id]
    if len(known) == 1 and known[0].domain in _DEGREES:
        return known[0]
    room = turn.situation.context.room
    here = [one for one in household.devices if one.domain == "climate" and room and household.area_name(one) == room]
    return here[0] if len(here) == 1 else None
