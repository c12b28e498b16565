"""Detect agreement to a question, and a further request in it: "yes and turn off the light".

A text agrees only if nothing in it disagrees. Words that begin other sentences as well ("i do not know", "great
weather", "right after dinner") are a yes only alone, and a yes followed by a condition, a time or a no is none.

Every function expects text from `uptake.text.normalize`.

Limit: English.
"""

from __future__ import annotations

from uptake.text.lexicon import is_yes, strip_fillers
from uptake.text.patterns import regex

__all__ = ["backs_out", "half_agrees", "says_it_lightly", "split_yes"]

_YES = regex(
    r"(?:yes|yeah|yep|yup|yea|ya|aye|sure|of course|definitely|absolutely|certainly|ok|okay|alright|all right"
    r"|please do|go ahead|do it|do that|go for it|sounds good|why not|by all means|affirmative|you got it)\b"
)
_YES_ALONE = regex(
    r"(?:fine|right|correct|exactly|that's right|that's it|that's the one|that 1|i am sure|i'm sure|i do|it is|it was"
    r"|perfect|great|good|lovely|brilliant)\b"
)
"""A yes, unless more than courtesy follows: "great weather today"."""
_SENTENCE = regex(r"(?:i do|it is|it was) \w")
_LIGHTLY = regex(r"(?:sure|of course|ok|okay|alright|all right|absolutely|certainly|why not)\b")
"""A yes that begins sentences, too: "ok what's the weather like"."""
_FLUFF = regex(
    r"(?:please|thanks|thank you|cheers|ta|do it|do that|do so|do|go ahead|go on|of course|sure|absolutely|definitely"
    r"|i am|i'm sure|i am sure|it was|it is|that's (?:right|it|correct|fine)|correct|right|exactly|for sure|why not"
    r"|no (?:problem|worries|bother)|and|then|now|well|ok|okay|alright|yes|yeah|that|that 1|it|you did|you may|you can"
    r"|i do|very good|all good|great|perfect|good|fine|lovely|idea|thing|by all means|(?:by|with) me|you are|whatever"
    r"|by all means|let's|(?:my )?(?:dear|love|darling|friend|mate|honey|pet|sweetheart|buddy)|computer|sorry"
    r"|if you (?:can|could|would|will|like|please|don't mind|wouldn't mind))(?: |$)"
)
_JOINED = regex(r"(?:(?:please|thanks|thank you|yes|do it|do that) )*(?:and|also|then|but also|plus)\b")
_AGAINST = regex(
    r"(?:(?:oh|no|wait|actually|well|hm+|please|just) )*(?:no(?! (?:problem|worries|bother|need|rush|hurry|idea))|nope"
    r"|don't|do not|leave (?:it|that|them)|forget (?:it|that|about)|never ?mind|not now|don't bother|keep it|hold on"
    r"|hang on|wait|i(?:'ve| have)? changed my mind|(?:i|we)(?:'ll| will| can|'d rather| would rather|'m going to) )\b"
)
"""What takes a yes back."""
_HALF = regex(
    r"\b(?:not|no|never|nothing|nobody|if|unless|when|once|after|before|until|till|while|only|later|maybe|except"
    r"|because)\b|n't\b|\b(?:in|at|for|by|from) (?:about |around )?(?:an?|half|\d|noon|midnight)|\b(?:tomorrow"
    r"|tonight)\b"
)
"""What makes a yes to less than was asked about."""


def split_yes(text: str) -> str | None:
    """Return the words after a yes ("" if there are none); None if the text does not agree, or only in part.

    >>> split_yes("yes please do it"), split_yes("yes and turn off the light"), split_yes("yesterday")
    ('', 'turn off the light', None)
    >>> split_yes("i do not want that"), split_yes("yes but only if they are home"), split_yes("ok leave it")
    (None, None, None)
    """
    core = strip_fillers(text)
    if is_yes(core):
        return ""
    rest = _after_yes(core)
    joined = rest is not None and _JOINED.match(rest) is not None
    if rest is None or backs_out(text) or (half_agrees(text) and not joined):
        return None
    left = _without_fluff(rest)
    if left and _YES.match(core) is None:
        return None
    return left


def backs_out(text: str) -> bool:
    """Tell whether a text begins with a yes and takes it back: "yes no wait don't", "ok leave it"."""
    rest = _after_yes(strip_fillers(text))
    return rest is not None and _AGAINST.match(rest) is not None


def half_agrees(text: str) -> bool:
    """Tell whether a text says yes to less than what was asked: "yes but only if they are home"."""
    core = strip_fillers(text)
    rest = None if _SENTENCE.match(core) is not None else _after_yes(core)
    return rest is not None and _HALF.search(_without_fluff(rest)) is not None


def says_it_lightly(text: str) -> bool:
    """Tell whether a text begins with a word that may as well begin another sentence: "ok what's the time"."""
    core = strip_fillers(text)
    match = _LIGHTLY.match(core) or _YES_ALONE.match(core)
    return match is not None and _JOINED.match(core[match.end() :].strip()) is None


def _after_yes(core: str) -> str | None:
    match = _YES.match(core) or _YES_ALONE.match(core)
    return None if match is None else core[match.end() :].strip()


def _without_fluff(text: str) -> str:
    rest = text.strip()
    while (match := _FLUFF.match(rest)) is not None:
        rest = rest[match.end() :]
    return rest
