"""Skill for states of the home: is it open, which are on, how many, all, any; sensor values; batteries.

The slot "response" says which of these was asked, if the reader knows it (Home Assistant's key: one, one_yesno, any,
all, which, how_many, where); else the other slots decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from uptake.assistant.home.model import Device, Home, State
from uptake.assistant.home.plain import number, plain, word
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.devices.acting import HERE, in_scope, not_found, subject_of
from uptake.assistant.skills.naming import kind_of, place, subject, the, upper
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot
from uptake.types import Interpretation

__all__ = ["States", "holds", "told"]

_NAMED = 4
"""Most devices that are named one by one."""
_QUIET = frozenset({"scene", "script", "button"})
_ON = {
    "media_player": frozenset({"on", "playing", "paused"}),
    "tv": frozenset({"on", "idle", "playing", "paused", "buffering"}),
    "climate": frozenset({"heat", "cool", "heat_cool", "auto", "dry", "fan_only"}),
    "vacuum": frozenset({"cleaning", "returning"}),
    "lawn_mower": frozenset({"mowing", "returning"}),
}
"""States that people call "on"."""
_SWITCHED = frozenset("light switch fan media_player input_boolean".split())
_OPENED = frozenset(
    "cover binary_sensor/window binary_sensor/door binary_sensor/garage_door binary_sensor/opening".split()
)
_OF_STATE = {
    **dict.fromkeys(("on", "off"), _SWITCHED),
    **dict.fromkeys(("open", "closed", "shut"), _OPENED),
    **dict.fromkeys(("locked", "unlocked"), frozenset({"lock"})),
}
"""Domains and classes of which "everything" is said to be in a state."""
_SAME = {
    "shut": "closed",
    "home": "home",
    "away": "not_home",
    "running": "on",
    "open": "on",
    "closed": "off",
    "unlocked": "on",
    "locked": "off",
}
"""Other words for a state, for binary sensors and switches."""


class States(NothingDue):
    """Skill that tells the state of anything."""

    name: ClassVar[str] = "states"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassGetState",
            slots=(*HERE, Slot(name="state"), Slot(name="response")),
            sentences=(
                "(<what_is>|check) [the] [current] (status|state) of [<the>] {name}",
                "(what is|what's) [<the>] {name} (doing|at)",
                "is [<the>] {name} (ok|okay|all right|fine)",
                "is {states_any:response} {on_off_states:state} [<here>|[<in>] [<the>] {area}]",
                "what is {on_off_states:state} [<here>|<in> [<the>] {area}]",
                "(<what_is>|how (much|full|charged) is) [the] {states_battery:device_class} [level] of [<the>] {name}",
                "<what_is> [<the>] {name} {states_battery:device_class} [level]",
                "<what_is> [the] {states_measure:device_class} [level] <in> [<the>] {area}",
                "(<what_is>|how) {states_measure:device_class} is it <in> [<the>] {area}",
            ),
            lists={
                "states_any": ("(anything|something):any", "everything:all"),
                "states_battery": ("(battery|charge):battery",),
                "states_measure": ("(humidity|humid):humidity",),
            },
            examples=("is the front door locked", "which lights are on", "how many windows are open", "is the oven on"),
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Tell the state that is asked for."""
        devices, states = _asked(call), call.home.states()
        if not devices:
            finer = call.slot("device_class") or call.slot("domain") or "device"
            return not_found(call, finer.replace("_", " "), "Which device?")
        here = [device for device in devices if states[device.entity_id].value != "unavailable"]
        if not here:
            lost = subject(call.home, devices)
            return Effect(speech=f"Sorry, {lost.verb('is')} not reachable.", status="failed")
        wanted, form = (call.slot("state") or "").strip().lower(), _form(call)
        if not wanted:
            return Effect(speech=_describe(call, here, states))
        matched = [device for device in here if _matches(device, states[device.entity_id], wanted)]
        if form in {"one", "one_yesno"} and len(here) == 1:
            return Effect(speech=_yes_no(call.home, here[0], states[here[0].entity_id], bool(matched)))
        gone = [device for device in devices if device not in here]
        rest = " " + upper(f"{subject(call.home, gone).verb('is')} not reachable.") if gone else ""
        state_word = _state_word(here, wanted)
        if state_word.endswith(" detected"):
            return Effect(
                speech=upper(f"{state_word} by {_names(matched)}." if matched else f"no {state_word}.") + rest
            )
        shown = [device for device in here if device not in matched] if form == "all" else matched
        return Effect(
            speech=upper(_COUNTS[form](call, here, matched, state_word)) + rest,
            shown=tuple(device.entity_id for device in shown),
        )


