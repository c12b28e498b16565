"""Reader "llm": an OpenAI-compatible endpoint (Ollama, llama.cpp, vLLM, …), off by default.

The endpoint is told what can be asked and must answer in JSON that fits it. Nothing it says is taken on trust: an
intent, a slot, a name of the home or a number that is not there or was not said drops the reading, and so does whatever
is critical. Names of the home stay here unless `share_names` is set: "THING_1" goes out for "kitchen light". A failure
(no network, a time-out, nonsense) is an empty answer, after which the endpoint is left alone for a while.

Limit: the rest of a request leaves the home; say so to the people who live there.
"""

from __future__ import annotations

import json
import math
import re
import time
import urllib.request
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, ClassVar
from urllib.parse import urlsplit

from uptake.assistant.hypotheses import OUT_OF_SCOPE, READINGS_KEPT, Hypothesis
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.readers.masking import mask
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills.skill import Intent
from uptake.errors import BadConfig
from uptake.text.lexicon import numbers
from uptake.text.tokens import words
from uptake.types import Interpretation, Situation

__all__ = ["LlmReader", "Quota"]

_MOST_BYTES, _MOST_TOKENS = 200_000, 300
_MOST = 3
_PAUSE_S, _LONGEST_PAUSE_S = 30.0, 1_800.0
_OF_THE_HOME = frozenset({"name", "area", "floor"})
_COUNTED = "llm_asked"
_CLOSED = {"direction": frozenset({"up", "down"})}
"""Slots whose values need not have been said in these words."""
_TASK = (
    'You read requests to a smart home. Answer with JSON: {"readings": [{"intent": …, "slots": {…}, '
    '"confidence": 0..1}]}, best first, at most three. Use only the intents and slots given. Slot values are strings: '
    "words of the request, numbers in digits, names exactly as given (THING_1, PLACE_1 stand for names). If the "
    f"request is none of the intents, the intent is {OUT_OF_SCOPE}.\n"
)


class Quota:
    """Requests that may be sent a day, counted across processes.

    Args:
        memory: Where they are counted.
        a_day: The most; 0 for none at all.
        now: The clock of the home.
    """

    def __init__(self, memory: Memory, a_day: int, now: Callable[[], datetime]) -> None:
        self._memory, self._a_day, self._now = memory, a_day, now

    def take(self) -> bool:
        """Count a request, unless the day has had its share; tell whether it may be sent."""
        today = self._now().date().isoformat()
        counted = self._memory.get(HOME, _COUNTED, {})
        spent = counted.get("n", 0) if counted.get("day") == today else 0
        if spent >= self._a_day:
            return False
        self._memory.set(HOME, _COUNTED, {"day": today, "n": spent + 1})
        return True


@dataclass(frozen=True, slots=True)
class _Sent:
    """Request as it goes out, and what its placeholders stand for."""

    text: str
    stands_for: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """(kind, name of the home) by placeholder."""
    said: frozenset[str] = frozenset()
    """Words of the request as it came."""
    numbers: frozenset[float] = frozenset()


