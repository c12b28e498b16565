"""Convert English words to short sequences of rough sound units, by spelling rules only.

Finer than Metaphone, which has no vowels: "light", "late" and "let" differ here. Coarser than a pronouncing dictionary,
but every name has an entry. The channel's confusions are counted between these units.

Limit: English spelling; "tough" and "though" end alike, and names from other languages are read as English.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["UNITS", "sounds"]

UNITS = tuple("p b t d k g f v T s z S C j m n N l r w y h a A e E i I o O u U".split())
"""The units: consonants (T = th, S = sh, C = ch, j = j, N = ng), short vowels a e i o u, long ones A E I O U."""

_AT = {unit: at for at, unit in enumerate(UNITS)}

_RULES = """
    tion=S u n | sion=S u n | ture=C u r | ough=O | augh=o | eigh=A | igh=I | tch=C | sch=s k | dge=j | que=k
    qu=k w | ch=C | sh=S | th=T | ph=f | wh=w | ck=k | ng=N | gh=g | sc(?=[eiy])=s | x=k s | ee=E | ea=E | ie(?=.)=E
    ie=I | ei=A | ai=A | ay=A | ey=E | oo=U | ou=a u | ow(?=.)=a u | ow=O | oa=O | oe=O | oi=O i | oy=O i | au=o
    aw=o | eu=U | ew=U | ue=U | ui=U | a(?=[^aeiouy]e$)=A | e(?=[^aeiouy]e$)=E | i(?=[^aeiouy]e$)=I
    o(?=[^aeiouy]e$)=O | u(?=[^aeiouy]e$)=U | er=u r | ir=u r | ur=u r | y$=E | y(?=[aeiou])=y | y=i | c(?=[eiy])=s
    c=k | g(?=[ey])=j | o$=O | i$=E | a=a | e=e | i=i | o=o | u=u | q=k
"""  # spelling (a pattern) = units; the first that fits, from left to right
_SILENT = re.compile(r"(?<=[^aeiou])e$|^k(?=n)|^w(?=r)|^g(?=n)|^p(?=s)|(?<=m)b$")
_DOUBLE = re.compile(r"([^aeiou])\1")
_RULE = tuple(
    (re.compile(pattern.strip()), tuple(said.split()))
    for pattern, _, said in (rule.rpartition("=") for rule in _RULES.replace("\n", "|").split("|"))
    if said.strip()
)
_DIGITS = re.compile(r"\d+")
_LONG = 4  # digits of a number that is read out one by one
_HUNDRED = 100
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_IRREGULAR = {
    word.strip(): said
    for word, _, said in (
        rule.partition("=")
        for rule in """
    the=T u | a=u | of=u v | to=t U | do=d U | you=y U | what=w u t | who=h U | two=t U | one=w u n | are=a r
    was=w u z | is=i z | his=h i z | as=a z | has=h a z | some=s u m | come=k u m | off=o f | have=h a v
    live=l i v | give=g i v | eight=A t | be=b E | me=m E | we=w E | he=h E | she=S E | no=n O | go=g O | so=s O
    my=m I | by=b I | i=I | oh=O
""".replace("\n", "|").split("|")
    )
    if said
}


@lru_cache(maxsize=65_536)
def sounds(word: str) -> tuple[int, ...]:
    """Return the units of a word, as positions in `UNITS`; empty where there is nothing to be heard.

    >>> " ".join(UNITS[at] for at in sounds("light")), sounds("hall") == sounds("hal")
    ('l I t', True)
    """
    if any(char.isdigit() for char in word):
        return tuple(unit for part in _spelled(word).split() for unit in sounds(part))
    letters = re.sub(r"[^a-z]", "", word.casefold())
    if letters in _IRREGULAR:
        return tuple(_AT[unit] for unit in _IRREGULAR[letters].split())
    return _read(letters)


def _read(letters: str) -> tuple[int, ...]:
    found: list[str] = []
    text = _DOUBLE.sub(r"\1", letters)
    silent = _SILENT.search(text) if len(text) > 2 else None
    at = 0
    while at < len(text):
        if silent is not None and text[at] == silent.group() and _SILENT.match(text, at):
            at += 1
            continue
        for pattern, said in _RULE:
            match = pattern.match(text, at)
            if match is not None:
                found += said
                at = match.end()
                break
        else:
            found.append(text[at])
            at += 1
    return tuple(_AT[unit] for unit in found if unit in _AT)


def _spelled(word: str) -> str:
    """Spell digits as they are said: "7:30" as "seven thirty", "2026" digit by digit."""
    return " ".join(
        _number(part) if len(part) < _LONG else " ".join(map(_number, part)) for part in _DIGITS.findall(word)
    )


def _number(digits: str) -> str:
    value = int(digits)
    if value >= _HUNDRED:
        return f"{_ONES[value // 100]} hundred {_number(digits[1:]) if value % 100 else ''}"
    if value < len(_ONES):
        return _ONES[value]
    return f"{_TENS[value // 10 - 2]} {_ONES[value % 10] if value % 10 else ''}"
