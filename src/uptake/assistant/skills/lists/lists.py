"""Lists of the home: shopping, to-do and any others; what is on them is shared by everybody.

"Add milk, eggs and bread" adds three things to a shopping list, but "wash and iron the shirts" is one thing to do.
"""

from __future__ import annotations

import re
from typing import ClassVar

from uptake.assistant.forgetting import note_entries
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.phrases.saying import capital, say_list
from uptake.assistant.skills.lists.list_templates import (
    ADD,
    CLEAR,
    COMPLETE,
    CREATE,
    DELETE,
    DELETE_ALL,
    GET,
    GET_ALL,
    LISTS,
    REMOVE,
    WILDCARDS,
)
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

__all__ = ["SHOPPING", "Lists", "list_key", "list_names", "list_with", "split_items"]

SHOPPING = "shopping"
"""Name of the list that is meant where none is named."""

_KEY = "lists"
_MAX_ITEMS, _MAX_LISTS, _MAX_CHARS = 500, 100, 200
_CLOSE, _CLOSE_NAME = 0.8, 0.7
_ALIASES = {
    "grocery": SHOPPING, "groceries": SHOPPING, "grocerie": SHOPPING, "food": SHOPPING, "shop": SHOPPING, "": SHOPPING,
    "todo": "to do", "to dos": "to do", "to do s": "to do", "todos": "to do", "task": "to do", "tasks": "to do",
    "things to do": "to do", "things to buy": SHOPPING, "buy": SHOPPING,
}  # fmt: skip
_WHOLE = frozenset(
    "mac and cheese,salt and pepper,fish and chips,peanut butter and jelly,gin and tonic,oil and vinegar,"
    "half and half,m and ms,ham and cheese,bread and butter,rice and beans,black and decker".split(",")
)
_ITEM = Slot(name="item", required=True, prompt="What shall I add?")
_NAME = Slot(name="name", kind="list")
_GONE = Slot(name="name", kind="list", prompt="Which list?")
_OUT = Slot(name="item", required=True, prompt="Which item?")


def _intent(
    name: str, slots: tuple[Slot, ...], sentences: tuple[str, ...], *examples: str, changes: bool = True
) -> Intent:
    return Intent(name=name, slots=slots, sentences=sentences, lists=LISTS, wildcards=WILDCARDS, examples=examples,
                  changes=changes)  # fmt: skip


class Lists(NothingDue):
    """Skill for lists."""

    name: ClassVar[str] = "lists"
    intents: ClassVar[tuple[Intent, ...]] = (
        _intent("HassShoppingListAddItem", (_ITEM,), ADD[0], "add milk and eggs to the shopping list", "we need bread"),
        _intent("HassListAddItem", (_ITEM, _NAME), ADD[1], "add call the plumber to my to-do list"),
        _intent("HassShoppingListCompleteItem", (_OUT,), COMPLETE[0], "check milk off the shopping list"),
        _intent("HassListCompleteItem", (_OUT, _NAME), COMPLETE[1], "check off call the plumber on my to-do list"),
        _intent("HassListRemoveItem", (_OUT, _NAME), REMOVE, "remove tent from the packing list"),
        _intent("GetList", (_NAME, Slot(name="item")), GET, "what is on my shopping list",
                "is milk on the shopping list", changes=False),
        _intent("GetLists", (), GET_ALL, "which lists do I have", changes=False),
        _intent("CreateList", (Slot(name="name", required=True, prompt="What shall it be called?"),), CREATE,
                "create a packing list"),
        _intent("ClearList", (_NAME,), CLEAR, "clear the shopping list"),
        _intent("DeleteList", (_GONE,), DELETE, "delete the packing list"),
        Intent(
            name="DeleteAllLists", sentences=DELETE_ALL, critical=True, follows=False, examples=("delete all my lists",)
        ),
    )  # fmt: skip

    def handle(self, call: Call) -> Effect:
        """Do what is asked of lists."""
        done = {
            "HassShoppingListAddItem": _add,
            "HassListAddItem": _add,
            "HassShoppingListCompleteItem": _take_off,
            "HassListCompleteItem": _take_off,
            "HassListRemoveItem": _take_off,
            "GetList": _get,
            "GetLists": _get_all,
            "CreateList": _create,
            "ClearList": _clear,
            "DeleteList": _delete,
            "DeleteAllLists": _delete_all,
        }
        return done[call.interpretation.intent](call)


