"""Calculate arithmetic in words and signs, exactly and within bounds: nothing is evaluated as code.

sum     = product (("+" | "-") product)*
product = signed (("*" | "/" | "mod" | "percent of") signed)*
signed  = "-" signed | power
power   = tail ("^" signed)?
tail    = atom ("!" | "percent")*
atom    = number | "(" sum ")" | ("sqrt" | "cbrt") signed
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["Result", "calculate"]

_MAX_CHARS, _MAX_DEPTH, _MAX_DIGITS, _MAX_FACTORIAL = 300, 30, 40, 30

# Words and the signs they stand for, the longer ones first.
_SIGNS = tuple(
    (regex(pattern), sign)
    for pattern, sign in (
        (r"(?:the )?square root (?:of|from)|\bsqrt(?: of)?|\u221a|\broot of", " sqrt "),
        (r"(?:the )?cube root of|\bcbrt(?: of)?", " cbrt "),
        (r"(?:the )?factorial of (\d+)", r" \1! "),
        (r"\bfactorial\b", "!"),
        (r"(?:\braised )?\bto the power(?: of)?|\braised (?:by|to)|\*\*", "^"),
        (r"\bto the (\d+)(?:st|nd|rd|th)?(?: power)?\b", r"^ \1"),
        (r"\bsquared\b|\u00b2", "^ 2"),
        (r"\bcubed\b|\u00b3", "^ 3"),
        (r"(?:%|\bper ?cent\b) of\b", " of "),
        (r"%|\bper ?cent\b", " pct "),
        (r"\b(?:a|1|one) half of|\bhalf(?: of)?", " 1 / 2 * "),
        (r"\b(?:a|1|one) third of", " 1 / 3 * "),
        (r"\b(?:a|1|one) quarter of", " 1 / 4 * "),
        (r"\bdouble\b|\btwice\b", " 2 * "),
        (r"\btriple\b|\bthrice\b", " 3 * "),
        (r"\bdoubled\b", " * 2 "),
        (r"\btripled\b", " * 3 "),
        (r"\bmultiplied (?:by|with)\b|\btimes\b|\bmultiply by\b|\u00d7|\u00b7|(?<=[\d) ])x(?=[\d( ])", "*"),
        (r"\b(?:divided|divide) by\b|\bover\b|\u00f7", "/"),
        (r"\bmodulo\b|\bmodulus\b|\bmod\b", " mod "),
        (r"\bplus\b|\badded to\b|\badd\b", "+"),
        (r"\b(?:minus|less|take away|subtract|negative)\b|\u2212|\u2013", "-"),
    )
)
_LEAD = regex(
    r"^(?:hey|please|and|so|can you|could you|tell me|what is|what's|whats|what does|what do|what are|how much is|"
    r"how much are|calculate|compute|work out|evaluate|solve|the answer to|the result of|the value of|"
    r"you get when you|you get if you)\b[ ,]*"
)
_TAIL = regex(r"[ ,]*(?:\b(?:equals?|equal to|make|makes|please|is|be|what)\b|[=?.])[ ?.]*$")
_NUMBERS = r"(.+?)(?:,)? (?:and|to|with|by|plus|times) (.+)"
_ORDERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (regex(r"(?:the )?(sum|product|average|mean) (?:of|between) (.+)"),
     lambda found: _of_list(found[1], found[2])),
    (regex(r"(?:the )?difference (?:of|between) (.+?) and (.+)"), lambda found: f"({found[1]}) - ({found[2]})"),
    (regex(rf"(?:add|sum) {_NUMBERS}"), lambda found: f"({found[1]}) + ({found[2]})"),
    (regex(rf"multiply {_NUMBERS}"), lambda found: f"({found[1]}) * ({found[2]})"),
    (regex(r"divide (.+?) (?:by|through|into) (.+)"), lambda found: f"({found[1]}) / ({found[2]})"),
    (regex(r"(?:subtract|take|deduct) (.+?) (?:away )?from (.+)"), lambda found: f"({found[2]}) - ({found[1]})"),
    (regex(r"how many times (?:does|do|will) (.+?) (?:go|goes|fit|fits) (?:in|into) (.+)"),
     lambda found: f"({found[2]}) / ({found[1]})"),
    (regex(r"(?:the )?(?:remainder|rest) (?:of|when|if) (.+?) (?:is )?divided by (.+)"),
     lambda found: f"({found[1]}) mod ({found[2]})"),
)  # fmt: skip
_TOKEN = regex(r"\d+(?:\.\d+)?|\.\d+|sqrt|cbrt|mod|of|pct|pi|[-+*/^!()]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Result of a calculation, or the reason why there is none."""

    value: Fraction | None = None
    """The value; None where there is a problem."""
    exact: bool = True
    """Whether the value is exact."""
    problem: str | None = None
    """Why there is no value, for the person."""


def calculate(text: str) -> Result | None:
    """Calculate an expression; None if the text is none.

    >>> calculate("what is twelve times seven").value, calculate("15 percent of 80").value
    (Fraction(84, 1), Fraction(12, 1))
    >>> calculate("one divided by zero").problem
    'Nothing can be divided by zero.'
    >>> calculate("what is love") is None
    True
    """
    said = _plain(text[:_MAX_CHARS])
    if len(text) > _MAX_CHARS or not re.search(r"\d|\bpi\b", said):
        return None
    tokens = _TOKEN.findall(said)
    if "".join(tokens) != said.replace(" ", "") or len(tokens) < 2:
        return None
    reader = _Reader(tokens)
    try:
        value = reader.sum(0)
    except _NoSumError:
        return None
    except _ProblemError as problem:
        return Result(problem=str(problem))
    return Result(value=value, exact=reader.exact) if not reader.left else None


