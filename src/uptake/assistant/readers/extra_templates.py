"""Sentence templates that Home Assistant's English ones lack: whole families of wordings, not sentences.

Home Assistant trims its templates from year to year; people go on saying what worked. Added here are: everything of a
kind in the whole home, a room or a floor in any place of the sentence; any / all / which / how many, for every kind of
thing and state; binary sensors by what they sense; and the quantity a sensor measures. The device classes, and which
state means what, are those of Home Assistant's documentation.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uptake.assistant.readers.senses import QUANTITIES, ROOM_QUANTITIES, SENSES, Sense
from uptake.assistant.readers.vocabulary import Name

__all__ = ["LISTS", "NAMES", "RULES", "NameChoice", "everyone", "quantity_class", "wordings"]

Block = tuple[str, dict[str, Any]]
"""Intent, and a block of templates as Home Assistant writes them."""


@dataclass(frozen=True, slots=True)
class NameChoice:
    """Which devices a list of names holds."""

    domains: frozenset[str]
    """Domains that a device may be of."""
    device_class: str | None = None
    """Class that it must be of, where it has one; None for any."""

    def takes(self, name: Name) -> bool:
        """Tell whether a device belongs in the list."""
        return name.domain in self.domains and (
            self.device_class is None or name.device_class in (None, self.device_class)
        )


RULES: Mapping[str, str] = {
    "u_turn": "(turn|switch|put|flip|change|bring)",
    "u_whole": "(home|house|apartment|flat|place|building)",
    "u_all": "(all [of] [<the>]|every [single] [one of <the>]|each [and every] [one of <the>]|both [of] [<the>])",
    "u_everywhere": (
        "(everywhere|all over [<the>] [<u_whole>]|[<in>] <the> [(entire|whole)] <u_whole>"
        "|[<in>] (all [of] [<the>]|every [single]|each [and every]) (room|area|floor|<u_whole>)[s]"
        " [<in> <the> [(entire|whole)] <u_whole>])"
    ),
    "u_place": "[<in>] [<the>] ({area}|{floor} [floor])",
    "u_in_place": "<in> [<the>] ({area}|{floor} [floor])",
    "u_now": "(right now|now|currently|at the moment|at present|already|still)",
    "u_before": (
        "[[the] (amount|level|concentration|quantity|value|degree) of] [(accumulated|total|relative|measured|current)]"
    ),
    "u_after": "[(level|concentration|value|reading|measurement|amount)]",
    "u_ask": "(what is|what's|whats|what are|tell me|show me|give me|how is|how's|check)",
    "u_have": "(are there|is there|do (i|we) have|have (i|we) got)",
    "u_found": "(detected|sensed|found|present)",
    "u_how": "how (high|low|strong|fast|heavy|long|big|far|loud|bright|good|bad) is",
    "u_tell": "(tell me|do you know|can you tell me|let me know|check) (if|whether)",
}

_GROUPS = {
    "light": "(light|lights|lighting|lamp|lamps|bulb|bulbs)",
    "fan": "(fan|fans)",
    "switch": "(switch|switches|outlet|outlets|plug|plugs)",
}
_LOCKABLE = "(lock|door|window|gate|garage door|shutter)[s]"
_BY = "(of|from|in|on|for|at|by|(indicated|measured|reported|shown|given) by|according to)"

LISTS: Mapping[str, Mapping[str, Any]] = {
    "u_quantity": {"values": [{"in": said, "out": kind} for kind, said in QUANTITIES]},
    "u_room_quantity": {"values": [{"in": said, "out": kind} for kind, said in ROOM_QUANTITIES]},
    **{
        f"u_{kind}_states": {
            "values": [{"in": said, "out": state} for state, said in (("on", sense.on), ("off", sense.off)) if said]
        }
        for kind, sense in SENSES.items()
    },
}
"""Values of the lists that the templates use."""

NAMES: Mapping[str, NameChoice] = {
    "u_sensor": NameChoice(frozenset({"sensor"})),
    "u_switched": NameChoice(frozenset({"light", "switch", "fan", "media_player", "input_boolean"})),
    "u_opened": NameChoice(frozenset({"cover", "valve"})),
    "u_locked": NameChoice(frozenset({"lock"})),
    **{f"u_{kind}": NameChoice(frozenset({"binary_sensor"}), kind) for kind in SENSES},
}
"""Which names the templates' lists of names hold."""