_ANYTHING = frozenset({"anything", "something", "things", "stuff"})


def list_key(name: str | None) -> str:
    """Return the name a list is kept under: "my Grocery List" is "shopping".

    >>> list_key("my Grocery List"), list_key("to-do list"), list_key("Trader Joes")
    ('shopping', 'to do', 'trader joes')
    """
    said = re.sub(r"\b(?:my|the|our|a|an|new|list|lists)\b", " ", normalize((name or "")[:_MAX_CHARS]))
    said = " ".join(said.split())
    return _ALIASES.get(said, said)


def list_names(memory: Memory) -> frozenset[str]:
    """Return the names of the lists that there are."""
    return frozenset(_lists(memory))


def split_items(said: str, key: str = SHOPPING) -> list[str]:
    """Split what was said into single things.

    >>> split_items("milk, eggs and mac and cheese")
    ['milk', 'eggs', 'mac and cheese']
    >>> split_items("wash and iron the shirts", "to do"), split_items("hats, socks and gloves", "packing")
    (['wash and iron the shirts'], ['hats', 'socks', 'gloves'])
    """
    items: list[str] = []
    for piece in re.split(r"\s*[,;]\s*(?:and\s+)?", said[: 10 * _MAX_CHARS]):
        items += _split_and(piece) if key == SHOPPING or items else [piece]
    cleaned = [re.sub(r"^(?:some|a few|more|and) ", "", item.strip(" .!?")) for item in items]
    return [item[:_MAX_CHARS] for item in cleaned if item]


def _split_and(piece: str) -> list[str]:
    whole = next((each for each in _WHOLE if re.search(rf"\b{each}\b", piece.casefold())), None)
    if whole is None:
        return re.split(r"\s+and\s+|\s+plus\s+", piece)
    before, after = re.split(rf"\b{whole}\b", piece, maxsplit=1, flags=re.IGNORECASE)
    sides = [re.split(r"(?:^|\s+)and(?:\s+|$)", side.strip()) for side in (before, after)]
    return [*sides[0], whole, *sides[1]]


def _add(call: Call) -> Effect:
    key = _meant(call)
    items = split_items(call.slot("item") or "", key)
    if not items:
        return Effect(speech="What shall I add?", missing="item")
    lists = _lists(call.memory)
    have = lists.get(key, [])
    new = [item for item in dict.fromkeys(items) if _find(item, have, exact=True) is None]
    if not new:
        return Effect(speech=f"{capital(say_list(items))} {_is(items)} on the {_spoken(key)} already.")
    if len(have) + len(new) > _MAX_ITEMS or (key not in lists and len(lists) >= _MAX_LISTS):
        return Effect(speech="That is more than I can keep. Clear something first.", status="failed")
    lists[key] = [*have, *new]
    _keep(call, lists)
    return Effect(speech=f"Added {say_list(new)} to the {_spoken(key)}.", action=f"list.add {len(new)}")


def _take_off(call: Call) -> Effect:
    key, lists = _meant(call), _lists(call.memory)
    said = call.slot("item") or ""
    have = lists.get(key, [])
    wanted = [said] if _find(said, have, exact=True) is not None else split_items(said, key)
    if not wanted:
        return Effect(speech="Which item?", missing="item")
    entries = [each for each in (_find(item, have) for item in wanted) if each is not None]
    single = [_find(item, have) for piece in wanted for item in _split_and(piece) if item]
    if len(single) > len(wanted) and all(single):
        entries = [each for each in dict.fromkeys(single) if each is not None]
    if not entries:
        return Effect(speech=f"{capital(say_list(wanted))} {_is(wanted)} not on the {_spoken(key)}.", status="failed")
    lists[key] = [item for item in have if item not in entries]
    _keep(call, lists)
    if "Complete" in call.interpretation.intent:
        return Effect(speech=f"Checked off {say_list(entries)}.", action=f"list.complete {len(entries)}")
    return Effect(speech=f"Removed {say_list(entries)} from the {_spoken(key)}.", action=f"list.remove {len(entries)}")


def _get(call: Call) -> Effect:
    key, lists = _meant(call), _lists(call.memory)
    if key not in lists and key != SHOPPING:
        return Effect(speech=f"There is no {_spoken(key)}.", status="failed")
    have = lists.get(key, [])
    item = call.slot("item")
    if item is not None and item.strip().lower() not in _ANYTHING:
        entry = _find(item, have)
        return Effect(speech=f"Yes, {entry} is on it." if entry else f"No, {item} is not on the {_spoken(key)}.")
    if not have:
        return Effect(speech=f"The {_spoken(key)} is empty.")
    return Effect(speech=f"On the {_spoken(key)}: {say_list(have)}.")


