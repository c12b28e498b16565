"""Read the question what is on in a part of the home: of all its devices, not of its lights alone.

Limit: English; in the words of the templates (`wording.questions` puts others into these).
"""

from __future__ import annotations

from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["running"]

_ASKS = regex(r"what devices are on (?:(?:in|on) (?:the )?)?(?P<where>\w+(?: \w+){0,2}?)(?: then)?\W*")
_HERE = "here"


def running(text: str, room: str | None, household: Household) -> tuple[Interpretation, ...] | None:
    """Return the reading that asks which devices of a room or a floor are on; None for any other request.

    Args:
        text: The request.
        room: Where it is said.
        household: Names of the home.
    """
    match = _ASKS.fullmatch(text.lower())
    if match is None:
        return None
    where = room if match["where"] == _HERE else match["where"]
    found = household.match_places(where or "")
    if not found:
        return None
    place = household.place(found[0])
    is_here = place.slot == "area" and room is not None and place.name == room
    slots = ((place.slot, _HERE if is_here else place.name), ("name", "all"), ("response", "any"), ("state", "on"))
    return (Interpretation(intent="HassGetState", slots=slots),)
