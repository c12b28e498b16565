"""Check whether a definition would refer back to the word that it defines."""

from __future__ import annotations

from collections.abc import Mapping

from uptake.teaching.concepts.artifact import Concept
from uptake.text.normalize import normalize

__all__ = ["circle"]

_SHORT = 5  # most other words of an explanation of a word by itself


def circle(text: str, concept: str, known: Mapping[str, Concept]) -> str | None:
    """Return the concept through which a definition would lead back to itself; None where it does not."""
    words = f" {normalize(text)} "
    if not concept:
        return None
    if f" {concept} " in words and len(words.split()) - len(concept.split()) <= _SHORT:
        return concept
    for key, other in known.items():
        if f" {key} " in words and key != concept and concept in _all_uses(other, known):
            return key
    return None


def _all_uses(concept: Concept, known: Mapping[str, Concept]) -> set[str]:
    found: set[str] = set()
    waiting = list(concept.uses)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += known[key].uses if key in known else ()
    return found
