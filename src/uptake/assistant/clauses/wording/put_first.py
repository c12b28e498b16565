"""What is put into other words before anything else is read: values corrected, lengths and levels told behind a deed.

Anybody's words, a title or the text of a reminder, stay as they are. Limit: English.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from uptake.assistant.clauses.wording.spoken import FREE
from uptake.text.patterns import regex
from uptake.text.rewordings import Rewordings

__all__ = ["put_first"]

_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER = (
    rf"(?:\d+|(?:{'|'.join(_TENS[1:])})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen)"
)
_DOUBT = r"(?:no|sorry|wait|actually|hang on|hold on|oops)"
_MENDED = regex(
    rf"\b{_NUMBER} (?P<unit>minutes?|hours?|seconds?|percent|degrees?),? {_DOUBT}"
    rf"(?:,? (?:{_DOUBT}|make (?:it|that)|i mean))*,? (?P<new>{_NUMBER})(?: (?P=unit))?(?=\W*$|,| please)",
    re.IGNORECASE,
)
_OVEN = regex(
    r"(?P<front>\boven (?:up |down )?(?:to|at) |\b(?:the )?oven on,? (?:at |to )?)"
    r"(?:(?P<figures>[5-9]\d|[12]\d\d)\b(?! (?:minutes|hours|o'clock|[ap]m))"
    rf"|(?P<hundreds>one|two)[ -](?P<tens>{'|'.join(_TENS)})\b)",
    re.IGNORECASE,
)
_LIKE = regex(
    r"\b(?P<colour>red|green|blue|yellow|orange|purple|pink|white) like (?:an?|the|my) [\w']+(?: [\w']+)?(?=\W*$|,)",
    re.IGNORECASE,
)
_EXACTLY = regex(
    r"\b(?:to|at) (?:precisely|exactly|about|around|roughly)(?= (?:an? |one |two |three |\d))", re.IGNORECASE
)
_PLEASE = regex(
    r"(?<=\w) (?:please|pls|plz) (?=(?:the |my |our )?(?:bab\w+|kids?|child\w*|she|he|it|they|i|we)\b)", re.IGNORECASE
)
_IS_SHE = regex(
    r"^(?:and )?(?P<what>(?:the|my|our) [\w']+(?: [\w']+)?), (?:is (?:she|he|it)|are they) "
    r"(?P<state>on|off|open|shut|closed|locked)(?P<rest>[\w ]*\W*)$",
    re.IGNORECASE,
)
_RID = regex(
    r"\bget rid of (?=(?:the|that|this|my|all the) (?:[\w']+ )*(?:lights?|lamps?|music|noise|sound)\b)", re.IGNORECASE
)
_SOMETHING = regex(
    r"(?P<colour>\b(?:white|red|green|blue|yellow|orange|purple|pink)),? something (?:nice|cosy|cozy|warm|soft|bright)"
    r"(?=\W*$)",
    re.IGNORECASE,
)
_CRIES = regex(r"^(?:arrah|arra|och|ach|oi|ay|aye|ah here|jaysus|janey|crikey|strewth)[, ]+(?=\w)", re.IGNORECASE)
_HIM = regex(r"\b(?P<verb>stop|pause|send|bring|start) (?:him|her)\b", re.IGNORECASE)
_GOTTA = regex(r"(?<=, )(?:i |we )?(?:gotta|got to|gonna) (?=\w)", re.IGNORECASE)
_BAKED = regex(
    r"(?P<oven>\boven\b.*\b\d{2,3}(?: degrees)?) for (?:the|my|our|some|an?) [a-z]+(?: [a-z]+)?(?=\W*$)", re.IGNORECASE
)
_MUSIC_OFF = regex(r"^(?:the )?music off(?=,? but\b)", re.IGNORECASE)
_MISSPELT = {
    "ninteen": "nineteen", "fourty": "forty", "twelth": "twelve", "twelv": "twelve", "eigthy": "eighty",
    "ninty": "ninety", "fiveteen": "fifteen", "fivety": "fifty", "twentey": "twenty", "twnety": "twenty",
    "eightteen": "eighteen", "hunderd": "hundred", "fourten": "fourteen", "thirtheen": "thirteen",
    "sixtheen": "sixteen", "thrity": "thirty",
}  # fmt: skip
_NUMBERS_MISSPELT = regex(rf"\b(?:{'|'.join(_MISSPELT)})\b", re.IGNORECASE)
_CALLED = regex(
    r"^(?P<what>(?!.*\b(?:remind|timer|alarm|wake)\b.*\band\b).+?),? and (?:then )?"
    r"(?:give (?:me|us) an? (?:shout|nudge|bell|buzz|yell|call|ping)"
    r"|remind (?:me|us)|let (?:me|us) know|tell (?:me|us))"
    r" (?:again )?in (?P<long>(?:an? |half |\w+[ -])?(?:\w+ )?(?:minutes?|mins?|hours?))(?=\W*$)",
    re.IGNORECASE,
)


def put_first(text: str) -> str:
    """Return a request with a corrected number, the heat of an oven and a call after a time in plain words.

    >>> put_first("timer for pasta, 11 minutes, no hang on 9")
    'timer for pasta, 9 minutes'
    >>> put_first("oven on, one eighty, and give us a shout in forty minutes")
    'set the oven to 180 and set a timer for forty minutes'
    >>> put_first("remind me to send him a card"), put_first("play blue like a river")
    ('remind me to send him a card', 'play blue like a river')
    """
    text = _ANYHOW.applied(text)
    return text if FREE.search(text) else _IF_PLAIN.applied(text)


_SPELT = (
    "three seven eight eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty"
    " fifty sixty seventy eighty ninety hundred quarter"
).split()
_OTHER_WORDS = frozenset(
    "there these height weight eighth seventh fifth sixth forth even sever quarters hundreds".split()
)
_COUNTED = regex(
    r"\b(?P<word>[a-z]{4,10})(?=[ -](?:(?:one|two|three|four|five|six|seven|eight|nine)[ -])?(?:minutes?|mins?|hours?"
    r"|seconds?|secs?|percent|degrees?|o'?clock)\b)|(?<=half past )(?P<past>[a-z]{4,7})\b",
    re.IGNORECASE,
)


def _spelt(found: re.Match[str]) -> str:
    """Return the number that was meant by a word before a unit, one letter off: "tewnty five minutes"."""
    word = found[0].lower()
    if word in _SPELT or word in _OTHER_WORDS:
        return found[0]
    from rapidfuzz.process import extractOne  # it takes time to load, and few requests need it

    near = extractOne(word, _SPELT, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near is not None else found[0]


def _heated(found: re.Match[str]) -> str:
    degrees = found["figures"]
    if degrees is None:
        degrees = str(100 * (1 + (found["hundreds"].lower() == "two")) + 10 * (1 + _TENS.index(found["tens"].lower())))
    front = found["front"]
    return f"{front}{degrees}" if " on" not in front.lower() else f"set the oven to {degrees}"


_ANYHOW = Rewordings(
    (
        (_spelt, _COUNTED),
        (r"\g<new> \g<unit>", _MENDED),
        (r"\g<what> and set a timer for \g<long>", _CALLED),
    )
)
_IF_PLAIN = Rewordings(
    (
        (lambda found: _MISSPELT[found[0].lower()], _NUMBERS_MISSPELT),
        (r"\g<colour>", _LIKE),
        (lambda found: found[0].split()[0], _EXACTLY),
        (" please, ", _PLEASE),
        ("", _CRIES),
        (_heated, _OVEN),
        (r"\g<oven>", _BAKED),
        (r"is \g<what> \g<state>\g<rest>", _IS_SHE),
        ("turn the music off", _MUSIC_OFF),
        ("turn off ", _RID),
        (r"\g<colour>", _SOMETHING),
        ("I need to ", _GOTTA),
        (r"\g<verb> it", _HIM),
    )
)