def holds(reading: Interpretation, targets: Sequence[Device], home: Home) -> bool | None:
    """Tell whether the devices of a question are in the state that it asks about; None where that cannot be told.

    Of several, one is enough, unless all were said.
    """
    said, states = dict(reading.slots), home.states()
    wanted = (said.get("state") or "").strip().lower()
    known = [device for device in targets if states[device.entity_id].value not in ("unavailable", "unknown")]
    if not wanted or not known or len(known) < len(targets):
        return None
    every = said.get("response") == "all" or said.get("name") == "all"
    return (all if every else any)(_matches(device, states[device.entity_id], wanted) for device in known)


def told(devices: Sequence[Device], home: Home) -> str:
    """Tell how things are, in a sentence."""
    states = home.states()
    return upper(f"{say_list([_sentence(home, device, states[device.entity_id]) for device in devices[:_NAMED]])}.")


def _kind_in(device: Device, kinds: frozenset[str]) -> bool:
    return device.domain in kinds or f"{device.domain}/{device.device_class}" in kinds


def _form(call: Call) -> str:
    said = call.slot("response") or ""
    if said in {"any", "all", "which", "how_many", "one_yesno"}:
        return said
    if call.slot("name") == "all":
        return "all"
    return "one_yesno" if call.slot("name") else "which"


def _asked(call: Call) -> list[Device]:
    """Return the devices that are meant; windows and doors are sought among sensors too, whatever domain was said."""
    targets = [device for device in call.targets if device.domain not in _QUIET]
    if call.slot("name") in (None, "all") and not call.slot("domain") and not call.slot("device_class"):
        kinds = _OF_STATE.get((call.slot("state") or "").lower(), frozenset())
        targets = [device for device in targets if _kind_in(device, kinds)] or targets
    finer = call.slot("device_class")
    if finer is None or call.slot("name"):
        domains = {call.slot("domain")} - {None} or {device.domain for device in call.home.devices} - _QUIET
        return targets or (in_scope(call, {each for each in domains if each}) if _anything(call) else [])
    alike = {"garage": {"garage", "garage_door"}}.get(finer, {finer})
    area = call.slot("area")
    floors = {floor.floor_id for floor in call.home.floors if floor.name == call.slot("floor")}
    places = {
        each.area_id
        for each in call.home.areas
        if area in {None, each.name} and (call.slot("floor") is None or each.floor_id in floors)
    } | ({None} if area is None and call.slot("floor") is None else set())
    devices = [device for device in call.home.devices if device.device_class in alike and device.area_id in places]
    return list(dict.fromkeys([*targets, *devices]))


def _anything(call: Call) -> bool:
    return any(call.slot(name) for name in ("domain", "area", "floor", "state", "name"))


def _matches(device: Device, state: State, wanted: str) -> bool:
    if wanted in {state.value.lower(), word(device, state.value).lower(), plain(device, state).partition(",")[0]}:
        return True
    kind = "tv" if device.device_class == "tv" else device.domain  # one that idles shows its picture
    if wanted == "off" and device.domain == "media_player":
        return state.value in {"off", "idle", "standby"} - _ON[kind]
    if wanted == "on" and kind in _ON:
        return state.value in _ON[kind]
    if device.domain == "binary_sensor":
        return _SAME.get(wanted) == state.value
    if device.domain == "lock":
        return {"open": "unlocked", "closed": "locked"}.get(wanted) == state.value
    return _SAME.get(wanted) == state.value and device.domain in {"switch", "person"}


