"""Write what people say to an offer as readings of their turns, and recognise it.

Limit: English.
"""

from __future__ import annotations

import re
from typing import Literal

from uptake.proactive.offers.offer import fulfils
from uptake.proactive.offers.standing import Answer
from uptake.text.lexicon import is_no, is_termination, is_yes
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["ACCEPTS", "DECLINES", "DOMAIN", "REFUSALS", "Said", "answer_of", "event", "heard"]

DOMAIN = "proactive"
"""Domain of the readings that are about offers."""
ACCEPTS, DECLINES = "AcceptOffer", "DeclineOffer"
"""Intents of a yes and a no to an offer."""
Said = Literal["yes", "no", "never", "off", "on", "why"]
"""Accepts; declines; declines for good; wants no offers at all; wants offers; asks why it was said."""

_INTENTS: dict[Said, str] = {
    "yes": ACCEPTS,
    "no": DECLINES,
    "never": "StopOffer",
    "off": "StopOffers",
    "on": "StartOffers",
    "why": "ExplainOffer",
}
REFUSALS = (DECLINES, _INTENTS["never"], _INTENTS["off"])
"""Intents that decline an offer: once, for good, or all of them."""
_PLEASE = r"(?:(?:please|ok|okay|no|and|but|just|you can|you may|can you|could you) )*"
_OFFERS = r"(?:suggestions?|offers?|proposals?|suggesting(?: things| anything)?|offering(?: things| anything)?|hunches)"
_PATTERNS: tuple[tuple[Said, re.Pattern[str]], ...] = (
    (
        "never",
        regex(
            rf"{_PLEASE}(?:stop|quit|don't|do not|never|no more)(?: ever)? "
            r"(?:suggest(?:ing)?|offer(?:ing)?|ask(?:ing)? me|propos(?:e|ing)|say(?:ing)?) "
            r"(?:me )?(?:that|this|it|about that)(?: (?:again|any ?more|ever again))?(?: please)?"
        ),
    ),
    (
        "off",
        regex(
            rf"{_PLEASE}(?:stop|quit|no more|turn off|switch off|disable|without)(?: making| all| any| your| the)* "
            rf"{_OFFERS}(?: please)?|(?:stop making|don't make|do not make|make no)(?: me)?(?: any)?(?: more)? "
            rf"(?:suggestions|offers)(?: please)?|{_PLEASE}(?:(?:turn|switch) )?(?:(?:all|your|the) )?"
            r"(?:suggestions|offers|hunches) off(?: please)?"
        ),
    ),
    (
        "on",
        regex(
            rf"{_PLEASE}(?:(?:turn|switch) on|enable|start|make|give me|go on with)(?: making| some| your| the)* "
            rf"(?:suggestions|offers|hunches)(?: again)?(?: please)?|{_PLEASE}(?:(?:turn|switch) )?"
            r"(?:(?:all|your|the) )?(?:suggestions|offers|hunches)(?: back)? on(?: again)?(?: please)?"
        ),
    ),
    (
        "why",
        regex(
            r"(?:and )?(?:why|how come)(?: did| do| would)?(?: you)? "
            r"(?:say|ask|suggest|offer|propose|asking|saying|suggesting|offering)(?: me)?(?: that| this| it)?"
        ),
    ),
)
_ALONE = r"(?:by yourself|on your own|again|any ?more)"
_OF_DEEDS: tuple[tuple[Said, re.Pattern[str]], ...] = (
    (
        "never",
        regex(
            rf"{_PLEASE}(?:(?:stop|quit) doing (?:that|this|it)(?: {_ALONE})?"
            rf"|(?:don't|do not|never)(?: ever)? do (?:that|this|it) {_ALONE})(?: please)?"
        ),
    ),
    ("why", regex(r"(?:and )?(?:why|how come)(?: did| have)?(?: you)? (?:do|done|doing) (?:that|this|it)")),
)
_YES = regex(
    r"(?:(?:yes|yeah|yep|sure|ok|okay|oh|please|and)[ ,]*)*"
    r"(?:do (?:it|that|so)|please do|go (?:ahead|for it)|that would be (?:nice|great|good)|why not|sure thing"
    r"|(?:(?:that's |that is )?an? )?(?:good|great|nice|fine) idea|i(?:'d| would) (?:like|love) that)"
    r"(?: please)?"
)
_NO = regex(
    r"(?:no[ ,]+)?(?:not (?:now|today|this time|really|necessary)|no need|don't|do not|later|maybe later"
    r"|i'm (?:good|fine)|(?:no )?thanks?(?: you)?|leave it|leave me alone|not interested|(?:please )?stop(?: it| that)"
    r"|(?:that's|that is) annoying)(?: (?:thanks?|thank you))?"
    r"|no(?:pe)?[ ,]+(?:thanks?|thank you)(?: very much)?"
)


def heard(text: str, *, open_: bool, was_done: bool = False) -> Said | None:
    """Return what a request says about an offer; None where it says nothing about one.

    Args:
        text: The request.
        open_: Whether an offer waits for its answer: only then a yes or a no belongs to it.
        was_done: Whether something was just done unasked: only then "stop doing that" is about it.

    >>> heard("stop suggesting that", open_=False), heard("yes please", open_=True), heard("yes", open_=False)
    ('never', 'yes', None)
    """
    words = normalize(text)
    if open_ and (is_yes(words) or _YES.fullmatch(words)):
        return "yes"
    if open_ and (is_no(words) or is_termination(words) or _NO.fullmatch(words)):
        return "no"
    if open_ and words in ("why", "why that", "how come"):
        return "why"
    patterns = (*_PATTERNS, *_OF_DEEDS) if was_done else _PATTERNS
    return next((said for said, pattern in patterns if pattern.fullmatch(words)), None)


def event(said: Said, offer_id: str = "") -> Interpretation:
    """Return the reading of a turn that is about an offer."""
    slots = (("offer", offer_id),) if offer_id else ()
    return Interpretation(intent=_INTENTS[said], domain=DOMAIN, slots=slots, confidence=1.0)


def answer_of(offer_id: str, following: str) -> Answer:
    """Return how an offer was answered, from the key of the reading of the turn that followed; "" for none.

    >>> answer_of("routines:tea", event("yes", "routines:tea").key), answer_of("routines:tea", "")
    ('accepted', 'ignored')
    """
    about, _, rest = following.partition("|")
    intent = rest.partition("|")[0]
    if about == DOMAIN:
        return "accepted" if intent == ACCEPTS else "declined" if intent in REFUSALS else "ignored"
    return "anyway" if fulfils(following, offer_id) else "ignored"
