"""Words of a language other than English: reactions, guards against wrong corrections, and the assistant's sentences.

Limit: German and Spanish. In every other language Home Assistant's own answers are spoken and the rest is English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from uptake.text.tokens import words as tokens

__all__ = ["ALL", "Words", "words_of"]

ALL = frozenset({"light_all", "fan_all", "open_all", "close_all"})
"""Home Assistant's responses to requests that mean every thing of a kind."""

_FOLDER = Path(__file__).parent
_PLEASE = frozenset({"bitte", "mal", "porfa", "favor", "por"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of one language."""

    reactions: Mapping[str, str] = field(default_factory=dict)
    """What is said in answer to the assistant -> the English words that the dialogue knows."""
    guards: frozenset[str] = frozenset()
    """Words that a request must be read with, or not at all: negation, condition, exception."""
    steering: tuple[str, ...] = ()
    """Beginnings of words that turn a meaning round."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Whole English answers -> the same in the language."""
    phrases: Mapping[str, str] = field(default_factory=dict)
    """Sentences with gaps."""
    deeds: Mapping[str, str] = field(default_factory=dict)
    """Intent, or intent and domain -> how it is asked for."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot -> how it is asked for."""
    states: Mapping[str, str] = field(default_factory=dict)
    """State, or device class and state -> how it is said."""

    def reaction(self, text: str) -> str | None:
        """Return the English words of a reaction; None for any other request."""
        said = [word.text for word in tokens(text.casefold())]
        bare = [word for word in said if word not in _PLEASE]
        return next((found for each in (said, bare) if (found := self.reactions.get(" ".join(each)))), None)


@lru_cache(maxsize=8)
def words_of(language: str) -> Words | None:
    """Return the words of a language by its BCP 47 tag; None where there are none.

    >>> words_of("de").reaction("Ja, bitte!")
    'yes'
    """
    path = _FOLDER / f"{language.split('-', maxsplit=1)[0]}.toml"
    if not path.is_file():
        return None
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Words(
        reactions={
            " ".join(word.text for word in tokens(said)): english
            for english, ways in told["reactions"].items()
            for said in ways
        },
        guards=frozenset(told["guards"]["words"]),
        steering=tuple(told["steering"]["stems"]),
        **{name: told[name] for name in ("answers", "phrases", "deeds", "slots", "states")},
    )
