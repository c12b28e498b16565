"""Replace typographic quotation marks and dashes, which telephone keyboards insert."""

from __future__ import annotations

__all__ = ["plain"]

_PLAIN = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
    }
)


def plain(text: str) -> str:
    """Return a text with plain quotation marks and dashes.

    >>> plain("I\N{RIGHT SINGLE QUOTATION MARK}m")
    "I'm"
    """
    return text.translate(_PLAIN)
