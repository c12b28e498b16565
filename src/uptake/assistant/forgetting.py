"""Forget a person in shared data of the home: entries of lists, content of players, and undo records.

The person who put something on a shared list, or started a player, is recorded with it (`note_entries`,
`note_players`). Data of older versions without a name is removed if the person's own requests mention it.

Limit: what others said, and what they were told, stays theirs, even if it names an entry of the forgotten person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from uptake.assistant.memory import HOME, Memory
from uptake.text.normalize import normalize

__all__ = ["forget_person", "note_entries", "note_players"]

_LISTS, _BY, _STATES, _PLAYED_BY, _UNDO = "lists", "lists_by", "home", "played_by", "undo"
_NAME = ""
"""Stands for the name of a list among its entries."""
_SHOWN = ("title", "artist", "media_class", "track")
_PLAYER = "media_player."


def note_entries(
    memory: Memory, user_id: str, before: Mapping[str, Iterable[str]], lists: Mapping[str, Iterable[str]]
) -> None:
    """Note who put what on the lists; of what was there before, what is known of it stays.

    Args:
        memory: Where the lists are.
        user_id: Who changed them.
        before: Name -> entries, as they were.
        lists: Name -> entries, as they are now.
    """
    known = memory.get(HOME, _BY, {})
    noted = {}
    for name, entries in lists.items():
        old = {*before[name], _NAME} if name in before else set()
        whose = known.get(name, {})
        noted[name] = {entry: whose.get(entry) if entry in old else user_id for entry in [*entries, _NAME]}
    memory.set(HOME, _BY, noted)


def note_players(memory: Memory, user_id: str, changed: Iterable[str]) -> None:
    """Note who let the players among these devices play what they show."""
    players = [entity_id for entity_id in changed if entity_id.startswith(_PLAYER)]
    if players:
        memory.set(HOME, _PLAYED_BY, {**memory.get(HOME, _PLAYED_BY, {}), **dict.fromkeys(players, user_id)})


def forget_person(memory: Memory, user_id: str, said: Iterable[str] = ()) -> None:
    """Drop all that belongs to a person, from the disk too.

    Args:
        memory: The memory of the assistant.
        user_id: Who.
        said: Their requests, as far as they are known; tells what is theirs where nobody noted it.

    Raises:
        StorageFailed: Another process reads the memory, so that the file still holds what was dropped.
    """
    heard = "\n".join(f" {normalize(text)} " for text in said)
    with memory.alone():
        _forget_entries(memory, user_id, heard)
        _forget_players(memory, user_id)
        for scope in memory.scopes():
            undos = memory.get(scope, _UNDO) or []
            kept = [one for one in undos if not _is_shared(one)]
            if len(kept) < len(undos):
                memory.set(scope, _UNDO, kept or None)
        memory.forget(user_id)


def _forget_entries(memory: Memory, user_id: str, heard: str) -> None:
    lists, known = memory.get(HOME, _LISTS, {}), memory.get(HOME, _BY, {})

    def is_theirs(name: str, entry: str) -> bool:
        whose = known.get(name, {}).get(entry)
        return whose == user_id or (whose is None and f" {normalize(entry or name)} " in heard)

    left = {name: [entry for entry in entries if not is_theirs(name, entry)] for name, entries in lists.items()}
    left = {name: entries for name, entries in left.items() if entries or not is_theirs(name, _NAME)}
    if left == lists and user_id not in {whose for entries in known.values() for whose in entries.values()}:
        return
    noted = {
        name: {
            entry: None if (whose := known.get(name, {}).get(entry)) == user_id else whose
            for entry in [*entries, _NAME]
        }
        for name, entries in left.items()
    }
    memory.set(HOME, _LISTS, left or None)
    memory.set(HOME, _BY, noted or None)


def _forget_players(memory: Memory, user_id: str) -> None:
    home, played = memory.get(HOME, _STATES, {}), memory.get(HOME, _PLAYED_BY, {})
    states = {}
    for entity_id, (value, attributes, changed) in home.get("states", {}).items():
        theirs = entity_id.startswith(_PLAYER) and played.get(entity_id) in (None, user_id)
        shown = {name: each for name, each in attributes.items() if not (theirs and name in _SHOWN)}
        states[entity_id] = [value, shown, changed]
    if states != home.get("states", {}):
        memory.set(HOME, _STATES, {**home, "states": states})
    left = {entity_id: whose for entity_id, whose in played.items() if whose != user_id}
    if left != played:
        memory.set(HOME, _PLAYED_BY, left or None)


def _is_shared(undo: Mapping[str, Any]) -> bool:
    """Tell whether undoing a turn would bring back what everybody shares, as it was."""
    return any(scope == HOME for scope, _, _ in undo.get("changes", ())) or any(
        entity_id.startswith(_PLAYER) for entity_id in undo.get("states", ())
    )