class LlmReader:
    """Reader that asks a language model.

    Args:
        base_url: Address of the endpoint, for example "http://localhost:11434/v1".
        model: Name of the model there.
        intents: What can be asked, by name.
        vocabulary: Names of the home.
        critical: Names of things that it has no say about: locks, ways into the home, the oven.
        api_key: Secret; None where the endpoint needs none. Keep it in the environment, not in a file.
        timeout_s: Longest time to wait for the next bytes of an answer, and for all of it once it began, in seconds.
        share_names: Whether names of devices, areas and floors are sent, or placeholders.
        worth: The most that a reading is worth, in [0, 1]; from 0.6 the assistant acts on one without asking.
        quota: How many requests may be sent a day; None for any number.
        clock: Seconds that only ever grow.

    Raises:
        BadConfig: The address is no http(s) address, or an option is out of range.
    """

    name: ClassVar[str] = "llm"

    def __init__(  # noqa: PLR0913 - an endpoint, what it is told, and how far it is trusted
        self,
        base_url: str,
        *,
        model: str,
        intents: Mapping[str, Intent],
        vocabulary: Vocabulary,
        critical: Set[str] = frozenset(),
        api_key: str | None = None,
        timeout_s: float = 2.0,
        share_names: bool = False,
        worth: float = 0.55,
        quota: Quota | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise BadConfig("base_url must start with http:// or https://")
        if not 0.0 <= worth <= 1.0:
            raise BadConfig("worth must be a number from 0 to 1")
        if not timeout_s > 0:
            raise BadConfig("timeout_s must be more than 0")
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model, self._api_key, self._timeout_s = model, api_key, timeout_s
        self._intents = {name: intent for name, intent in intents.items() if not intent.critical}
        self._vocabulary, self._critical, self._shares = vocabulary, frozenset(critical), share_names
        self._worth, self._quota, self._clock = worth, quota, clock
        self._pause_s, self._rests_until = _PAUSE_S, -math.inf
        self._kept: dict[tuple[str, str | None], tuple[Hypothesis, ...]] = {}

    @property
    def rests(self) -> bool:
        """Whether the endpoint failed and is left alone for now."""
        return self._clock() < self._rests_until

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return the model's readings of a request, best first; none where it fails, rests or has had its share."""
        key = text, situation.context.room if self._shares else None
        if key in self._kept:
            return self._kept[key]
        if self.rests or (self._quota is not None and not self._quota.take()):
            return ()
        sent = self._sent(text)
        try:
            answer = json.loads(self._ask(sent, situation))
            content = _json_of(answer["choices"][0]["message"]["content"])
            readings = [self._reading(each, sent) for each in content["readings"][:_MOST]]
        except (OSError, HTTPException, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            self._rests_until = self._clock() + self._pause_s
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            return ()
        self._pause_s = _PAUSE_S
        while len(self._kept) >= READINGS_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = tuple(
            Hypothesis(interpretation=reading, reader=self.name, reason="a language model")
            for reading in sorted((each for each in readings if each), key=lambda each: -(each.confidence or 0.0))
        )
        return self._kept[key]

    def _sent(self, text: str) -> _Sent:
        said = frozenset(word.text for word in words(text))
        digits = frozenset(float(number) for number in numbers(text) if number.replace(".", "", 1).isdecimal())
        if self._shares:
            return _Sent(text, {}, said, digits)
        pieces, stands_for, last = list[str](), dict[str, tuple[str, str]](), 0
        for mention in mask(text, self._vocabulary).mentions:
            at = last + _found(mention.said, text[last:])
            stem = "THING" if mention.name.kind == "name" else "PLACE"
            placeholder = f"{stem}_{len(stands_for) + 1}"
            stands_for[placeholder] = mention.name.kind, mention.name.meant
            pieces += [text[last:at], placeholder]
            last = at + len(mention.said)
        return _Sent("".join([*pieces, text[last:]]), stands_for, said, digits)

    @cached_property
    def _system(self) -> str:
        """What every request is preceded by: the same words, so that an endpoint can keep what it made of them."""
        known: dict[str, Any] = {"intents": {name: [*map(str, _slots(one))] for name, one in self._intents.items()}}
        if self._shares:
            known["devices"] = {name.meant: name.domain for name in self._vocabulary.of_kind("name")}
            for kind in ("area", "floor"):
                known[f"{kind}s"] = sorted({name.meant for name in self._vocabulary.of_kind(kind)})
        return _TASK + json.dumps(known, ensure_ascii=False)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        """JSON Schema of an answer: an intent with slots of its own."""
        frames = [
            _frame(name, {slot: {"type": "string"} for slot in _slots(intent)})
            for name, intent in self._intents.items()
        ]
        readings = {"type": "array", "maxItems": _MOST, "items": {"anyOf": [*frames, _frame(OUT_OF_SCOPE, {})]}}
        return {"type": "object", "required": ["readings"], "properties": {"readings": readings}}

    def _ask(self, sent: _Sent, situation: Situation) -> bytes:
        said: dict[str, Any] = {"request": sent.text}
        if self._shares:
            said["room"] = situation.context.room
        body = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "messages": [
                {"role": "system", "content": self._system},
                {"role": "user", "content": json.dumps(said, ensure_ascii=False)},
            ],
            "response_format": {"type": "json_schema", "json_schema": {"name": "readings", "schema": self._schema}},
        }
        headers = {"Content-Type": "application/json"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        request = urllib.request.Request(self._url, data=json.dumps(body).encode(), headers=headers, method="POST")  # noqa: S310 - the scheme was checked
        with _OPENER.open(request, timeout=self._timeout_s) as response:
            return _all_of(response, ends=time.monotonic() + self._timeout_s)

    def _reading(self, each: Mapping[str, Any], sent: _Sent) -> Interpretation | None:
        """Return a reading that fits what can be asked and what was said; None for any other."""
        confidence = float(each.get("confidence", 0.5))
        worth = round(self._worth * min(max(confidence, 0.0), 1.0), 4) if math.isfinite(confidence) else 0.0
        if each["intent"] == OUT_OF_SCOPE:
            return Interpretation(intent=OUT_OF_SCOPE, confidence=worth)
        intent = self._intents.get(each["intent"])
        if intent is None:
            return None
        kinds, slots = _slots(intent), dict[str, str]()
        for name, value in (each.get("slots") or {}).items():
            if value is None or not str(value).strip():
                continue
            found = self._value(name, kinds[name], str(value).strip(), sent) if name in kinds else None
            if found is None:
                return None
            slots[name] = found
        return Interpretation(intent=intent.name, slots=tuple(sorted(slots.items())), confidence=worth)

    def _value(self, slot: str, kind: str, value: str, sent: _Sent) -> str | None:
        """Return the value of a slot as the home has it; None where it was made up, or is critical."""
        if kind in _OF_THE_HOME:
            named = sent.stands_for.get(value) or self._named(kind, value)
            return named[1] if named is not None and named[0] == kind and named[1] not in self._critical else None
        if kind in ("number", "percentage"):
            plain = value.removesuffix("%").strip()
            is_said = plain.replace(".", "", 1).isdecimal() and float(plain) in sent.numbers
            return plain if is_said else None
        if slot in ("domain", "device_class"):
            names = self._vocabulary.of_kind("name")
            return value if value in {getattr(name, slot) for name in names} else None
        if slot in _CLOSED and value in _CLOSED[slot]:
            return value
        spoken = [word.text for word in words(value)]
        return value if spoken and sent.said.issuperset(spoken) else None

    def _named(self, kind: str, value: str) -> tuple[str, str] | None:
        names = self._vocabulary.of_kind(kind) if self._shares else ()
        return next(((kind, name.meant) for name in names if name.meant.casefold() == value.casefold()), None)


def _slots(intent: Intent) -> dict[str, str]:
    """Return the kinds of an intent's slots by name."""
    return {slot.name: slot.kind for slot in intent.slots}


def _frame(intent: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["intent", "slots", "confidence"],
        "additionalProperties": False,
        "properties": {
            "intent": {"const": intent},
            "slots": {"type": "object", "additionalProperties": False, "properties": dict(slots)},
            "confidence": {"type": "number"},
        },
    }


def _found(said: str, text: str) -> int:
    """Return where words stand in a text as words of their own."""
    return re.search(rf"(?<!\w){re.escape(said)}(?!\w)", text).start()  # type: ignore[union-attr] # they were found there


def _json_of(content: str) -> Any:
    """Return the JSON object of an answer, also where words or a fence stand around it."""
    return json.loads(content[content.index("{") : content.rindex("}") + 1])


def _all_of(response: Any, *, ends: float) -> bytes:
    """Read an answer whole.

    Raises:
        OSError: It is too long, or takes too long.
    """
    read = bytearray()
    while chunk := response.read1(65_536):
        read += chunk
        if len(read) > _MOST_BYTES or time.monotonic() > ends:
            raise TimeoutError
    return bytes(read)


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: requests, and the key, go where the configuration says."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow no redirection."""


_OPENER = urllib.request.build_opener(_Stays)