def _state_word(devices: Sequence[Device], wanted: str) -> str:
    return word(devices[0], wanted) if len({device.device_class for device in devices}) == 1 else wanted


def _describe(call: Call, devices: Sequence[Device], states: Mapping[str, State]) -> str:
    if call.slot("device_class") == "battery" and (battery := states[devices[0].entity_id].attributes.get("battery")):
        return upper(f"{the(devices[0].name)} has {number(battery, 0)} % of its battery left.")
    parts = [_sentence(call.home, device, states[device.entity_id]) for device in devices[:_NAMED]]
    more = len(devices) - _NAMED
    return upper(f"{say_list(parts)}{f', and {more} more' if more > 0 else ''}.")


def _sentence(home: Home, device: Device, state: State) -> str:
    who = subject(home, [device])
    value = plain(device, state)
    if device.domain == "sensor" and device.device_class == "battery" and "battery" not in device.name.lower():
        return f"the battery of {who.text} is at {value}"
    if device.domain == "sensor":
        return f"{who.verb('is')} {'at ' if state.attributes.get('unit') else ''}{value}"
    if device.domain == "binary_sensor" and " detected" in value:
        return f"{value} by {who.text}"
    return f"{who.verb('is')} {value}"


def _yes_no(home: Home, device: Device, state: State, yes: bool) -> str:
    who = subject(home, [device])
    return f"{'Yes' if yes else 'No'}, {who.verb('is')} {plain(device, state)}."


def _where(call: Call) -> str:
    where = place(call.slot("area"), call.slot("floor"))
    return f" {where}" if where else ""


def _names(devices: Sequence[Device]) -> str:
    if len(devices) <= _NAMED:
        return say_list([the(device.name) for device in devices])
    shown = ", ".join(the(device.name) for device in devices[: _NAMED - 1])
    return f"{shown} and {len(devices) - _NAMED + 1} more"


def _any(call: Call, devices: Sequence[Device], matched: Sequence[Device], state: str) -> str:
    if not matched:
        return f"no, no {kind_of(devices, many=False)}{_where(call)} is {state}."
    return f"yes, {_names(matched)} {_be(call, matched)} {state}."


def _which(call: Call, devices: Sequence[Device], matched: Sequence[Device], state: str) -> str:
    if not matched:
        return f"no {kind_of(devices, many=False)}{_where(call)} is {state}."
    return f"{_names(matched)} {_be(call, matched)} {state}."


def _all(call: Call, devices: Sequence[Device], matched: Sequence[Device], state: str) -> str:
    rest = [device for device in devices if device not in matched]
    named = [value for slot, value in call.interpretation.slots if slot == "name"]
    if not rest and len(named) > 1:  # "all lights" would say more than was asked
        return f"yes, {_names(devices)} are {state}."
    if not rest:
        return f"yes, all {kind_of(devices)}{_where(call)} are {state}." if len(devices) > 1 else f"yes, it is {state}."
    return f"no, {_names(rest)} {_be(call, rest)} not {state}."


def _how_many(call: Call, devices: Sequence[Device], matched: Sequence[Device], state: str) -> str:
    if not matched:
        return f"no {kind_of(devices, many=False)}{_where(call)} is {state}."
    one = len(matched) == 1
    count = f"{len(matched)} {kind_of(devices, many=not one)}"
    named = f": {_names(matched)}" if len(matched) <= _NAMED else ""
    return f"{count}{_where(call)} {'is' if one else 'are'} {state}{named}."


def _be(call: Call, devices: Sequence[Device]) -> str:
    return "are" if len(devices) > 1 or subject_of(call, devices, named=True).plural else "is"


_COUNTS = {"any": _any, "all": _all, "which": _which, "how_many": _how_many, "one_yesno": _any, "one": _any}
