"""Lists: what is added can be taken off, names are forgiven, nothing is on twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.asking import ask
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.skills.lists.lists import Lists, split_items

lists = Lists()
words = st.text("abcdefghij", min_size=3, max_size=8)


def test_several_things_are_added_at_once_but_one_thing_to_do_is_one():
    memory = Memory()
    added = ask(lists, "HassShoppingListAddItem", memory, item="milk, eggs and mac and cheese")
    assert added.speech == "Added milk, eggs and mac and cheese to the shopping list."
    ask(lists, "HassListAddItem", memory, item="wash and iron the shirts", name="to-do")
    assert memory.get(HOME, "lists") == {
        "shopping": ["milk", "eggs", "mac and cheese"],
        "to do": ["wash and iron the shirts"],
    }


def test_nothing_is_on_a_list_twice():
    memory = Memory()
    ask(lists, "HassShoppingListAddItem", memory, item="milk")
    assert ask(lists, "HassShoppingListAddItem", memory, item="Milk").speech == "Milk is on the shopping list already."


@pytest.mark.parametrize("intent", ["HassShoppingListCompleteItem", "HassListRemoveItem"])
def test_an_item_is_taken_off_whether_one_or_several_were_meant(intent):
    memory = Memory()
    ask(lists, "HassShoppingListAddItem", memory, item="milk and eggs")
    assert ask(lists, intent, memory, item="an egg", name="grocery list").status == "ok"
    assert memory.get(HOME, "lists")["shopping"] == ["milk"]
    assert ask(lists, intent, memory, item="butter").status == "failed"


def test_a_list_is_asked_for_what_is_on_it():
    memory = Memory()
    ask(lists, "HassShoppingListAddItem", memory, item="milk")
    assert ask(lists, "GetList", memory).speech == "On the shopping list: milk."
    assert ask(lists, "GetList", memory, item="milk").speech == "Yes, milk is on it."
    assert ask(lists, "GetList", memory, name="chores").status == "failed"


def test_lists_are_made_found_by_nearly_their_name_cleared_and_deleted():
    memory = Memory()
    assert ask(lists, "CreateList", memory).missing == "name"
    ask(lists, "CreateList", memory, name="Packing")
    ask(lists, "HassListAddItem", memory, item="tent", name="pakcing list")
    assert ask(lists, "GetLists", memory).speech == "You have the packing list (1)."
    assert ask(lists, "ClearList", memory, name="packing").speech == "The packing list is empty now."
    assert ask(lists, "DeleteList", memory, name="packing").speech == "The packing list is gone."


@settings(max_examples=40)
@given(st.lists(words, unique=True, min_size=1, max_size=5), words)
def test_adding_then_removing_restores_the_list(before, item):
    memory = Memory()
    for each in before:
        ask(lists, "HassShoppingListAddItem", memory, item=each)
    kept = memory.get(HOME, "lists")
    if ask(lists, "HassShoppingListAddItem", memory, item=item).action is not None:
        ask(lists, "HassListRemoveItem", memory, item=item, name="shopping list")
    assert memory.get(HOME, "lists") == kept


@given(st.lists(words, min_size=1, max_size=6))
def test_what_is_enumerated_is_split(items):
    said = ", ".join(items[:-1]) + " and " + items[-1] if len(items) > 1 else items[0]
    assert split_items(said) == items
