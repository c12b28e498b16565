"""Words for kinds of things in the words of this home: "shades" are its blinds where it has none that are called so.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["called_here"]

_COVERS = regex(r"\b(?P<word>shade|drape)(?P<many>s?)\b", re.IGNORECASE)
_HERE = {"shade": "blind", "drape": "curtain"}


def called_here(text: str, household: Household) -> str:
    """Return a request with the words of this home for blinds and curtains.

    Args:
        text: The request.
        household: Names of the home.
    """
    if _COVERS.search(text) is None:
        return text
    covers = [one for one in household.devices if one.domain == "cover"]
    names = " ".join(name.lower() for one in covers for name in (one.name, *one.aliases, one.device_class or ""))

    def here(match: re.Match[str]) -> str:
        word = match["word"].lower()
        other = _HERE[word]
        return f"{other}{match['many']}" if word not in names and other in names else match[0]

    return _COVERS.sub(here, text)
