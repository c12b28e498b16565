"""One spelling for one request.

Recognisers disagree on conventions, not only on words: "today 's" beside "today's", "do n't" beside
"don't", "5 pm" beside "five p m". `normalize` removes those differences and nothing else, so that
equal requests are equal strings wherever they came from.

Limit: number words are folded up to 99 and "hundred" in English only; other languages keep theirs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["MAX_CHARS", "PLAIN", "TOUCHED", "normalize"]

MAX_CHARS = 2_000
"""Longer requests are cut before they are normalised: time and memory stay bounded."""

_APOSTROPHES = "\u2019\u2018\u02bc\u00b4`\u2032"
# "today 's" and "do n't" as tokenisers write them; "o' clock" as some recognisers do.
_SPLIT_CLITIC = re.compile(r"(?<=\w) +(n't|'(?:s|m|d|ll|re|ve|t))\b")
_SPLIT_NT = re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|wo|ca|must|need) n 't\b")
_OCLOCK = re.compile(r"\bo ?'? ?clock\b")
_AMPM = re.compile(r"\b([ap])\.? ?m\b\.?")
_KEPT = frozenset("'%+°$€£:.,/-")
_NOT_WORD = re.compile(r"[^a-z0-9'%+$:.,/-]+")  # the same for ASCII, lower-cased
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_LOOSE_MARK = re.compile(
    r"(?<!\d)[:.,/](?!\d)|(?<=\d)[:.,/](?!\d)|(?<!\d)[:.,/](?=\d)|(?<!\w)'|'(?!\w)|(?<!\w)-(?!\d)|-(?!\w)"
)
_MARKS = frozenset(":.,/'-")
_HYPHEN = re.compile(r"(?<=[^\W\d])-(?=\w)")
_SPACES = re.compile(r"\s+")

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
}

# Most requests are plain already: lower-case words and numbers with single spaces, none of which a rule can touch.
_PLAIN = re.compile(r"(?:[a-z]+|[0-9]+)(?: (?:[a-z]+|[0-9]+))*")
_TOUCHED = frozenset({*_UNITS, *_TENS, "m", "am", "pm", "clock", "oclock"})
PLAIN = rf"^{_PLAIN.pattern}$"
"""Regular expression (that RE2 reads alike): a text of at most `MAX_CHARS` that it matches, and `TOUCHED` does not, is
written as `normalize` writes it."""
TOUCHED = rf"\b(?:{'|'.join(sorted(_TOUCHED))})\b"
"""Regular expression: a word that a rule may touch."""


def normalize(text: str) -> str:
    """Return the canonical spelling of a request.

    Unicode is composed (NFKC) and lower-cased, clitics are rejoined, punctuation goes, number words become
    digits. Idempotent: `normalize(normalize(x)) == normalize(x)`.

    >>> normalize("What 's today 's date?"), normalize("I do n't  know"), normalize("Wake me at Five p.m.")
    ("what's today's date", "i don't know", 'wake me at 5 pm')
    """
    return _normalize(text[:MAX_CHARS])


@lru_cache(maxsize=4_096)
def _normalize(text: str) -> str:
    previous = None
    while text != previous and not _is_plain(text):  # a rule may uncover work for an earlier one
        previous, text = text, _one_round(text)
    return text


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and _TOUCHED.isdisjoint(text.split(" "))


def _one_round(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    for mark in _APOSTROPHES:  # sooner than `translate`, which looks at every letter
        text = text.replace(mark, "'")
    text = unicodedata.normalize("NFKC", text)
    if "'" in text:
        text = _SPLIT_NT.sub(r"\1n't", text)
        text = _SPLIT_CLITIC.sub(r"\1", text)
    text = _OCLOCK.sub("o'clock", text) if "clock" in text else text
    text = _AMPM.sub(r"\1m", text)
    text = _NOT_WORD.sub(" ", text) if text.isascii() else "".join(map(_word_or_space, text))
    if not _MARKS.isdisjoint(text):
        text = _THOUSANDS.sub("", text)
        text = _HYPHEN.sub(" ", text)
        text = _LOOSE_MARK.sub(" ", text)
    return " ".join(_digits(_SPACES.sub(" ", text).strip().split(" ")))


def _word_or_space(mark: str) -> str:
    """Return letters, digits, the marks kept and the combining marks that many scripts spell with; else a space."""
    kept = mark in _KEPT or mark.isalnum() or (mark > "\x7f" and unicodedata.category(mark).startswith("M"))
    return mark if kept else " "


def _digits(words: list[str]) -> list[str]:
    """Write number words as digits: "twenty five" -> "25", "two hundred" -> "200"."""
    out: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _TENS and 0 < _UNITS.get(following, 0) < 10:
            value, at = _TENS[word] + _UNITS[following], at + 2
        elif word in _TENS:
            value, at = _TENS[word], at + 1
        elif word in _UNITS:
            value, at = _UNITS[word], at + 1
        else:
            if word:
                out.append(word)
            at += 1
            continue
        if at < len(words) and words[at] == "hundred" and 0 < value < 10:
            value, at = 100 * value, at + 1
        out.append(str(value))
    return out
