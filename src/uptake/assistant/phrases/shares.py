"""Convert spoken shares to percent: "half brightness", "a tenth of its power", "full blast".

Limit: English; of brightness, power, volume and speed; half of anything else is left unchanged.
"""

from __future__ import annotations

import re

from uptake.text.patterns import regex

__all__ = ["FULL", "SHARES", "in_percent"]

SHARES = {
    "three quarters": 75, "three quarter": 75, "one quarter": 25, "two thirds": 67, "one third": 33, "one tenth": 10,
    "one fifth": 20, "a quarter": 25, "one half": 50, "half way": 50, "halfway": 50, "a third": 33, "a tenth": 10,
    "a fifth": 20, "quarter": 25, "midway": 50, "a half": 50, "third": 33, "tenth": 10, "half": 50,
}  # fmt: skip
"""Share of a whole as it is said -> percent, the longest first."""
FULL = {"maximum": 100, "full": 100, "max": 100}
"""All of it -> percent."""
_PERCENT = SHARES | FULL
_SHARE = "|".join(sorted(_PERCENT, key=len, reverse=True))
_OF = regex(
    rf"\b(?P<share>{_SHARE})(?: of)?(?: (?:its|the|their|full|maximum|max|possible|usual))*"
    r" (?P<what>brightness|power|strength|intensity|volume|speed|light)\b",
    re.IGNORECASE,
)
_FULLY = regex(r"\b(?:at |on |to )?(?:full|maximum|max) (?:whack|blast|tilt|beam|pelt|throttle|steam)\b", re.IGNORECASE)


def in_percent(text: str) -> str:
    """Write the shares of a text in percent, everything else as it is.

    >>> in_percent("the hall lamp at a quarter of its brightness")
    'the hall lamp at 25 percent brightness'
    >>> in_percent("kitchen lights full whack")
    'kitchen lights to 100 percent'
    """
    said = _FULLY.sub("to 100 percent", text)
    return _OF.sub(lambda found: f"{_PERCENT[found['share'].casefold()]} percent {found['what']}", said)
