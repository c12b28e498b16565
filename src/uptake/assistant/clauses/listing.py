"""Read what is to be put on a list that is named, whatever it is: "add socks and the charger to the packing list".

What stands between "add" and "to the … list" are things; no word of theirs is a request, a remark or a number.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from uptake.assistant.clauses.words import is_command, repairs, without_courtesy
from uptake.text.distance import edit_similarity
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["added_to_list"]

_ADD = regex(
    r"(?:add|put|include|write|note|stick|pop|chuck|bung|whack|throw|jot|get)(?: down)? (?P<items>.+?)"
    r" (?:to|on|onto|in) (?:the |teh |my |our |a )?(?P<name>(?!the\b|my\b|our\b)[a-z'-]+"
    r"(?: (?!the\b|my\b|our\b)[a-z'-]+)?)"
    r" list(?:,? (?:too|as well|also|please|for me|thanks|cheers))*[.!?]*",
    re.IGNORECASE,
)
_NO_ITEM = regex(
    r"\b(?:lists?|it|them|that|this|those|something|anything|everything|um+|er+m?|uh|oh|ah|hm+|no|not|sorry"
    r"|wait|actually|i mean|remind|reminder|timers?|alarms?|if|when|then)\b",
    re.IGNORECASE,
)
_PIECES = regex(r"\s*,\s*(?:and )?|\s+and\s+|\s+plus\s+", re.IGNORECASE)
_LISTS = regex(r"(?<=\blist)(?:,? and|,)(?: also| then)? ", re.IGNORECASE)
_SHOPPING = frozenset({"shopping", "grocery", "groceries", "food"})
_USUAL = frozenset(
    "to-do todo task tasks packing chores christmas wish gift hardware reading movie birthday party work school guest"
    " holiday travel".split()
) | {"to do"}
"""Lists that may be begun by what is put on them; others are there already."""
_N = regex(r"\bn\b|(?<=\w)&(?=\w)|&", re.IGNORECASE)
_NEAR = 0.8  # similarity of "shoping"
_MANY = 12  # things


def added_to_list(text: str, known: Collection[str] = ()) -> tuple[Interpretation, ...] | None:
    """Return the reading that puts things on a list; None where a request says anything else.

    Args:
        text: The request.
        known: Names of the lists that there are.

    >>> [each.key for each in added_to_list("add socks and the charger to the packing list") or ()]
    ['|HassListAddItem|item=socks and the charger|name=packing']
    """
    if repairs(text):
        return None
    first, *more = _LISTS.split(without_courtesy(text))
    texts = (first, *(each if is_command(each) else f"add {each}" for each in more))
    found = [_added(each, known) for each in texts]
    readings = tuple(each for each in found if each is not None)
    return readings if len(readings) == len(found) else None


def _added(text: str, known: Collection[str]) -> Interpretation | None:
    match = _ADD.fullmatch(text)
    if match is None or _NO_ITEM.search(match["items"]):
        return None
    pieces = [piece for piece in _PIECES.split(match["items"]) if piece]
    if not 0 < len(pieces) <= _MANY or any(is_command(piece) for piece in pieces[1:]):
        return None
    item, name = ("item", _N.sub("and", match["items"]).strip(" ,")), match["name"].lower()
    if name in _SHOPPING or edit_similarity(name, "shopping") >= _NEAR:
        return Interpretation(intent="HassShoppingListAddItem", slots=(item,))
    if name not in _USUAL and name not in known:
        return None  # misspelt, or called otherwise
    return Interpretation(intent="HassListAddItem", slots=(item, ("name", name)))
