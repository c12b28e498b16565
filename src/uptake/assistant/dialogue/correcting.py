"""Detect corrections of what was understood: "I meant the lamp", "eighteen I said, not eighty".

Every function expects text from `uptake.text.normalize`, except `insists`, which takes the original request.

Limit: English.
"""

from __future__ import annotations

from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["FRONT", "corrected", "insists", "rejected"]

FRONT = (
    r"(?:(?:no|nope|nah|eh|wrong (?:room|1|one|light|lamp|device|door|speaker)|wrong|sorry|actually|wait|oops|whoops"
    r"|hang on|hold on|oh|i'm sorry|excuse me|pardon(?: me)?|i beg your pardon|beg pardon|(?:my )?apologies|silly me"
    r"|my (?:mistake|bad|fault)|correction|stop(?! (?:the|my|our|all|every)\b)|ah|uh) )"
)
_SAID = r"(?:said|say|meant|mean|wanted|want|asked for|asked|was after|had in mind)"
_STARTS = (
    r"(?!(?:please )?(?:turn|switch|set|play|open|close|shut|lock|unlock|start|stop|add|remove|delete|cancel|make"
    r"|dim|put"
    r"|remind|wake|tell|show|what|is|are|do|don't|the other|why|who|how|when)\b)"
)
_CORRECTED = (
    regex(
        rf"{FRONT}*(?:it's |it was )?{_STARTS}(.+?)(?:'s| is| was) (?:what|the (?:1|one)) (?:i"
        rf"|we) (?:\w+ )?{_SAID}(?: not .+)?"
    ),
    regex(
        rf"(?:{FRONT})*(?:oh for )?(?:i|we) (?:just |actually )?said .+? (?:but |and )?(?:i|we) (?:meant|wanted) (.+)"
    ),
    regex(
        rf"{FRONT}*(?:i|we) (?:didn't|did not|don't|do not) (?:mean|say|want|ask for) (?:the "
        rf"|my )?(?:\S+ ){{1,3}}?(?:but "
        r"|i (?:meant|said|wanted) )?((?:the|my) \S+(?: \S+){0,2})"
    ),
    regex(
        rf"{FRONT}*(?:but )?(?:i|we) (?:just |actually )?{_SAID} (?:to say )?(?!not )(.+?) (?:and )?not (?:the |my )?.+"
    ),
    regex(
        rf"{FRONT}*(?:it's |it was )?{_STARTS}(.+?) (?:i|we) (?:just |actually )?{_SAID}(?: though"
        rf"| actually)?(?: not .+)?"
    ),
    regex(
        rf"{FRONT}*(?:it|that|this)(?: really)? (?:should(?:'ve| have)?|was (?:meant|supposed) to|were supposed to"
        r"|ought to(?: have)?|needs? to(?: have)?|has to|must(?:'ve| have)?) (?:be|been|say|read"
        r"|have been)(?: for| at)? (.+?)"
        r"(?: not .+)?"
    ),
    regex(
        rf"{FRONT}*{_STARTS}(?!(?:what|how) about)(?!(?:and|also) )((?:\S+ ){{0,3}}\S+) not (?:the |my )?(?!yet\b"
        rf"|now\b)(?:\S+ ){{0,3}}\S+"
    ),
    regex(rf"{FRONT}*{_STARTS}(.+?) (?:i'm )?(?:sorry|my mistake|my bad)"),
    regex(r"(?:oh |no |oops )*sorry (?:i mean(?:t)? )?((?:the|my) \S+(?: \S+){0,3})"),
    regex(
        rf"{FRONT}*(?:but )?(?:what )?i (?:just |actually |really )?(?:meant|mean|said|wanted|asked for"
        rf"|was talking about"
        r"|want|intended|should have said|was (?:going|trying) to say)(?: to (?:say|ask for))?(?: was"
        r"| is)? (?!to\b)(.+)"
    ),
    regex(
        rf"{FRONT}*(?:move|shift|push|bring|put|reschedule|postpone|delay) (?:it|that)(?: (?:back|forward|on|out))?"
        rf" (?:to|till|until) (.+?)(?: instead| actually| rather)?"
    ),
    regex(
        rf"{FRONT}*(?:(?:make|change|set) (?:it|that) (?:to )?(?!up\b|down\b|on\b|off\b))(.+?)(?: instead| actually"
        rf"| rather)?"
    ),
    regex(
        rf"{FRONT}*(?:(?:can|could) you |please )*(?:move|push|shift|reschedule|postpone|put) (?:it"
        rf"|that)(?: back| forward"
        r"| off)? (?:to|until|till) (.+?)(?: instead| please| then)?"
    ),
    regex(rf"{FRONT}*not (?:in |on |at |for )?(?:the |my )?(?:.+?) (?:but |rather )(.+)"),
    regex(rf"{FRONT}+(?:but )?(?:rather )?(.+?)(?: instead| rather| i mean| i meant)?"),
    regex(r"(.+?) (?:instead|i mean|i meant|rather)"),
)
_MEANT_IT = regex(rf" (?:is what |that's what )?(?:i|we) (?:\w+ )?{_SAID}$")
_NOT = regex(rf"{FRONT}*not (?:in |on |at |for )?(.+)")
_ALL_BUT = regex(
    rf"{FRONT}*(?:(?:but|just|only|oh|and) )*(?:not|except(?:ing)?(?: for)?|apart from|other than|leave out|bar"
    r"|all but) (?:in |on |at |for )?(.+?)(?: though| please)*"
)