def _get_all(call: Call) -> Effect:
    names = [f"{_spoken(key)} ({len(items)})" for key, items in _lists(call.memory).items()]
    return Effect(speech=f"You have the {say_list(names)}." if names else "There are no lists yet.")


def _create(call: Call) -> Effect:
    key, lists = list_key(call.slot("name")), _lists(call.memory)
    if call.slot("name") is None:
        return Effect(speech="What shall it be called?", missing="name")
    if key in lists:
        return Effect(speech=f"There is a {_spoken(key)} already.")
    if len(lists) >= _MAX_LISTS:
        return Effect(speech="There are too many lists already. Delete one first.", status="failed")
    _keep(call, {**lists, key: []})
    return Effect(speech=f"I made a {_spoken(key)}. What shall I put on it?", action="list.create")


def _clear(call: Call) -> Effect:
    key, lists = _meant(call), _lists(call.memory)
    if not lists.get(key):
        return Effect(speech=f"The {_spoken(key)} is empty already.")
    _keep(call, {**lists, key: []})
    return Effect(speech=f"The {_spoken(key)} is empty now.", action=f"list.clear {len(lists[key])}")


def _delete(call: Call) -> Effect:
    lists = _lists(call.memory)
    if call.slot("name") is None:
        return Effect(speech="Which list?", missing="name")
    key = _meant(call)
    if key not in lists:
        return Effect(speech=f"There is no {_spoken(key)}.", status="failed")
    _keep(call, {name: items for name, items in lists.items() if name != key})
    return Effect(speech=f"The {_spoken(key)} is gone.", action="list.delete")


def _delete_all(call: Call) -> Effect:
    """Delete every list. The question whether to do it has been asked before."""
    lists = _lists(call.memory)
    if not lists:
        return Effect(speech="There are no lists.")
    call.memory.set(HOME, _KEY, {})
    said = f"{len(lists)} lists are" if len(lists) > 1 else "1 list is"
    return Effect(speech=f"{said} gone.", action=f"list.delete_all {len(lists)}")


def _meant(call: Call) -> str:
    """Return the list that is meant: a known one that is called nearly so, else the one named."""
    if "ShoppingList" in call.interpretation.intent:
        return SHOPPING
    key = list_key(call.slot("name"))
    known = [*_lists(call.memory), SHOPPING]
    near = max(known, key=lambda name: edit_similarity(name, key))
    return near if edit_similarity(near, key) >= _CLOSE_NAME else key


def _lists(memory: Memory) -> dict[str, list[str]]:
    return dict(memory.get(HOME, _KEY, {}))


def list_with(memory: Memory, item: str) -> str | None:
    """Return the name of the one list that holds an item; None where none does, or several do."""
    holding = [name for name, have in _lists(memory).items() if _find(item, have, exact=True) is not None]
    return holding[0] if len(holding) == 1 else None


def _keep(call: Call, lists: dict[str, list[str]]) -> None:
    """Keep the lists, and who put what on them."""
    note_entries(call.memory, call.user_id, _lists(call.memory), lists)
    call.memory.set(HOME, _KEY, lists)


def _find(item: str, have: list[str], *, exact: bool = False) -> str | None:
    """Return the item of a list that is meant."""
    wanted = _bare(item)
    for each in have:
        if _bare(each) == wanted:
            return each
    if exact or not have or not wanted:
        return None
    near = max(have, key=lambda each: edit_similarity(_bare(each), wanted))
    if edit_similarity(_bare(near), wanted) >= _CLOSE:
        return near
    holding = [each for each in have if re.search(rf"\b{re.escape(wanted)}\b", _bare(each))]
    return holding[0] if len(holding) == 1 else None


def _bare(item: str) -> str:
    said = re.sub(r"^(?:the|a|an|some|any|my) ", "", normalize(item))
    return re.sub(r"(?<=[^s\W])s$", "", said)


def _spoken(key: str) -> str:
    return f"{key.replace('to do', 'to-do')} list"


def _is(items: list[str]) -> str:
    return "are" if len(items) > 1 or items[0].endswith("s") else "is"
