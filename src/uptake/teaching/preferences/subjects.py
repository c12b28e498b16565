"""Put statements about people at home into the first person: "nobody in our family eats mushrooms", "we don't eat …".

A subject that stands for the household (the people of the home, some of them and the speaker, nobody of them) becomes
"we", and the verb agrees; so patterns need two subjects only.

Limit: English, present tense and perfect.
"""

from __future__ import annotations

import re

from uptake.text.patterns import regex

__all__ = ["first_person"]

_KIN = (
    r"(?:wife|husband|missus|partner|girlfriend|boyfriend|fianc[a-z]+|spouse|(?:other|better) half|kids?|children|"
    r"sons?|daughters?|brothers?|sisters?|bro|sis|siblings|mum|mom|dad|mother|father|parents|folks|gran|granny|"
    r"grandma|nan|grandad|grandpa|flatmates?|roommates?|housemates?|family|twins|boys|girls|bloke|old man|lot|lads|"
    r"little ones?)"
)
_OWNED = rf"(?:(?:my|our|the) )(?:[a-z]+ )?{_KIN}"
_PLACE = (
    r"(?:(?:in|at|round|around|of|under) (?:this|our|the|my) (?:whole |entire )?(?:house(?:hold)?|home|family|flat|"
    r"place|roof|clan|crew|gang|lot|table)|here|at home|round here|around here|at ours)"
)
_ALL = (
    rf"(?:{_OWNED}(?:,? (?:and )?{_OWNED})*,? and (?:i|me|myself)|(?:me|i|myself) and {_OWNED}|as a (?:family|"
    r"household|couple),? we(?: all)?|we as a (?:family|household|couple)|us lot|(?:the )?(?:2|3|4|5|6|lot|whole lot|"
    r"rest|pair) of us|(?:all|both|most) (?:\d )?of us|every (?:single )?(?:1|one) of us|(?:everyone|everybody|every "
    rf"?(?:1|one)) {_PLACE}|(?:our|this) (?:whole |entire |little )?(?:lot|house(?:hold)?|home|family|crew|gang|clan|"
    r"bunch|flat|tribe|brood)|(?:the|my|our) (?:family|household)|the (?:whole |entire )(?:house(?:hold)?|family|flat|"
    r"home|lot of us)|(?:we|us) (?:all|"
    r"both))"
)
_NONE = (
    rf"(?:(?:nobody|no (?:1|one)|not a (?:single )?soul) {_PLACE}|(?:none|neither|not (?:1|one)|not a single (?:1|one)"
    rf") of us(?: {_PLACE})?)"
)
_VERB = r"(?P<v>[a-z']+)(?P<rest>\b.*)"
_SUBJECTS = ((regex(rf"^{_NONE} {_VERB}$"), True), (regex(rf"^{_ALL} {_VERB}$"), False))
_AT_HOME_FIRST = regex(rf"^({_PLACE}) (nobody|no (?:1|one)|everyone|everybody|every ?(?:1|one)) (.*)$")
_PLAIN = {
    "is": "are", "am": "are", "was": "were", "has": "have", "does": "do", "doesn't": "don't", "isn't": "aren't",
    "hasn't": "haven't", "goes": "go", "watches": "watch", "says": "say", "'s": "are",
}  # fmt: skip
_DENIED = {"are": "aren't", "have": "haven't", "do": "don't", "can": "can't", "will": "won't", "could": "couldn't"}
_ADVERBS = frozenset(
    "really always just absolutely all both totally still never usually simply only mostly ever much truly".split()
)


def first_person(words: str) -> str:
    """Return a normalised clause with who is at home as "we"; as it is where it speaks of nobody there.

    >>> first_person("our whole family roots for the packers")
    'we root for the packers'
    >>> first_person("nobody in our family eats mushrooms")
    "we don't eat mushrooms"
    """
    words = _AT_HOME_FIRST.sub(r"\2 \1 \3", words)
    for pattern, none in _SUBJECTS:
        match = pattern.match(words)
        if match is None:
            continue
        verb, rest = match["v"], match["rest"]
        adverb = ""
        while verb in _ADVERBS and rest.strip():
            adverb = f"{adverb}{verb} "
            verb, _, rest = rest.strip().partition(" ")
            rest = f" {rest}" if rest else ""
        plain = _plain(verb)
        if none:
            denied = _DENIED.get(plain)
            return f"we {denied or f'''don't {plain}'''}{rest}"
        return f"we {adverb}{plain}{rest}"
    return words


def _plain(verb: str) -> str:
    """Return a verb as it follows "we"."""
    if verb in _PLAIN:
        return _PLAIN[verb]
    if len(verb) > 3 and verb.endswith("s") and not verb.endswith(("ss", "us", "is")) and "'" not in verb:
        return re.sub(r"(?<=[^aeiou])ies$", "y", verb) if verb.endswith("ies") else verb[:-1]
    return verb
