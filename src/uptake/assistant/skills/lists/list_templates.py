"""Sentence templates for lists, in hassil's syntax."""

from __future__ import annotations

__all__ = [
    "ADD",
    "CLEAR",
    "COMPLETE",
    "CREATE",
    "DELETE",
    "DELETE_ALL",
    "GET",
    "GET_ALL",
    "LISTS",
    "REMOVE",
    "WILDCARDS",
]

WILDCARDS = ("list_item", "list_new")
"""Lists that take any words."""

LISTS = {
    "list_item": (
        "milk", "eggs", "bread and butter", "apples", "toilet paper", "coffee", "cheese", "two lemons", "olive oil",
        "milk, eggs and flour", "batteries", "tomatoes", "dog food", "call the plumber", "pay the bills",
    ),
    "list_name": (
        "to[-| ]do:to-do", "task[s]:to-do", "packing", "chores", "christmas", "wish", "gift",
        "hardware [store]:hardware", "reading", "movie", "birthday", "party", "work",
        "school", "guest", "holiday", "travel", "[things] to do:to-do",
    ),
    "list_shop": ("shopping", "grocery:shopping", "groceries:shopping", "food:shopping"),
    "list_new": ("packing", "christmas", "party", "guest", "holiday", "books to read", "wedding"),
}  # fmt: skip
"""Values of the lists; those of wildcards are examples."""

_MY = "[my|the|our|a]"
_SHOP = f"{_MY} (shopping|grocery|groceries|food) [list]"
_NAMED = f"({_MY} {{list_name:name}} list|(my|the|our) {{list_new:name}} list)"
_KNOWN = f"({_MY} {{list_name:name}} list|{_MY} {{list_shop:name}} list)"
_ANY = f"({_NAMED}|{_MY} {{list_shop:name}} list)"
_ADD = "(add|put|include|append|write|note|stick|throw)"
_OFF = "(remove|delete|take|erase|cross|strike|drop|scratch|get rid of)"
_DONE = "(check|tick|mark|complete|cross)"

ADD = (
    (
        f"{_ADD} [down] {{list_item:item}} (to|on|onto|in) {_SHOP}",
        f"{_ADD} (to|on|onto|in) {_SHOP} {{list_item:item}}",
        "(we|i) need [to buy|to get|some|more] {list_item:item} from the (shop|store|supermarket)",
        "(we are|we're|i am|i'm) [almost|nearly] out of {list_item:item}",
        "(we|i) (need|have|ought) to (buy|get|pick up) [some|more] {list_item:item}",
        "we need [some|more] {list_item:item}",
        "remember to buy {list_item:item}",
        f"(i need|i want|i'd like) {{list_item:item}} (added to|on) {_SHOP}",
        f"{_ADD} something to {_SHOP}",
    ),
    (
        f"{_ADD} [down] {{list_item:item}} (to|on|onto|in) {_NAMED}",
        f"{_ADD} (to|on|onto|in) {_NAMED} {{list_item:item}}",
        f"(i need|i want|i'd like) {{list_item:item}} (added to|on) {_NAMED}",
        f"{_ADD} something to {_NAMED}",
    ),
)
"""HassShoppingListAddItem, HassListAddItem."""

COMPLETE = (
    (
        f"{_DONE} [off] {{list_item:item}} [off] [from|on|off|of] {_SHOP}",
        "(i|we) [have] (got|bought) [the] {list_item:item} [already]",
    ),
    (
        f"{_DONE} [off] {{list_item:item}} (from|on|off|of|as done on) {_NAMED}",
        f"mark {{list_item:item}} [as] (done|complete|completed|finished) [on {_NAMED}]",
    ),
)
"""HassShoppingListCompleteItem, HassListCompleteItem."""

REMOVE = (
    f"{_OFF} [out|off] {{list_item:item}} (from|off|of|off of|on) {_NAMED}",
    f"(we|i) (don't|do not|no longer) need {{list_item:item}} on {_ANY} [anymore|any more]",
)
"""HassListRemoveItem."""

GET = (
    f"(what is|what's|whats) [still|left] (on|in) {_ANY}",
    "(what is|what's|whats) [still|left] (on|in) [my|the] list",
    f"(read|show|tell|give|check|open|display) [me] [out] [what is on] {_ANY}",
    f"(read|show|tell|give) [me] {_ANY} [out|back] [to me]",
    f"(is|are) {{list_item:item}} (on|in) {_ANY}",
    f"(do i|do we) have {{list_item:item}} (on|in) {_ANY}",
    "(do i|do we) have [any|some] {list_item:item} (on|in) (the|my|our) list",
    "(is|are) there [any|some] {list_item:item} (on|in) (the|my|our) [shopping|grocery] list",
    f"how many (things|items) are (on|in) {_ANY}",
    "what do (i|we) (need|have) to (buy|get)",
    "what do (i|we) need from the (shop|store|supermarket)",
    "(my|the) {list_shop:name} list",
    "(my|the) {list_name:name} list",
    "what do i (need|have) to do [today]",
)
"""GetList."""

GET_ALL = (
    "(what|which) lists (do i have|are there|do we have|have i [got])",
    "(what are|show me|list|tell me|read) [all] [of] (my|the|our) lists",
    "do i have any lists",
    "how many lists (do i have|are there)",
)
"""GetLists."""

_MAKE = "(create|make|start|begin|open|set up|prepare)"
CREATE = (
    f"{_MAKE} [me] [a|an|the|my] [new] {{list_new:name}} list",
    f"{_MAKE} [me] [a|an] [new] list (called|named|for|of) {{list_new:name}}",
    f"{_MAKE} [me] [a|an] [new] list",
    "new list (called|named) {list_new:name}",
)
"""CreateList."""

CLEAR = (
    f"(clear|empty|wipe|reset|scrap|bin|trash) [out] {_KNOWN}",
    f"(remove|delete|erase|clear|take) everything (from|on|off|in) {_KNOWN}",
    "(clear|empty|wipe|scrap|bin|trash) [out] [my|the|this] list",
)
"""ClearList."""

DELETE = (
    f"(delete|remove|erase|get rid of|throw away) {_KNOWN}",
    "(delete|remove|erase) [the|my] list (called|named) {list_new:name}",
    "(delete|remove|erase) (a|this|that|the) list",
)
"""DeleteList."""

DELETE_ALL = (
    "(delete|remove|erase|clear|get rid of|throw away) (all|every one|each) [of] [the|my|our] lists",
    "(delete|remove|erase|clear|get rid of|throw away) every list",
)
"""DeleteAllLists."""
