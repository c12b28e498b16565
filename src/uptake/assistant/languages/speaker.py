"""Speak an answer in the language of the request, whatever language the skill that gave it speaks.

Skills answer in English. What is spoken instead: Home Assistant's response to the intent, filled with slots and states;
else the assistant's own sentence in the language; else the English answer with a word that says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from uptake.assistant.home.model import Device, Home, State
from uptake.assistant.languages.responses import Responses, Shown
from uptake.assistant.languages.words import ALL, Words, words_of
from uptake.assistant.memory import Memory
from uptake.assistant.skills.skill import Effect, Intent
from uptake.assistant.skills.time.timer_choice import every_timer, left
from uptake.types import Interpretation

__all__ = ["Asked", "Said", "Speaker"]

_GREETS = "HassRespond"
_GENERAL = ("default", "item_added", "item_completed", "item_deleted", "current_temperature")
_SETS = {"brightness": "brightness", "color": "color", "temperature": "temperature"}
_ROUNDED = ("rounded_hours_left", "rounded_minutes_left", "rounded_seconds_left")
_BEGUN = ("start_hours", "start_minutes", "start_seconds")
_PLACED = {"light": "lights", "fan": "fans"}


class Said(Protocol):
    """What the templates tell of a request (`uptake.assistant.readers.matching.match.Match`)."""

    @property
    def interpretation(self) -> Interpretation:
        """Meaning of the match."""

    @property
    def spans(self) -> tuple[tuple[str, int, int], ...]:
        """(slot, start, end) of what was said of each slot, in the request."""

    @property
    def response(self) -> str | None:
        """Name of the response that the template asks for."""


class _Matches(Protocol):
    """Source of matches (`uptake.assistant.readers.grammar.Grammar`)."""

    def matches(self, text: str, *, room: str | None = None) -> Sequence[Said]:
        """Return every way to match a request, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Request that was answered, and the English answer."""

    text: str
    """The request as it was acted on."""
    effect: Effect
    """The answer of the skill."""
    now: datetime
    """When it was said."""
    reading: Interpretation | None = None
    """Resolved reading; None where nothing was understood."""
    targets: tuple[Device, ...] = ()
    """The devices that are meant."""
    did: bool = False
    """Whether a skill acted."""
    problem: str | None = None
    """Slot that names nothing in the home."""
    question: str | None = None
    """Kind of question that is asked: confirm, choice, slot; None where nothing is asked."""
    slot: str | None = None
    """Slot that the question is about."""
    options: tuple[str, ...] = ()
    """Names to choose from."""
    room: str | None = None
    """Room in which it was said."""


class Speaker:
    """Speaker of a language other than English.

    Args:
        language: BCP 47 tag.
        home: Whose states are told.
        grammar: Templates that tell which response is meant.
        intents: Intents of the skills, by name.
        memory: Where timers are kept.
    """

    def __init__(
        self, language: str, *, home: Home, grammar: _Matches, intents: Mapping[str, Intent], memory: Memory
    ) -> None:
        self.words, self._memory = words_of(language) or Words(), memory
        self._responses, self._home, self._grammar, self._intents = Responses(language), home, grammar, intents

    def reaction(self, text: str, *, asked: bool) -> str | None:
        """Return the English words of a reaction such as "ja"; None for a request.

        Words that are a request of their own ("stopp") are a reaction only where something was `asked`.
        """
        found = self.words.reaction(text)
        return found if found is not None and (asked or not self._grammar.matches(text)) else None

    def say(self, asked: Asked) -> str:
        """Return what is said to a person."""
        if asked.question is not None:
            return self._question(asked)
        whole = self.words.answers.get(asked.effect.speech)
        if whole is not None:
            return whole
        if asked.effect.status != "ok":
            return self._failure(asked)
        return (self._response(asked) if asked.did and asked.reading is not None else None) or self._plain(asked)

    def announce(self, speech: str) -> str:
        """Return what is said instead of an English announcement: only timers and planned commands have any."""
        known = self.words.answers.get(speech) or (self.phrase("timer_done") if " is done" in speech else None)
        return known or self._in_english(speech)

    def phrase(self, name: str) -> str | None:
        """Return one of the assistant's own sentences; None where the language has none."""
        return self.words.phrases.get(name)

    def _plain(self, asked: Asked) -> str:
        intent = self._intents.get(asked.reading.intent) if asked.reading is not None else None
        done = self.phrase("done")
        if done is not None and asked.did and intent is not None and intent.changes:
            return done
        return self._in_english(asked.effect.speech)

    def _in_english(self, speech: str) -> str:
        said = self.phrase("english_only")
        return said.format(speech=speech) if said is not None and speech else speech

    def _failure(self, asked: Asked) -> str:
        reading, errors = asked.reading, self._responses.error
        if reading is None:
            return errors("no_intent") or asked.effect.speech
        slots = dict(reading.slots)
        if asked.problem == "name" and "name" in slots:
            return errors("no_entity", entity=slots["name"]) or asked.effect.speech
        if asked.problem in ("area", "floor") and asked.problem in slots:
            return errors(f"no_{asked.problem}", **{asked.problem: slots[asked.problem]}) or asked.effect.speech
        if "Timer" in reading.intent:
            return errors("timer_not_found") or asked.effect.speech
        return self.phrase("failed") or self._in_english(asked.effect.speech)

    def _question(self, asked: Asked) -> str:
        said, names = self.words.phrases, self._joined([device.name for device in asked.targets], "and")
        if not said:
            return asked.effect.speech
        if asked.question == "choice" and asked.options:
            return said["which"].format(options=self._joined(asked.options, "or"))
        if asked.question == "slot":
            timer = asked.slot == "name" and asked.reading is not None and "Timer" in asked.reading.intent
            slot = "timer" if timer else asked.slot or ""
            return said["missing"].format(slot=self.words.slots.get(slot, slot))
        deed = self._deed(asked)
        if asked.question == "confirm" and deed is not None and names:
            return said["confirm"].format(deed=deed.format(names=names))
        return said["did_you_mean"].format(request=asked.text) if asked.reading else asked.effect.speech

    def _deed(self, asked: Asked) -> str | None:
        if asked.reading is None or not asked.targets:
            return None
        domains = {device.domain for device in asked.targets}
        own = f"{asked.reading.intent}.{next(iter(domains))}" if len(domains) == 1 else ""
        return self.words.deeds.get(own) or self.words.deeds.get(asked.reading.intent)

    def _joined(self, names: Sequence[str], joint: str) -> str:
        *front, last = names or ("",)
        return f"{', '.join(front)} {self.phrase(joint) or joint} {last}" if front else last

    def _response(self, asked: Asked) -> str | None:
        reading = asked.reading
        if reading is None or reading.intent == _GREETS:
            return None
        match = next(
            (
                one
                for one in self._grammar.matches(asked.text, room=asked.room)
                if one.interpretation.intent == reading.intent
            ),
            None,
        )
        slots: dict[str, Any] = dict(reading.slots)
        if match is not None:
            slots |= {name: asked.text[start:end].strip() for name, start, end in match.spans}
        slots |= {"time": asked.now.time(), "date": asked.now.date(), "timers": self._timers(asked.now)}
        if asked.targets and "name" not in slots:
            slots["name"] = self._joined([device.name for device in asked.targets], "and")
        wanted = dict(reading.slots).get("state")
        shown = [self._shown(device) for device in asked.targets]
        right = [self._home.states()[device.entity_id].value == wanted for device in asked.targets]
        for key in self._keys(reading, match, asked.targets):
            said = self._responses.say(
                reading.intent,
                key,
                slots=slots,
                state=shown[0] if shown else None,
                matched=[one for one, fits in zip(shown, right, strict=True) if fits or wanted is None],
                unmatched=[one for one, fits in zip(shown, right, strict=True) if not fits and wanted is not None],
            )
            if said is not None:
                return said if said[-1] in ".!?" else f"{said}."
        return None

    def _keys(self, reading: Interpretation, match: Said | None, targets: Sequence[Device]) -> list[str]:
        """Return the names of the responses that may be meant, the likeliest first."""
        known, slots = self._responses.keys(reading.intent), dict(reading.slots)
        named = [match.response] if match is not None and match.response else []
        named += [slots["response"]] if "response" in slots else []
        domains = {device.domain for device in targets}
        domain = next(iter(domains)) if len(domains) == 1 else slots.get("domain", "")
        if domain in _PLACED and "area" in slots:
            named.append(f"{_PLACED[domain]}_area")
        named += [domain, *(key for slot, key in _SETS.items() if slot in slots)]
        some = slots.get("name") != "all"  # "all the lights" of this room, in templates that take the room as given
        fits = [key for key in dict.fromkeys([*named, *_GENERAL]) if key in known]
        return [key for key in fits if not (some and key in ALL)]

    def _shown(self, device: Device) -> Shown:
        state = self._home.states()[device.entity_id]
        value = self._state(device, state)
        unit = state.attributes.get("unit")
        return Shown(
            name=device.name,
            entity_id=device.entity_id,
            domain=device.domain,
            state=value,
            state_with_unit=f"{value} {unit}" if unit else value,
            attributes=state.attributes,
        )

    def _timers(self, now: datetime) -> list[dict[str, Any]]:
        """Return the timers of everybody, as response templates know them."""
        found = []
        for _, timer in every_timer(self._memory):
            seconds = int(left(timer, now).total_seconds())
            total = int(timer["length_s"])
            found.append(
                {
                    "is_active": timer["ends_at"] is not None,
                    "name": timer["name"] or "",
                    "area": timer["area"] or "",
                    "area_name": timer["area"] or "",
                    "total_seconds_left": seconds,
                    **dict(zip(_ROUNDED, (seconds // 3600, seconds // 60 % 60, seconds % 60), strict=True)),
                    **dict(zip(_BEGUN, (total // 3600, total // 60 % 60, total % 60), strict=True)),
                }
            )
        return found

    def _state(self, device: Device, state: State) -> str:
        states = self.words.states
        return states.get(f"{device.device_class}.{state.value}") or states.get(state.value) or state.value