def wordings() -> Iterator[Block]:
    """Return every block of templates."""
    for domain, noun in _GROUPS.items():
        yield from _switched("HassTurnOn", domain, noun, "on", "activate")
        yield from _switched("HassTurnOff", domain, noun, "off" if domain != "light" else "(off|out)", "deactivate")
        yield from _asked(noun, "[(turned|switched)] {on_off_states:state}", {"domain": domain})
    yield (
        "HassTurnOn",
        _block(
            ["(light up|illuminate|brighten up) <u_everywhere>", "lights on <u_everywhere>"], domain="light", name="all"
        ),
    )
    yield from _locks()
    for intent, verb in (("HassTurnOn", "<open>"), ("HassTurnOff", "<close>")):
        covers = f"{verb} <u_all> {{cover_classes:device_class}}"
        yield (
            intent,
            _block(
                [f"{covers} [<u_everywhere>]", f"{verb} [<the>] {{cover_classes:device_class}} <u_everywhere>"],
                domain="cover",
                name="all",
            ),
        )
    yield from _asked("{cover_classes:device_class}", "{cover_states:state}", {"domain": "cover"})
    yield from _asked(_LOCKABLE, "[(securely|fully|properly)] {lock_states:state}", {"domain": "lock"})
    for kind, sense in SENSES.items():
        yield from _sensed(kind, sense)
    yield from _measured()
    yield from _named()
    yield "HassMediaSearchAndPlay", _block(["play [the] {search_query} {media_class} in [<the>] {area}"])
    yield (
        "HassMediaSearchAndPlay",
        {
            "sentences": ["play the {search_query} {media_class}"],
            "requires_context": {"area": {"slot": True}},
        },
    )
    yield (
        "HassMediaSearchAndPlay",
        {
            "sentences": ["play [the] {search_query} {media_class} on [<the>] {name}"],
            "requires_context": {"domain": ["media_player"]},
        },
    )


def _block(sentences: list[str], response: str | None = None, **slots: str) -> dict[str, Any]:
    return {"sentences": sentences, "slots": slots, **({"response": response} if response else {})}


def _switched(intent: str, domain: str, noun: str, way: str, verb: str) -> Iterator[Block]:
    """Return templates to switch on and off: everything of a kind, everywhere or in some place."""
    some = f"[(<u_all>|<the>)] [<u_whole>] {noun}"
    every = f"<u_all> [<u_whole>] {noun}"
    yield (
        intent,
        _block(
            [
                f"(<u_turn>|power|shut) {way} {every} [<u_everywhere>]",
                f"(<u_turn>|power|shut) {way} {some} <u_everywhere>",
                f"[(<u_turn>|power|shut)] {every} {way} [<u_everywhere>]",
                f"[(<u_turn>|power|shut)] {some} {way} <u_everywhere>",
                f"(<u_turn>|power|shut) {some} <u_everywhere> {way}",
                f"{verb} {every} [<u_everywhere>]",
                f"{verb} {some} <u_everywhere>",
                f"(make sure|ensure) [that] {every} [<u_everywhere>] (is|are) [turned] {way}",
            ],
            domain=domain,
            name="all",
        ),
    )
    yield (
        intent,
        _block(
            [
                f"(<u_turn>|power|shut) {way} {some} <u_in_place>",
                f"(<u_turn>|power|shut) {way} {some} {{floor}} [floor]",
                f"(<u_turn>|power|shut) {way} [(<u_all>|<the>)] ({{area}}|{{floor}} [floor]) {noun}",
                f"[(<u_turn>|power|shut)] {some} {way} <u_in_place>",
                f"[(<u_turn>|power|shut)] {some} <u_in_place> [to] {way}",
                f"[(<u_turn>|power|shut)] [(<u_all>|<the>)] ({{area}}|{{floor}} [floor]) {noun} [to] {way}",
                f"{verb} {some} <u_in_place>",
                f"{verb} [(<u_all>|<the>)] ({{area}}|{{floor}} [floor]) {noun}",
                f"(make sure|ensure) [that] {some} <u_in_place> (is|are) [turned] {way}",
            ],
            domain=domain,
        ),
    )


