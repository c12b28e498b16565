"""Baseline for contextual rewriting: replace pronouns by the name that was spoken last.

A name is a span of capitalised words inside a sentence, or else the value of a slot, or else the title of the topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from uptake.rewriting.contextual.spans import Message

__all__ = ["name_spoken_last", "pronouns_named"]

_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w'-]*)(?: (?:of |the |and )?[A-Z][\w'-]*)*")
_OPENING = re.compile(r"^(?:The )?((?:[A-Z][\w'-]*)(?: [A-Z][\w'-]*)+)")
_PRONOUN = re.compile(r"\b(it|they|them|he|she|him|this|that|one|there)\b(?!')", re.IGNORECASE)
_OWN = re.compile(r"\b(its|their|his|her)\b(?= \w)", re.IGNORECASE)


def pronouns_named(request: str, past: Sequence[Message]) -> str:
    """Return the request with its first pronoun replaced by the name spoken last; as it is where either is missing.

    >>> pronouns_named("What is their phone number?", [Message("assistant", "the Golden Wok serves Chinese food.")])
    "What is Golden Wok's phone number?"
    """
    name = name_spoken_last(past)
    if name is None:
        return request
    changed, count = _OWN.subn(f"{name}'s", request, count=1)
    return changed if count else _PRONOUN.sub(name, request, count=1)


def name_spoken_last(past: Sequence[Message]) -> str | None:
    """Return the name spoken last, None where there is none."""
    topic = next((said.text for said in past if said.speaker == "topic"), None)
    if topic is not None:
        return topic
    for said in reversed(past):
        found = [*_NAME.findall(said.text), *_OPENING.findall(said.text)]
        if said.speaker == "assistant" and found:
            return str(found[0])
        if said.slots:
            return said.slots[-1][1]
    return None
