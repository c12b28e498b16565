"""A reader of whole requests that knows a dozen wordings: what dialogue needs to tell a new request from an answer."""

from __future__ import annotations

import re

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation

_WORDINGS = (
    (r"(?:turn|switch) on (?P<name>.+)", "HassTurnOn"),
    (r"(?:turn|switch) off (?P<name>.+)", "HassTurnOff"),
    (r"(?:turn|switch) (?P<name>.+) off", "HassTurnOff"),
    (r"unlock(?: the| it)?(?: (?P<name>.+))?", "HassTurnOff"),
    (r"dim (?P<name>.+)", "HassLightSet"),
    (r"set a timer(?: (?:for )?(?P<minutes>\d+) minutes?)?", "HassStartTimer"),
    (r"play (?P<search_query>.+)", "HassMediaSearchAndPlay"),
    (r"what's the weather(?: like)?(?: in (?P<place>\w+))?(?: (?P<when>today|tomorrow))?", "HassGetWeather"),
    (r"what time is it(?: in (?P<place>\w+))?", "HassGetCurrentTime"),
    (r"add (?P<item>.+) to (?:my|the) (?P<name>.+) list", "HassListAddItem"),
    (r"wake me(?: up)?(?: at)? (?P<at>.+)", "SetAlarm"),
    (r"call (?P<person>.+)", "CallContact"),
)


class SimpleReader:
    """Reads what it knows with confidence 0.9; all else is out of scope."""

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        said = normalize(text).removeprefix("and ")
        for pattern, intent in _WORDINGS:
            found = re.fullmatch(pattern, said)
            if found is not None:
                slots = tuple((name, value) for name, value in found.groupdict().items() if value)
                reading = Interpretation(intent=intent, slots=slots, confidence=0.9)
                return (Hypothesis(interpretation=reading, reader="simple"),)
        return (Hypothesis(interpretation=Interpretation(intent=OUT_OF_SCOPE, confidence=0.6), reader="simple"),)