def _locks() -> Iterator[Block]:
    for intent, verb in (("HassTurnOn", "lock [up]"), ("HassTurnOff", "unlock")):
        yield (
            intent,
            _block(
                [
                    f"{verb} [(<u_all>|<the>)] ({{area}}|{{floor}} [floor]) {_LOCKABLE}",
                    f"{verb} [(<u_all>|<the>)] {_LOCKABLE} <u_in_place>",
                ],
                domain="lock",
            ),
        )
        yield (
            intent,
            _block(
                [f"{verb} <u_all> {_LOCKABLE} [<u_everywhere>]", f"{verb} [<the>] {_LOCKABLE} <u_everywhere>"],
                domain="lock",
                name="all",
            ),
        )


def _asked(noun: str, state: str, slots: Mapping[str, str]) -> Iterator[Block]:
    """Return templates to ask whether any or all, which and how many things of a kind are in a state."""
    things = f"({noun}|({{area}}|{{floor}} [floor]) {noun}|{noun} <u_in_place>)"
    end = f"[<u_now>] {state} [<u_place>] [<u_now>]"
    intent = "HassGetState"
    yield (
        intent,
        _block(
            [
                f"[<u_tell>] [(are|is)] [there] <any> {things} [that (are|is)] {end}",
                f"<u_tell> there (are|is) [<any>] {things} [that (are|is)] {end}",
                f"<u_tell> [<the>] {things} (are|is) {end}",
                f"<u_have> [(any|some|a)] {state} [{{area}}] {noun} [<u_place>] [<u_now>]",
                f"(are|is) [<the>] {things} {end}",
            ],
            "any",
            **slots,
        ),
    )
    yield intent, _block([f"[<u_tell>] [(are|is)] <u_all> {things} {end}"], "all", **slots)
    yield (
        intent,
        _block(
            [
                f"(which|what) [of <the>] {things} (are|is) {end}",
                f"(tell me|show me|list) (which|what) {things} (are|is) {end}",
            ],
            "which",
            **slots,
        ),
    )
    yield intent, _block([f"how many [of <the>] {things} (are|is) [there] {end}"], "how_many", **slots)


def _named() -> Iterator[Block]:
    """Return templates for the state of one thing, with a word or a place more than Home Assistant allows."""
    for names, state in (
        ("u_switched", "[(turned|switched)] {on_off_states:state}"),
        ("u_opened", "{cover_states:state}"),
        ("u_locked", "[(securely|fully|properly)] {lock_states:state}"),
    ):
        yield (
            "HassGetState",
            _block(
                [
                    f"(is|are) [<the>] {{{names}:name}} [<u_now>] {state} [<u_in_place>] [<u_now>]",
                    f"<u_tell> [<the>] {{{names}:name}} (is|are) [<u_now>] {state} [<u_in_place>] [<u_now>]",
                ],
                "one_yesno",
            ),
        )


