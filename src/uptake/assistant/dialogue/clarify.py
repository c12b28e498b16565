"""Word the assistant's clarification questions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from uptake.assistant.dialogue.deeds import VERBS, short, value_of
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core
from uptake.assistant.entities.resolution import Problem
from uptake.assistant.entities.rules import domains_of
from uptake.assistant.entities.titles import words_for
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import place, the, upper
from uptake.assistant.skills.skill import Intent
from uptake.types import Interpretation

__all__ = ["FEEDBACK", "did_you_mean", "question"]

FEEDBACK = "Did I get that right?"
"""The question of `AskPolicy`."""

_PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Which one?",
        "area": "In which room?",
        "floor": "On which floor?",
        "duration": "For how long?",
        "minutes": "For how long?",
        "temperature": "To how many degrees?",
        "brightness": "How bright, in percent?",
        "position": "How far, in percent?",
        "percentage": "To how many percent?",
        "volume_level": "How loud, in percent?",
        "color": "Which colour?",
        "item": "Which item?",
        "search_query": "What would you like to hear or see?",
        "place": "Which place?",
        "person": "Whom?",
        "at": "For when?",
        "date": "Which day?",
        "text": "What shall it say?",
    }
)
_CANNOT: Mapping[str, str] = MappingProxyType(
    {
        "brightness": "cannot be dimmed",
        "direction": "cannot be set higher or lower",
        "color": "cannot change its colour",
        "temperature": "has no temperature to set",
        "position": "can only be opened or closed",
        "percentage": "has no speed to set",
        "volume_level": "has no volume",
        "volume_step": "has no volume",
    }
)
_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "light": "light",
        "climate": "thermostat",
        "cover": "blind or door",
        "fan": "fan",
        "media_player": "player",
        "vacuum": "vacuum",
        "lawn_mower": "mower",
        "camera": "camera",
    }
)


def did_you_mean(text: str) -> str:
    """Word the question before another request is taken for the one that was heard.

    >>> did_you_mean("play imagine dragons")
    'Did you mean: play imagine dragons?'
    """
    return f"Did you mean: {text}?"


def question(problem: Problem, interpretation: Interpretation, intent: Intent | None = None) -> str:
    """Word what to ask, or to say, where a reading could not be resolved.

    Args:
        problem: What stands in the way.
        interpretation: The reading.
        intent: The intent, for its own prompts.
    """
    if problem.kind == "missing":
        return _missing(problem.slot, interpretation, intent)
    if problem.kind == "ambiguous":
        return _which(problem)
    return " ".join(filter(None, (_unknown(problem, interpretation), _offer(problem))))


def _missing(slot: str, interpretation: Interpretation, intent: Intent | None) -> str:
    prompt = next((each.prompt for each in intent.slots if each.name == slot), None) if intent is not None else None
    if prompt:
        return prompt
    if slot == "name" and (verb := VERBS.get((interpretation.intent, ""))):
        return f"What shall I {verb}?"
    return _PROMPTS.get(slot, "Can you tell me more?")


def _which(problem: Problem) -> str:
    if problem.slot == "media_class":
        classes = [(words_for(name) or (name.replace("_", " "),))[0] for name in problem.options]
        return f"{upper(say_list([f'the {name}' for name in classes], 'or'))}?"
    names = [the(name) for name in problem.options]
    if problem.slot in ("area", "floor"):
        return f"{_PROMPTS[problem.slot].removesuffix('?')}: {say_list(names, 'or')}?"
    if len(names) == 2:
        return f"{upper(say_list(names, 'or'))}?"
    return f"Which one: {say_list(names, 'or')}?" if names else "Which one?"


def _unknown(problem: Problem, interpretation: Interpretation) -> str:
    said, area = (
        value_of(interpretation, problem.slot),
        value_of(interpretation, "area") or value_of(interpretation, "floor"),
    )
    if problem.slot in _CANNOT:
        name = value_of(interpretation, "name")
        return f"{upper(the(short(name))) if name else 'That'} {_CANNOT[problem.slot]}."
    if problem.slot in ("area", "floor"):
        return f"I know no place called {short(said)}." if said else "I do not know where you mean."
    if problem.slot == "domain" or (said is not None and area is not None):
        name = value_of(interpretation, "name")
        finer = value_of(interpretation, "device_class")
        if said == "cover" and finer in ("window", "door"):
            return f"I know no {finer}{f' {place(area)}' if area else ''} that I can move."
        what = (name if name != "all" else None) or (said or "").replace("_", " ") or _noun(interpretation)
        kind = kind_of(what)
        noun = short(core(what)) if kind is None or not kind.is_plural else core(what)
        noun = _PLAINLY.get(noun, noun)
        return f"I found no {noun}{f' {place(area)}' if area else ''}."
    return f"I know nothing called {short(core(said))}." if said else "I do not know what you mean."


_PLAINLY = {"binary sensor": "sensor", "cover": "blind or curtain", "media player": "speaker", "climate": "thermostat"}


def _noun(interpretation: Interpretation) -> str:
    """Name the subject of an intent in one word."""
    domains = domains_of(interpretation.intent, frozenset())
    return next((_NOUNS[domain] for domain in sorted(domains) if domain in _NOUNS and len(domains) < 3), "such thing")


def _offer(problem: Problem) -> str:
    names = [the(name) for name in problem.options]
    if not names:
        return ""
    if problem.slot == "domain":
        return f"There {'is one' if len(names) == 1 else 'are some'} in {say_list(names, 'and')}. {_or(names)}"
    return f"Did you mean {say_list(names, 'or')}?"


def _or(names: list[str]) -> str:
    return "Shall I take that?" if len(names) == 1 else "Which room?"
