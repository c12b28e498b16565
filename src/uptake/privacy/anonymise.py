"""Anonymise texts: words of a public vocabulary are kept, everything else gets a pseudonym.

E-mail and street addresses, links, numbers, clock times, known names (of the home, of places) and the words after
"call" or "my name is" are replaced by their kind and a tag. So is any other word outside the vocabulary. Tags are keyed
hashes: equal words get equal tags under one key, and nobody without the key can test words.

Limit: information in common words stays ("the house behind the church"), and so does a person's style: this is not
differential privacy. A name that is a common word is found only if it is known, or follows such a phrase.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from uptake.errors import BadConfig

__all__ = ["Anonymiser", "pseudonym"]

_LEAST_KEY = 16
_SPOKEN = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand oh double".split()
)
_NUMBER = "|".join(sorted(_SPOKEN))
_HALF = r"(?:a\.?m\.?|p\.?m\.?|o'clock|oclock|a m|p m)(?!\w)"
_PARTS = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:(?:\.| dot )[\w-]+)*|\b\w+(?: dot \w+)? at \w+ dot \w+(?: dot \w+)?\b)"
    r"|(?P<link>\b(?:https?://|www\.)\S+)"
    r"|(?P<address>\b\d+[a-z]?(?: [^\W\d_][\w'\u2019-]*){1,3} "
    r"(?:street|st|road|rd|avenue|ave|lane|drive|way|terrace)\b)"
    rf"|(?P<time>\b\d{{1,2}}(?::\d{{2}})? ?{_HALF}|\b\d{{1,2}}:\d{{2}}\b"
    rf"|\b(?:{_NUMBER})(?:(?: and)? (?:{_NUMBER}))* {_HALF}"
    rf"|\b(?:half past|quarter past|quarter to|(?:{_NUMBER}) past|(?:{_NUMBER}) to) (?:{_NUMBER})\b)"
    r"|(?P<number>\+?\d(?:[\d ().,/-]*\d)?)"
    r"|(?P<word>[^\W\d_](?:[\w'\u2019]*\w)?)",
)
_LONG = 3  # spoken digits in a row that are somebody's number
_CUES = frozenset("call phone ring text message email mail dial facetime named".split())
_INTRODUCED = re.compile(r"(?:my name is|name is|name's|i am called|this is)\s+$")
_NO_NAME = frozenset(
    "me my him her us them it the a an back up off on in at to for from his your our their everybody everyone somebody "
    "mum mom dad mother father brother sister wife husband home work doctor dentist police with about that this "
    "when".split()
)


def pseudonym(key: bytes, kind: str, value: str) -> str:
    """Return a pseudonym: the same for the same value under one key, and nothing without the key.

    >>> pseudonym(b"0123456789abcdef", "user", "ann") == pseudonym(b"0123456789abcdef", "user", "ann")
    True

    Raises:
        BadConfig: The key is shorter than 16 bytes.
    """
    if len(key) < _LEAST_KEY:
        raise BadConfig(f"a key must have at least {_LEAST_KEY} bytes, got {len(key)}")
    return hmac.new(key, f"{kind}\x00{value}".encode(), hashlib.sha256).hexdigest()[:16]


class Anonymiser:
    """Replace words that may identify somebody.

    Args:
        key: Secret bytes, at least 16, kept apart from what is exported.
        vocabulary: Public words, which are kept.
        names: Known names, such as those of the home and of places: replaced even if the vocabulary has their words.
    """

    def __init__(self, key: bytes, *, vocabulary: Iterable[str], names: Iterable[str] = ()) -> None:
        self._key = key
        pseudonym(key, "", "")
        self._vocabulary = frozenset(vocabulary)
        if not self._vocabulary:
            raise BadConfig("the vocabulary is empty: no word could leave; name a file with public words, one a line")
        known = sorted({name.casefold() for name in names if name}, key=len, reverse=True)
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b") if known else None

    def __call__(self, text: str) -> str:
        """Return a text in lower case without what may name somebody."""
        text = text.casefold()
        if self._names is not None:
            text = self._names.sub(lambda found: self._tag("name", found[0]), text)
        out: list[str] = []
        digits: list[int] = []
        at, cued = 0, False
        for found in _PARTS.finditer(text):
            kind, word = str(found.lastgroup), found[0]
            if kind == "word" and word in _SPOKEN:
                digits.append(len(out) + 1)
            elif digits:
                self._close(out, digits)
            out.append(text[at : found.start()])
            at = found.end()
            if kind == "word":
                named = (cued or _INTRODUCED.search(text[: found.start()])) and word not in _NO_NAME
                out.append(word if self._stays(word, bool(named)) else self._tag("name" if named else "word", word))
                cued = word in _CUES
            else:
                out.append(self._tag(kind, word))
                cued = False
        self._close(out, digits)
        return "".join([*out, text[at:]])

    def _stays(self, word: str, named: bool) -> bool:
        return "_" in word or (word in self._vocabulary and not named)

    def _close(self, out: list[str], digits: list[int]) -> None:
        """Replace a long row of spoken digits by one tag."""
        if len(digits) >= _LONG:
            said = "".join(out[digits[0] : digits[-1] + 1])
            out[digits[0] : digits[-1] + 1] = [self._tag("number", said)]
        digits.clear()

    def _tag(self, kind: str, value: str) -> str:
        return f"{kind}_{pseudonym(self._key, kind, value)[:8]}"
