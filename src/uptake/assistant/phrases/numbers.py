"""Convert spoken numbers to digits: "two hundred and forty four", "three point one four", "two and a half".

Limit: English; up to the billions; "a" counts as one only before a word of size ("a hundred", "a dozen").
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from uptake.text.patterns import regex

__all__ = ["ORDINALS", "in_digits", "number", "unspelled", "written"]

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
} | {"fourty": 40}
_SIZES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_PARTS = {
    "half": Fraction(1, 2),
    "halves": Fraction(1, 2),
    "third": Fraction(1, 3),
    "thirds": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "fifths": Fraction(1, 5),
    "eighths": Fraction(1, 8),
    "tenth": Fraction(1, 10),
    "tenths": Fraction(1, 10),
}
_FIRST = frozenset({*_UNITS, *_TENS, "dozen", "hundred", "a", "an"})
"""Words that a number in words begins with."""
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30}
"""Ordinal words that are one word."""

_DIGITS = regex(r"\d+(?:\.\d+)?")
_SPELLED = regex(
    rf"\b(?P<whole>\d\d|{'|'.join((*_TENS, *list(_UNITS)[10:]))}),? (?:as in |that's |that is |i mean )?"
    rf"(?P<first>\d|{'|'.join(list(_UNITS)[1:10])})[ ,-]+(?P<second>\d|oh|o|nought|{'|'.join(list(_UNITS)[:10])})\b"
    r"(?! ?(?:minutes?|hours?|seconds?|percent|degrees?|%))",
    re.IGNORECASE,
)
_MAX_DIGITS = 15
_TOKEN = regex(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d]+(?:'[^\W\d]+)?|\s+|[\W_]", re.UNICODE)


def unspelled(text: str) -> str:
    """Leave out the digits by which a number is said once more: "fifty, five zero".

    >>> unspelled("I said fifty, five zero"), unspelled("fifteen, one two")
    ('I said fifty', 'fifteen, one two')
    """

    def told(match: re.Match[str]) -> str:
        digits = [re.sub("^(?:oh|o|nought)$", "0", match[name].lower()) for name in ("first", "second")]
        return match["whole"] if "".join(map(in_digits, digits)) == in_digits(match["whole"]) else match[0]

    return _SPELLED.sub(told, text)


@lru_cache(maxsize=64)  # several readers ask for the same request
def in_digits(text: str) -> str:
    """Write every number of a text in digits, everything else as it is, in lower case.

    >>> in_digits("Two hundred and forty-four plus three point one four")
    '244 plus 3.14'
    >>> in_digits("to hundred and eighty degrees"), in_digits("a few hundred and a half")
    ('to 180 degrees', 'a few hundred and a half')
    >>> in_digits("two and a half cups and three quarters")
    '2.5 cups and 0.75'
    """
    tokens = [token for token in _TOKEN.findall(text.casefold().replace("\u2019", "'")) if token]
    out: list[str] = []
    at = 0
    while at < len(tokens):
        begins = tokens[at] in _FIRST or tokens[at][0].isdecimal()
        number_and_end = _read(tokens, at) if begins else None
        if number_and_end is None:
            out.append(tokens[at])
            at += 1
        else:
            value, end = number_and_end
            alone = end == at + 1 and tokens[at][0].isdigit()  # "07" stays "07"
            out.append(tokens[at].replace(",", "") if alone else written(value))
            at = end
    return re.sub(r"\s+", " ", "".join(out)).strip()


def number(text: str) -> Fraction | None:
    """Read a whole text as a number; None where it is none (or has more than 15 digits).

    >>> number("a dozen"), number("minus 2.5"), number("half"), number("many")
    (Fraction(12, 1), Fraction(-5, 2), Fraction(1, 2), None)
    """
    said = in_digits(text)
    sign = 1
    for minus in ("minus ", "negative ", "-", "\u2212"):
        if said.startswith(minus):
            said, sign = said.removeprefix(minus).strip(), -1
    if "/" in said:
        above, _, below = said.partition("/")
        if above.isdecimal() and below.isdecimal() and int(below) and len(said) <= _MAX_DIGITS:
            return sign * Fraction(int(above), int(below))
        return None
    if said in _PARTS:
        return sign * _PARTS[said]
    if _DIGITS.fullmatch(said) is None or len(said) > _MAX_DIGITS:
        return None
    return sign * Fraction(said)


def written(value: Fraction) -> str:
    """Write a number in digits: exact where it is a short decimal, else to nine decimals.

    >>> written(Fraction(5, 2)), written(Fraction(7)), written(Fraction(1, 3))
    ('2.5', '7', '0.333333333')
    """
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.9f}".rstrip("0").rstrip(".")


def _read(tokens: list[str], at: int) -> tuple[Fraction, int] | None:
    """Read the number that starts at a token. Returns it, and where it ends."""
    whole = _whole(tokens, at)
    if whole is None:
        return _part_of(tokens, at)
    value, at = whole
    return _with_part(tokens, at, value)


def _whole(tokens: list[str], at: int) -> tuple[Fraction, int] | None:
    total, group, end = Fraction(0), None, at
    sizes: list[int] = []
    while at < len(tokens):
        word = tokens[at]
        if group is not None and (word in {"and", "-"} or word.isspace()):
            if word == "and" and not (sizes and _starts_number(tokens, at + 1)):
                break
            if word == "-" and tokens[at - 1] not in _TENS:
                break
            at += 1
            continue
        taken = _take(tokens, at, group, sizes)
        if taken is None:
            break
        group, done, at = taken
        total += done
        end = at
    if group is None:
        return None
    value = total + group
    return _after_point(tokens, end, value)


def _take(
    tokens: list[str], at: int, group: Fraction | None, sizes: list[int]
) -> tuple[Fraction, Fraction, int] | None:
    """Take the next word of a number. Returns (group, what is added to the total, next token)."""
    word = tokens[at]
    if word in {"a", "an"} and group is None:
        following = _word_at(tokens, at + 1)
        return (Fraction(1), Fraction(0), at + 1) if following in _SIZES or following == "dozen" else None
    if word == "dozen":
        return (group or Fraction(1)) * 12, Fraction(0), at + 1
    if word == "hundred" and group is None and _word_at(tokens, at + 1) == "and":
        joint = _skip_spaces(tokens, at + 1)
        group = Fraction(1) if _starts_number(tokens, joint + 1) else None  # "hundred and eighty"
    if word in _SIZES:
        return _take_size(word, at, group, sizes)
    value = _value(word)
    below = min(sizes, default=0) if word[0].isdecimal() else 100
    if value is None or (group is not None and not _fits(group, value, below)):
        return None
    return (group or Fraction(0)) + value, Fraction(0), at + 1


def _take_size(word: str, at: int, group: Fraction | None, sizes: list[int]) -> tuple[Fraction, Fraction, int] | None:
    if group is None or (sizes and word != "hundred" and _SIZES[word] >= max(sizes) > 100):
        return None
    sizes.append(_SIZES[word])
    if word == "hundred":
        return group * 100, Fraction(0), at + 1
    return Fraction(0), group * _SIZES[word], at + 1


def _value(word: str) -> Fraction | None:
    if word in _UNITS:
        return Fraction(_UNITS[word])
    if word in _TENS:
        return Fraction(_TENS[word])
    if word[0].isdecimal() and len(word) <= _MAX_DIGITS:
        return Fraction(word.replace(",", ""))
    return None


def _fits(group: Fraction, value: Fraction, below: int) -> bool:
    """Tell whether a word continues a number: "two hundred | forty", "forty | four", not "four | forty" or "7 | 30"."""
    if group % 100 == 0:
        return value < below
    return below == 100 and group % 100 >= 20 and group % 10 == 0 and 0 < value < 10


def _after_point(tokens: list[str], end: int, value: Fraction) -> tuple[Fraction, int]:
    """Add "point one four"."""
    at = _skip_spaces(tokens, end)
    if _word_at(tokens, end) != "point":
        return value, end
    digits = ""
    at += 1
    while (word := _word_at(tokens, at)) and (word in _UNITS or word.isdecimal()) and len(digits) < _MAX_DIGITS:
        digits += str(_UNITS.get(word, word))
        at = end = _skip_spaces(tokens, at) + 1
    return (value + Fraction(int(digits), 10 ** len(digits)), end) if digits else (value, end)


def _with_part(tokens: list[str], at: int, value: Fraction) -> tuple[Fraction, int]:
    """Add "and a half", "and three quarters", or read "three quarters" itself."""
    word = _word_at(tokens, at)
    if word in _PARTS and word.endswith(("s", "ves")) and word != "halves":
        return value * _PARTS[word], _skip_spaces(tokens, at) + 1
    if word == "and":
        after = _skip_spaces(tokens, at) + 1
        if _word_at(tokens, after) == "a" and _word_at(tokens, _skip_spaces(tokens, after) + 1) in _PARTS:
            part = _skip_spaces(tokens, _skip_spaces(tokens, after) + 1)
            return value + _PARTS[tokens[part]], part + 1
        inner = _part_of(tokens, _skip_spaces(tokens, after))
        if inner is not None and inner[0] < 1:
            return value + inner[0], inner[1]
    return value, at


def _part_of(tokens: list[str], at: int) -> tuple[Fraction, int] | None:
    """Read "three quarters" or "a quarter" (not "half", which is a word of its own in times and doublings)."""
    word = _word_at(tokens, at)
    value = _value(word) if word else None
    if value is None or word in _TENS or tokens[at].isspace():
        return None
    after = _skip_spaces(tokens, at) + 1
    part = _word_at(tokens, after)
    if part in _PARTS and part.endswith("s"):
        return value * _PARTS[part], _skip_spaces(tokens, after) + 1
    return None


def _starts_number(tokens: list[str], at: int) -> bool:
    word = _word_at(tokens, at)
    return word in _UNITS or word in _TENS or word.isdecimal()


def _skip_spaces(tokens: list[str], at: int) -> int:
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    return at


def _word_at(tokens: list[str], at: int) -> str:
    at = _skip_spaces(tokens, at)
    return tokens[at] if at < len(tokens) else ""
