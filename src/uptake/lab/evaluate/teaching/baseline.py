"""Baseline of teaching: regular expressions, as one would write them in an afternoon.

A gap is the text after the last "to" or "on" of a "set", "put" or "make", if it is no number and no colour. A
definition is its percentages, colours and "on" or "off" for the device of the request. A concept is used if its words
are said. Preferences are "I like", "I hate", "I'm a … fan", "I'm <diet>", "use <unit>".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uptake.lab.evaluate.teaching.play import Noted
from uptake.lab.evaluate.teaching.preferring import Stated, f1, wanted
from uptake.lab.evaluate.teaching.rows import Action, Dialogue, actions_of
from uptake.text.normalize import normalize

__all__ = ["Baseline", "baseline_preferences"]

_GAP = re.compile(
    r"^(?:please )?(?:set|put|make|turn|switch) (?P<where>.+?) (?:to|on|in|into) (?P<gap>[a-z' ]+)$", re.IGNORECASE
)
_VALUES = (
    ("brightness", re.compile(r"(\d+) ?(?:%|percent)")),
    ("color", re.compile(r"\b(red|green|blue|yellow|orange|purple|pink|white)\b")),
)
_KNOWN = re.compile(r"\b(?:percent|degrees|red|green|blue|off|on|\d+)\b")
_CANCEL = re.compile(r"\b(?:cancel|never mind|forget it|no)\b")
_TAUGHT = re.compile(r"^(?:when i say|if i say) (?P<concept>[^,]+), (?P<body>.+)$", re.IGNORECASE)


class Baseline:
    """Learner with regular expressions."""

    def start(self, dialogue: Dialogue, directory: Path) -> None:
        """Begin a dialogue."""
        del directory
        self._names = [(each["name"], each["domain"]) for each in dialogue.home["entities"]]
        self._known: dict[str, frozenset[Action]] = {
            normalize(each["concept"]): frozenset(actions_of(each)) for each in dialogue.taught if each.get("actions")
        }
        self._asked: tuple[str, str] | None = None
        self._drafted: frozenset[Action] = frozenset()

    def say(self, turn: Mapping[str, Any]) -> Noted:
        """Hear a turn."""
        text = normalize(turn["user"])
        if self._asked is not None:
            return self._answer(text, *self._asked)
        taught = _TAUGHT.match(turn["user"])
        if taught is not None:
            self._asked = (normalize(taught["concept"]), normalize(taught["body"]))
            return self._answer(self._asked[1], *self._asked)
        for concept, actions in self._known.items():
            if concept in text:
                return Noted(recalled=True, did=actions, ran=actions)
        gap = _GAP.match(turn["user"])
        if gap is None or _KNOWN.search(normalize(gap["gap"])):
            return Noted()
        self._asked = (normalize(gap["gap"]), normalize(gap["where"]))
        return Noted(offer=gap["gap"], slot_type="scene")

    def _answer(self, text: str, concept: str, where: str) -> Noted:
        if self._drafted and re.search(r"\b(?:yes|yeah|sure|right)\b", text):
            self._known[concept], drafted = self._drafted, self._drafted
            self._asked, self._drafted = None, frozenset()
            return Noted(stored=True, ran=drafted, did=drafted)
        if _CANCEL.search(text):
            self._asked, self._drafted = None, frozenset()
            return Noted()
        self._drafted = frozenset(self._meant(text, where))
        return Noted(meant=self._drafted, asked=bool(self._drafted))

    def _meant(self, text: str, where: str) -> list[Action]:
        values = [(slot, found[1]) for slot, pattern in _VALUES if (found := pattern.search(text))]
        named = [name for name, _ in self._names if normalize(name) in text] or [
            name for name, _ in self._names if normalize(name) in where
        ]
        if values:
            return [("HassLightSet", frozenset(values), name) for name in named]
        state = re.search(r"\b(on|off)\b", text)
        intent = {"on": "HassTurnOn", "off": "HassTurnOff"}.get(state[1]) if state else None
        return [(intent, frozenset(), name) for name in named] if intent else []


_PREFERENCES = (
    ("likes", re.compile(r"^i (?:really )?(?:like|love) (?:the )?(.+)$")),
    ("dislikes", re.compile(r"^i (?:hate|don't like) (?:the )?(.+)$")),
    ("is_fan_of", re.compile(r"^i'm a (.+) fan$")),
    ("diet", re.compile(r"^i'm (?:a )?(vegetarian|vegan|pescatarian|halal|kosher)$")),
    ("allergy", re.compile(r"^i'm allergic to (.+)$")),
    ("unit", re.compile(r"^use (celsius|fahrenheit|metric|imperial)$")),
    ("name", re.compile(r"^(?:call me|my name is) (.+)$")),
    ("home_city", re.compile(r"^i live in (.+)$")),
)


def baseline_preferences(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Compute F1 of the baseline on statements."""
    got: list[Stated] = []
    for row in rows:
        text, found = normalize(row["text"]), []
        for kind, pattern in _PREFERENCES:
            match = pattern.match(text)
            if match is not None:
                found.append({"type": kind, "value": match[1], "scope": "person", "polarity": 1})
        got.append(wanted({"expect": found}))
    return {"prefer.baseline_f1": f1(got, list(map(wanted, rows)))}
