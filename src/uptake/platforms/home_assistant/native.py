"""Export learned rewrites in Home Assistant's own form, so that their benefit stays if uptake is removed.

    aliases                      "whole lamp" for the hall lamp: of use in every sentence
    custom_sentences/LANG/…yaml  a whole wording, with its intent and slots

Each rewrite is first tested with Home Assistant's matcher: the rewrite must be understood, the heard request must not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from uptake.platforms.home_assistant.agent import HomeAssistant, Match
from uptake.platforms.home_assistant.socket import Socket

__all__ = ["Alias", "Native", "Sentence", "give_alias", "native_of", "sentences_yaml"]

_TEMPLATE = re.compile(r"[\[\](){}<>|\\:]")
_TRIGGER = "sentence_trigger"


class Sentence(NamedTuple):
    """Wording of a custom sentence."""

    heard: str
    match: Match


class Alias(NamedTuple):
    """Another name of an entity."""

    entity_id: str
    name: str
    alias: str


class Native(NamedTuple):
    """Rewrites in Home Assistant's form."""

    aliases: list[Alias]
    sentences: list[Sentence]
    left_out: list[tuple[str, str]]
    """(request, why it is not exported)."""


async def native_of(home: HomeAssistant, rewrites: Iterable[tuple[str, str]], *, language: str | None = None) -> Native:
    """Put rewrites into Home Assistant's form.

    Args:
        home: Whose matcher they are tried on.
        rewrites: (request, what is meant), as normalised.
        language: BCP 47 tag; None for that of Home Assistant.

    Raises:
        RequestRefused: Home Assistant does not answer, or refuses.
    """
    found = Native([], [], [])
    for heard, meant in sorted(set(rewrites)):
        as_heard, match = await home.understands([heard, meant], language=language)
        if match is None:
            found.left_out.append((heard, "Home Assistant would not understand what is meant"))
        elif as_heard is not None:
            found.left_out.append((heard, "Home Assistant understands it as it is"))
        elif _TEMPLATE.search(heard) or match.reading.intent == _TRIGGER:
            found.left_out.append((heard, "it cannot be written as a sentence"))
        elif (alias := _alias_of(heard, meant, match)) is not None:
            if alias not in found.aliases:
                found.aliases.append(alias)
        else:
            found.sentences.append(Sentence(heard, match))
    return found


def _alias_of(heard: str, meant: str, match: Match) -> Alias | None:
    """Return the alias that a rewrite amounts to; None if the wordings differ in more than one name.

    >>> from uptake.types import Interpretation
    >>> lamp = Match(Interpretation(intent="HassTurnOn", slots=(("name", "hall lamp"),)), ("light.hall",))
    >>> _alias_of("turn on the whole lamp", "turn on the hall lamp", lamp)
    Alias(entity_id='light.hall', name='hall lamp', alias='whole lamp')
    """
    name = dict(match.reading.slots).get("name", "").casefold()
    before, there, after = meant.partition(name)
    if len(match.things) != 1 or not name or not there:
        return None
    alias = heard[len(before) : len(heard) - len(after)]
    fits = heard.startswith(before) and heard.endswith(after) and alias.strip() == alias
    return Alias(match.things[0], name, alias) if fits and alias and alias != name else None


def sentences_yaml(sentences: Iterable[Sentence], *, language: str) -> str:
    """Write a file for `custom_sentences/LANG/` of Home Assistant's configuration directory."""
    import yaml

    intents: dict[str, Any] = {}
    for heard, match in sentences:
        data = {"sentences": [heard], "slots": dict(match.reading.slots)}
        intents.setdefault(match.reading.intent, {"data": []})["data"].append(data)
    return str(yaml.safe_dump({"language": language, "intents": intents}, allow_unicode=True, sort_keys=True))


async def give_alias(socket: Socket, alias: Alias) -> bool:
    """Give an entity another name, beside those it has; returns whether it was new.

    Raises:
        RequestRefused: Home Assistant does not answer, or refuses; one that is in no registry takes no alias.
    """
    entries = await socket.ask("config/entity_registry/get_entries", entity_ids=[alias.entity_id])
    known = (entries.get(alias.entity_id) or {}).get("aliases") or []
    if alias.alias in known:
        return False
    aliases = sorted([*known, alias.alias])
    await socket.ask("config/entity_registry/update", entity_id=alias.entity_id, aliases=aliases)
    return True
