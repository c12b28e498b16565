"""Reader "llm": an OpenAI-compatible endpoint, off by default.

The endpoint is told the intents, the names of the home and where the request was made, and must answer in JSON. What
it answers is believed only as far as it names known intents, and never enough to be sure. Any failure (no network, a
time-out, nonsense) is an empty answer, so that the other readers decide.

Limit: a request leaves the home; say so to the people who live there.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills.skill import Intent
from uptake.errors import BadConfig
from uptake.types import Interpretation, Situation

__all__ = ["LlmReader"]

_MOST_BYTES = 200_000
_MOST = 5
_WORTH = 0.8
"""The most that a reading of the endpoint is worth."""
_TASK = (
    'You read requests to a smart home. Answer with JSON: {"readings": [{"intent": …, "slots": {…}, '
    '"confidence": 0..1}]}, best first, at most three. Use only the intents and slots given. Slot values are strings; '
    f"numbers in digits; names exactly as given. If it is none of them, the intent is {OUT_OF_SCOPE}."
)


class LlmReader:
    """Reader that asks a language model.

    Args:
        base_url: Address of the endpoint, for example "http://localhost:11434/v1".
        model: Name of the model there.
        intents: What can be asked, by name.
        vocabulary: Names of the home.
        api_key: Secret; None where the endpoint needs none. Keep it in the environment, not in a file.
        timeout_s: Longest time to wait for an answer, in seconds.

    Raises:
        BadConfig: The address is no http(s) address.
    """

    name: ClassVar[str] = "llm"

    def __init__(
        self,
        base_url: str,
        *,
        model: str,
        intents: Mapping[str, Intent],
        vocabulary: Vocabulary,
        api_key: str | None = None,
        timeout_s: float = 2.0,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise BadConfig("llm.base_url must start with http:// or https://")
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model, self._api_key, self._timeout_s = model, api_key, timeout_s
        self._intents = intents
        self._known = {
            "intents": {name: [slot.name for slot in intent.slots] for name, intent in intents.items()},
            "devices": {name.meant: name.domain for name in vocabulary.of_kind("name")},
            "areas": sorted({name.meant for name in vocabulary.of_kind("area")}),
            "floors": sorted({name.meant for name in vocabulary.of_kind("floor")}),
        }

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return the model's readings of a request; none where it fails."""
        try:
            answer = self._ask(text, situation)
            content = json.loads(answer["choices"][0]["message"]["content"])
            readings = content["readings"][:_MOST]
            hypotheses = [self._reading(each) for each in readings]
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            return ()
        return tuple(
            Hypothesis(interpretation=reading, reader=self.name, reason="a language model")
            for reading in sorted((each for each in hypotheses if each), key=lambda each: -(each.confidence or 0.0))
        )

    def _ask(self, text: str, situation: Situation) -> Any:
        said = {"request": text, "room": situation.context.room, **self._known}
        body = {
            "model": self._model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": _TASK},
                {"role": "user", "content": json.dumps(said, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "readings", "schema": _schema([*self._intents, OUT_OF_SCOPE])},
            },
        }
        headers = {"Content-Type": "application/json"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self._url, data=json.dumps(body).encode(), headers=headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=self._timeout_s) as response:  # noqa: S310 - as above
            return json.loads(response.read(_MOST_BYTES))

    def _reading(self, each: Mapping[str, Any]) -> Interpretation | None:
        intent = each["intent"]
        if intent != OUT_OF_SCOPE and intent not in self._intents:
            return None
        slots = each.get("slots") or {}
        confidence = min(max(float(each.get("confidence", 0.5)), 0.0), 1.0)
        return Interpretation(
            intent=intent,
            slots=tuple(sorted((str(name), str(value)) for name, value in slots.items() if value is not None)),
            confidence=round(_WORTH * confidence, 4),
        )


def _schema(intents: list[str]) -> dict[str, Any]:
    reading = {
        "type": "object",
        "required": ["intent", "slots", "confidence"],
        "properties": {
            "intent": {"type": "string", "enum": intents},
            "slots": {"type": "object", "additionalProperties": {"type": "string"}},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
    }
    return {
        "type": "object",
        "required": ["readings"],
        "properties": {"readings": {"type": "array", "maxItems": _MOST, "items": reading}},
    }