_ARTICLES = frozenset("the my our in on at for but".split())


_INSISTS = regex(
    r"\bi (?:wanted|was (?:going|trying)|intended) to (?:say|ask for)\b|\bi should have said\b"
    rf"|\b(?:i|we) (?:just |actually )?(?:said|meant)\b|\bwhat (?:i|we) (?:\w+ )?{_SAID}\b|\b(?:sorry|my mistake"
    rf"|my bad)$"
    r"|^(?:(?:no|oh|wait|sorry|but) )*(?:it|that|this) (?:should(?:'ve| have)?|was (?:meant|supposed) to"
    r"|ought to) (?:be|been|say"
    r"|read|have been)\b|^(?!(?:do|please|turn|put|switch|leave)\b)(?:\S+ ){1,4}not (?:the )?(?:\S+ ?){1,2}$"
)


def insists(text: str) -> bool:
    """Tell whether a text says wherever in it that something else was said or meant.

    >>> insists("eighteen I said, not eighty"), insists("that should be half past seven"), insists("turn it off")
    (True, True, False)
    """
    return _INSISTS.search(normalize(text)) is not None


def corrected(text: str) -> tuple[str, ...]:
    """Return the corrected words, the likeliest interpretation first; () if it is no correction.

    >>> corrected("no i meant the kitchen"), corrected("not the bedroom the kitchen")[0], corrected("play jazz")
    (('the kitchen',), 'the kitchen', ())
    >>> corrected("18 i said not 80"), corrected("the desk lamp is what i wanted")
    (('18',), ('the desk lamp',))
    """
    core = strip_fillers(text)
    for pattern in _CORRECTED:
        match = pattern.fullmatch(core)
        if match is not None and not match.group(1).startswith("not "):
            return (match.group(1),)
    match = _NOT.fullmatch(_MEANT_IT.sub("", core))
    if match is None:
        return ()
    words = match.group(1).split()
    starts = [at for at in range(1, len(words)) if not _ARTICLES.issuperset(words[:at])]
    starts.sort(key=lambda at: (words[at] not in _ARTICLES, at))
    return tuple(" ".join(words[at:]) for at in starts)


def rejected(text: str) -> str | None:
    """Find what a bare "no, not the kitchen", or "except the lamp", does not want; None where a text is no such thing.

    >>> rejected("not the kitchen"), rejected("except for the floor lamp"), rejected("the kitchen")
    ('the kitchen', 'the floor lamp', None)
    """
    match = _ALL_BUT.fullmatch(strip_fillers(text))
    return None if match is None else match.group(1)
