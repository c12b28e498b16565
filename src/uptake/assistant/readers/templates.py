"""All sentence templates of a language: Home Assistant's, the skills', and older wordings."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from uptake.assistant.readers.extra_templates import LISTS, NAMES, RULES, NameChoice, wordings
from uptake.errors import BadConfig

if TYPE_CHECKING:
    from uptake.assistant.skills import Skills
    from uptake.assistant.skills.skill import Intent

__all__ = ["languages", "template_source"]

_NAME = re.compile(r"\{name(?::name)?\}")


def languages() -> list[str]:
    """Return languages that Home Assistant ships templates for, sorted."""
    from home_assistant_intents import get_languages

    return sorted(get_languages())


def template_source(language: str = "en", *, skills: Skills | None = None, wordings: bool = True) -> dict[str, Any]:
    """Return the templates as Home Assistant writes them, and `names`: which devices each list of names holds.

    Raises:
        BadConfig: There are no templates for the language.
    """
    from home_assistant_intents import get_intents

    available = languages()
    if language not in available:
        near = language.split("-", maxsplit=1)[0]
        if near not in available:
            raise BadConfig(f"language: there are no sentence templates for it; there is {', '.join(available)}")
        language = near
    shipped = get_intents(language)
    source: dict[str, Any] = copy.deepcopy(shipped) if shipped else {"language": language, "intents": {}}
    source.setdefault("lists", {})
    source.setdefault("expansion_rules", {})
    source["names"] = {}
    if language.split("-")[0] == "en":
        if skills is not None:
            _add_skills(source, skills)
        if wordings:
            _add_wordings(source)
    return source


def _add_wordings(source: dict[str, Any]) -> None:
    for name, rule in RULES.items():
        source["expansion_rules"][name] = rule
    source["lists"].update(copy.deepcopy(dict(LISTS)))
    source["names"].update(NAMES)
    for intent, block in wordings():
        source["intents"].setdefault(intent, {"data": []})["data"].append(block)


def _add_skills(source: dict[str, Any], skills: Skills) -> None:
    for skill in skills.skills:
        if skill.domains:
            source["names"][f"name_{skill.name}"] = NameChoice(skill.domains)
        for intent in skill.intents:
            if intent.sentences:
                named = f"{{name_{skill.name}:name}}" if skill.domains else "{name}"
                sentences = [_NAME.sub(named, sentence) for sentence in intent.sentences]
                source["intents"].setdefault(intent.name, {"data": []})["data"].append({"sentences": sentences})
            _add_lists(source, intent)


def _add_lists(source: dict[str, Any], intent: Intent) -> None:
    for name, values in intent.lists.items():
        if name not in intent.wildcards:
            source["lists"][name] = {"values": [_value(value) for value in values]}
    for name in intent.wildcards:
        source["lists"][name] = {"wildcard": True}


def _value(written: str) -> Any:
    """Split a value into what is said and, after the last colon, what is meant; what is said may be a template."""
    said, colon, meant = written.rpartition(":")
    return {"in": said, "out": meant} if colon else written