def _plain(text: str) -> str:
    """Write a sum in signs: "twice (three plus 4)" -> "2 * ( 3 + 4 )"."""
    said, previous = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.casefold().strip()), None
    while said != previous:
        previous, said = said, _TAIL.sub("", _LEAD.sub("", said)).strip()
    said = in_digits(said)
    for pattern, order in _ORDERS:
        match = pattern.fullmatch(said)
        if match is not None:
            said = order(match)
            break
    for pattern, sign in _SIGNS:
        said = pattern.sub(sign, said)
    return " ".join(re.sub(r"\bthe\b", " ", said).split())


def _of_list(kind: str, said: str) -> str:
    parts = [f"({part})" for part in re.split(r"\s*,\s*(?:and )?|\s+and\s+", said) if part]
    if kind in {"average", "mean"}:
        return f"({' + '.join(parts)}) / {len(parts)}"
    return (" + " if kind == "sum" else " * ").join(parts)


class _NoSumError(Exception):
    """Error: the tokens are no sum."""


class _ProblemError(Exception):
    """Error: a sum that cannot be calculated."""


class _Reader:
    """Parser that calculates a sum while reading it."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens[::-1]
        self.exact = True

    def sum(self, depth: int) -> Fraction:
        if depth > _MAX_DEPTH:
            raise _ProblemError("That sum is too deep for me.")
        value = self._product(depth)
        while self._next() in {"+", "-"}:
            sign = self.left.pop()
            right = self._product(depth)
            value = _bounded(value + right if sign == "+" else value - right)
        return value

    def _product(self, depth: int) -> Fraction:
        value = self._signed(depth)
        while self._next() in {"*", "/", "mod", "of"}:
            sign = self.left.pop()
            right = self._signed(depth)
            if sign in {"/", "mod"} and not right:
                raise _ProblemError("Nothing can be divided by zero.")
            value = _bounded(
                value * right if sign == "*"
                else value / right if sign == "/"
                else value % right if sign == "mod"
                else value * right / 100
            )  # fmt: skip
        return value

    def _signed(self, depth: int) -> Fraction:
        if depth > _MAX_DEPTH:
            raise _ProblemError("That sum is too deep for me.")
        if self._next() == "-":
            self.left.pop()
            return -self._signed(depth + 1)
        base = self._tail(depth)
        if self._next() == "^":
            self.left.pop()
            return self._power(base, self._signed(depth + 1))
        return base

    def _tail(self, depth: int) -> Fraction:
        value = self._atom(depth)
        while self._next() in {"!", "pct"}:
            if self.left.pop() == "pct":
                value /= 100
            elif value.denominator != 1 or not 0 <= value <= _MAX_FACTORIAL:
                raise _ProblemError(f"I can take factorials of whole numbers up to {_MAX_FACTORIAL}.")
            else:
                value = Fraction(math.factorial(int(value)))
        return value

    def _atom(self, depth: int) -> Fraction:
        if not self.left:
            raise _NoSumError
        token = self.left.pop()
        if token == "(":  # noqa: S105 - a token of a sum
            value = self.sum(depth + 1)
            if self._next() != ")":
                raise _NoSumError
            self.left.pop()
            return value
        if token in {"sqrt", "cbrt"}:
            return self._root(self._signed(depth + 1), 2 if token == "sqrt" else 3)  # noqa: S105
        if token == "pi":  # noqa: S105
            self.exact = False
            return Fraction(math.pi)
        if not token[-1].isdigit():
            raise _NoSumError
        return _bounded(Fraction(token))

    def _root(self, value: Fraction, degree: int) -> Fraction:
        if value < 0 and degree == 2:
            raise _ProblemError("A negative number has no real square root.")
        above, below = (_whole_root(abs(part), degree) for part in (value.numerator, value.denominator))
        if above is not None and below is not None:
            return Fraction(above if value >= 0 else -above, below)
        self.exact = False
        return Fraction(math.copysign(abs(float(value)) ** (1 / degree), float(value)))

    def _power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if not base and exponent < 0:
            raise _ProblemError("Nothing can be divided by zero.")
        size = abs(math.log10(abs(base))) if base else 0.0
        if abs(exponent) * max(size, math.log10(2) if base.denominator > 1 else 0.0) > _MAX_DIGITS:
            raise _ProblemError("That number is too large for me.")
        if exponent.denominator == 1 and abs(exponent) <= 10_000:
            return _bounded(base ** int(exponent))
        if base < 0:
            raise _ProblemError("That power of a negative number is no real number.")
        self.exact = False
        return Fraction(float(base) ** float(exponent))

    def _next(self) -> str:
        return self.left[-1] if self.left else ""


def _whole_root(value: int, degree: int) -> int | None:
    root = math.isqrt(value) if degree == 2 else round(value ** (1 / 3))
    return root if root**degree == value else None


def _bounded(value: Fraction) -> Fraction:
    if len(str(abs(value.numerator))) > _MAX_DIGITS or len(str(value.denominator)) > 2 * _MAX_DIGITS:
        raise _ProblemError("That number is too large for me.")
    return value
