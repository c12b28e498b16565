"""Remove openings and fillers of a clause, so that one pattern matches many wordings.

"For the record I've always been really fond of lilies" and "I'm fond of lilies" give the same words.

Limit: English.
"""

from __future__ import annotations

from uptake.teaching.preferences.subjects import first_person
from uptake.text.patterns import regex

__all__ = ["bare"]

_LEADS = regex(
    r"^(?:(?:and|but|so|well|oh|ah|also|look|listen|hey|yeah|hmm|um|anyway|(?:yes|no)(?= (?:i|i'm|we|my|our|it's|"
    r"that)\b)|honestly|frankly|apparently|by the way|btw|fyi|for (?:the record|your information|what it's worth|"
    r"future reference)|just so you know|(?:so )?you know|you should know(?: that)?|just (?:remember|note)(?: that)?|"
    r"please (?:remember|note)(?: that)?|remember(?: that)?|note(?: that)?|don't forget(?: that)?|keep in mind(?: "
    r"that)?|bear in mind(?: that)?|(?:it )?turns out(?: that)?|to be (?:honest|fair|clear)|as you (?:may )?know|i "
    r"(?:have to|must) (?:say|admit|confess)|(?:please )?(?:(?:write|note|jot|put|get|make a note|take a note)(?: it|"
    r" this)?(?: down| on record| in writing)?|(?:i'll|let me) (?:have|let|tell) you(?: know)?|i'd like it noted|"
    r"know|take it from me|for (?:us|me) personally|if you ask me|if you must know|these days|nowadays|lately|in all "
    r"honesty|truth be told)(?: that)?(?= (?:i|i'm|i've|we|we're|we've|my|our|us|nothing|nobody|none|no|the|all|"
    r"both|everyone|everybody)\b)|let it be known(?: that)?|i want you to know(?: that)?|i'd like you to know(?: "
    r"that)?|what can i say|given the (?:choice|chance|option)|if (?:i|we) (?:had to|have to|could|can) (?:choose|"
    r"pick)|if it's up to (?:me|us)|all "
    r"things being equal|as a rule|more than anything|in case you (?:didn't know|wondered|need it)|one thing (?:about "
    r"me|to know)|i think|i "
    r"guess|i suppose|i'd say|i told you|i said|(?:my |the |our )?(?:doctor|gp|dietitian|dietician|nutritionist|"
    r"consultant|nurse) (?:says|said|told me|told us|reckons)(?: that)?) )+"
)
_CLEFT = regex(
    r"^what (i|we) (?:really )?(love|like|hate|enjoy|prefer|dislike|can't stand)(?: most| best)? (?:is|are) "
)
_LIKED = regex(
    r"^(.+?) (?:is|are) what (i|we) (?:really )?(love|like|hate|enjoy|prefer|dislike)(?: (?:best|most|the most))?$"
)
_BEEN = regex(r"\b(i|we)(?:'ve| have) (?:(?:always|never|long|ever|since) )?been\b")
_NEVER_BEEN = regex(r"\b(i|we)(?:'ve| have) never been\b")
_COLOURS = regex(
    r"(?:(?<=\bi)|(?<=\bwe)|(?<=i'm)|(?<=we're)|(?<=i've)|(?<=we've)) (?:(?:really|absolutely|totally|quite|truly|"
    r"honestly|genuinely|actually|definitely|certainly|simply|awfully|terribly|dreadfully|incredibly|insanely|hugely|"
    r"enormously|extremely|rather|ever so|madly|"
    r"wildly|hopelessly|unbelievably|exceedingly|properly|seriously|particularly|especially|completely|deeply|secretly|"
    r"massively|literally|basically|obviously|personally|usually|normally|generally|typically|ordinarily|mostly|"
    r"nearly always|almost always|tend to|still|also|just|kind of|sort of|rather|pretty|very|so|too) )+"
)
_ALONE = regex(
    r"^(?=(?:(?:absolutely |really |totally |just )*(?:love|hate|adore|loathe|detest|despise|prefer|enjoy|dislike)\b"
    r"(?! (?:is|was|it|you|your|that|this|those|these|to|the other|the first|the last)\b)|can't (?:stand|bear|get "
    r"enough|live without|resist|eat|have|abide)\b|never (?:liked|cared for|been (?:into|keen|fond))\b|don't (?:like|"
    r"eat|drink|care for|enjoy)\b))"
)
_AM = regex(
    r"^(?=(?:(?:big|huge|massive|lifelong|great|die hard|not (?:a|much of a)|no|a) )+(?:fan|lover|supporter) of\b|"
    r"(?:not|no longer) (?:a |an )?[a-z ]+ (?:fan|supporter)\b|(?:big |dead |mad |really |well )*(?:into|keen on|"
    r"fond of)\b|not (?:1|one) for\b|(?:not )?(?:allergic to|into|keen on|fond of|crazy about|mad about|partial to|"
    r"obsessed with|addicted to)\b|(?:strict |lifelong |a )?(?:vegetarian|vegan|pescatarian|coeliac|celiac|teetotal) "
    r"(?:here|myself|by the way))"
)


_COUNTED = regex(
    r"^(?:you (?:can|may) |just )*(?:put|count|mark|have) (?:me|us) down as (?:an? )?|^(?:you can )?count (?:me|us) "
    r"as (?:an? )?"
)
_FOREVER = regex(
    r"^(i|we)(?:'m|'re) (?:always|forever|constantly) (?=(?:listening to|watching|reading|playing|eating|drinking)\b)"
)
_TRAILS = regex(
    r" (?:in case (?:you|anyone|anybody)(?:'re| are| were| had| ever)? \w+(?: \w+){0,2}|"
    r"if you (?:must|want to|have to|need to|wanted to|care to) know|if you're (?:asking|wondering|interested|"
    r"curious)|if (?:it|that) helps|just so you know|for the record|to be (?:honest|fair|clear)|for what it's worth|"
    r"as it happens|believe it or not|funnily enough|i'm afraid|i have to say|i must (?:say|admit|confess))$"
)


_ME = regex(r"\bi\b.*(?<!\bfor)(?<!\bto)(?<!\bon)(?<!\bwith) me$|^(?:love|hate|like|adore|never|can't)\b.* me$")
"""An afterthought: "I love jazz, me"; in "football bores me" it is none."""
_SUCH = regex(r"\b((?:i'm|i am|we're|we are) )such an? ")


def bare(words: str) -> str:
    """Return a normalised clause without its opening and its colouring; a missing "I" is put in.

    >>> bare("for the record i've always been really fond of lilies")
    "i'm fond of lilies"
    >>> bare("can't stand coriander")
    "i can't stand coriander"
    """
    if _ME.search(words):
        words = words.removesuffix(" me")
    words = _FOREVER.sub(r"\1 love ", _COUNTED.sub("i'm a ", _LIKED.sub(r"\2 \3 \1", words)))
    words = first_person(_CLEFT.sub(r"\1 \2 ", _TRAILS.sub("", _LEADS.sub("", words))))
    words = _NEVER_BEEN.sub(lambda match: "i'm not" if match[1] == "i" else "we're not", words)
    words = _BEEN.sub(lambda match: "i'm" if match[1] == "i" else "we're", words)
    words = _COLOURS.sub(" ", words)
    return _AM.sub("i'm ", _ALONE.sub("i ", _SUCH.sub(r"\1a ", words)))
