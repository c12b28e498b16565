"""Format names for use in a sentence: "the Netherlands", "the Nile", "Peru"."""

from __future__ import annotations

import re

__all__ = ["with_article"]

_COUNTRIES = re.compile(
    r"(?:UK|USA|US|U\.S\.|UAE|United .*|Netherlands|Philippines|Czech .*|Democratic .*|Republic .*|Dominican .*|"
    r"Central African .*|Bahamas|Gambia|Maldives|Seychelles|Comoros|Marshall .*|Solomon .*|Moon|Sun|"
    r"Sahara|Caspian Sea)$"
)
_KINDS = frozenset({"River", "Ocean", "Desert", "Invention"})


def with_article(name: str, kind: str | None = None) -> str:
    """Return a name as it stands in a sentence.

    >>> with_article("Netherlands"), with_article("Nile", "River"), with_article("Peru")
    ('the Netherlands', 'the Nile', 'Peru')
    """
    return f"the {name}" if kind in _KINDS or _COUNTRIES.match(name) else name
