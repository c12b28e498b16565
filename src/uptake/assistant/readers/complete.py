"""Complete a reading from the home or the request: the class of a sensor, and where a title begins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.text.patterns import regex

__all__ = ["ROOMY", "completed"]

ROOMY = frozenset(
    "HassTurnOn HassTurnOff HassLightSet HassClimateGetTemperature HassSetPosition HassMediaPause HassMediaUnpause "
    "HassMediaNext "
    "HassMediaPrevious HassMediaSearchAndPlay HassSetVolume HassSetVolumeRelative".split()
)
"""Intents that are about the room in which they are said, where none is named."""
_THE = "the "
_PARTITIVE = regex(
    r"^(?:(?:some|a (?:little )?bit of|a little|a few|a couple of) (?:of )?(?=\S)|of (?=the )"
    r"|(?:the|an?|my) (?:album|song|track|movie|film|playlist|podcast|audiobook) (?:called |named )?(?=\S))+",
    re.IGNORECASE,
)
"""Words before a title that are none of it: "some jazz", "the album kind of blue"."""


def completed(intent: str, slots: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Add slots that go without saying.

    Who is asked after without a place is asked after at home. A question about a binary sensor has the sensor's class,
    where the home has one thing of that name; in "play the … album" the article belongs to the album, and "some" in
    "play some …" to no title.
    """
    whole = dict(slots)
    if intent == "HassGetState" and "state" in whole and "device_class" not in whole and "name" in whole:
        called = {(name.domain, name.device_class) for name in vocabulary.devices.get(whole["name"].casefold(), ())}
        domain, kind = next(iter(called)) if len(called) == 1 else (None, None)
        if domain == "binary_sensor" and kind:
            whole |= {"domain": domain, "device_class": kind}
    if intent == "HassGetState" and whole.get("domain") == "person" and not {"state", "name"} & whole.keys():
        whole["state"] = "home"
    if intent == "HassSetPosition" and "device_class" in whole and not {"domain", "name"} & whole.keys():
        whole["domain"] = "cover"
    query = _PARTITIVE.sub("", whole.get("search_query", ""))
    if query:
        whole["search_query"] = query
    if "media_class" in whole and query.casefold().startswith(_THE) and len(query) > len(_THE):
        whole["search_query"] = query[len(_THE) :]
    return whole