def _sensed(kind: str, sense: Sense) -> Iterator[Block]:
    """Return templates for what a binary sensor of one class says."""
    intent, slots = "HassGetState", {"domain": "binary_sensor", "device_class": kind}
    state = f"{{u_{kind}_states:state}}"
    name = f"{{u_{kind}:name}}"
    word = f"[{sense.word}]" if sense.word else ""
    yield from _asked(f"({sense.nouns})", state, slots)
    yield (
        intent,
        _block(
            [
                f"(is|are) [<the>] {name} {word} [<u_now>] {state} [<u_in_place>] [<u_now>]",
                f"(is|are) [<the>] {{area}} {name} {word} [<u_now>] {state}",
                f"<u_tell> [<the>] {name} {word} (is|are) [<u_now>] {state} [<u_in_place>]",
            ],
            "one_yesno",
            **slots,
        ),
    )
    if sense.thing:
        yield intent, _block([f"(is|are) (anything|something) {state} [<u_place>] [<u_now>]"], "any", **slots)
        yield intent, _block([f"what is {state} [<u_in_place>] [<u_now>]"], "which", **slots)
    if sense.stuff:
        yield (
            intent,
            _block(
                [
                    f"(is|are) there [(any|a|an|some)] ({sense.stuff}) [<u_found>] [<u_place>] [<u_now>]",
                    f"(is|are) [(any|some)] ({sense.stuff}) <u_found> [<u_place>] [<u_now>]",
                    f"<u_tell> there (is|are) [(any|a|an|some)] ({sense.stuff}) [<u_place>]",
                ],
                "any",
                state="on",
                **slots,
            ),
        )
        yield (
            intent,
            _block(
                [f"(is|are) there [(any|a|an|some)] ({sense.stuff}) (with|for|on|at|in|from) [<the>] {name}"],
                "one_yesno",
                state="on",
                **slots,
            ),
        )


def _measured() -> Iterator[Block]:
    """Return templates for what a sensor measures, and what is measured in a room."""
    name, quantity = "{u_sensor:name}", "<u_before> {u_quantity:device_class} <u_after>"
    yield (
        "HassGetState",
        _block(
            [
                f"<u_ask> [the] {quantity} {_BY} [<the>] {name}",
                f"<u_ask> [<the>] {name}['s] {quantity}",
                f"how much {quantity} (does|do|is|has|have) [<the>] {name} [(have|got|use|using|make|show)] [left]",
                f"how much {quantity} is [(left|there)] (in|on|from|for|of) [<the>] {name}",
                f"<u_how> [<the>] {name}['s] {quantity}",
                f"<u_how> the {quantity} {_BY} [<the>] {name}",
            ],
            "one",
            domain="sensor",
        ),
    )
    quantity = "<u_before> {u_room_quantity:device_class} <u_after>"
    yield (
        "HassGetState",
        _block(
            [
                f"<u_ask> [the] {quantity} <u_in_place>",
                f"<u_ask> [<the>] {{area}} {quantity}",
                f"<u_how> the {quantity} <u_in_place>",
            ],
            "one",
            domain="sensor",
        ),
    )


_EVERY = re.compile(r"\b(?:all|every|each|both|everywhere|fans|locks|doors)\b", re.IGNORECASE)
_OF_ALL = frozenset({"fan", "lock"})


def everyone(intent: str, slots: Mapping[str, str], text: str, *, placed: bool) -> dict[str, str]:
    """Return the slots, and `name` "all" where a request switches every fan or lock (Home Assistant's way to say so).

    Args:
        intent: The intent.
        slots: The slots.
        text: The request.
        placed: Whether it says a room or a floor: the fan of a room is all fans that are there.
    """
    if intent not in ("HassTurnOn", "HassTurnOff") or "name" in slots or slots.get("domain") not in _OF_ALL:
        return dict(slots)
    every = _EVERY.search(text) or (placed and slots["domain"] == "fan")
    return {**slots, "name": "all"} if every else dict(slots)


def quantity_class(slots: Mapping[str, str], device: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the slots, unless the class they name is not that of the device they name."""
    said, has = slots.get("device_class"), device.get("device_class")
    if said is not None and has is not None and said != has and slots.get("domain") in ("sensor", "binary_sensor"):
        return None
    return dict(slots)
