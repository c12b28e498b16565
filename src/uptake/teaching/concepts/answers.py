"""Classify an answer in a teaching dialogue: agreement, refusal, giving up, not knowing, or a statement.

Every function expects text from `uptake.text.normalize`. Limit: English.
"""

from __future__ import annotations

import re

from uptake.text.patterns import regex

__all__ = [
    "after_cancel",
    "is_agreement",
    "is_question",
    "is_refusal",
    "is_withdrawal",
    "says_household",
    "set_anew",
    "sounds_agreed",
]

_SOFT = (
    r"(?:please|thanks|thank you|then|now|just|oh|ok|okay|well|so|um|uh|actually|ah|hmm|sorry|"
    r"mate|dear|love|you know|cheers"
    r"|really|it|that|this|for now|after all|i think|i guess|yes|no|nah|nope|on second thoughts?|you know what)"
)
_AGREE = (
    r"(?:yes|yeah|yep|yup|yea|ya|sure|of course|definitely|absolutely|certainly|correct|exactly|"
    r"right|perfect|great|good"
    r"|fine|ok|okay|alright|all right|sweet|cool|lovely|nice|brilliant|wonderful|awesome|excellent|spot on|bingo"
    r"|affirmative|indeed|precisely|go ahead|go for it|do it|do that|please do|save it|store it|"
    r"remember it|remember that"
    r"|keep it|that's (?:it|right|correct|good|fine|perfect|great|the 1|what i want|what i meant|"
    r"better|all|cool|lovely)"
    r"|that is (?:it|right|correct|fine|good)|it's right|it is|it does|now it's right|now you've got it|you got it"
    r"|you've got it|got it|sounds (?:good|right|great|perfect|about right)|looks good|why not|by all means|i do|i am"
    r"|m+ ?hm+|mhm+|u[hm]+ ?hu[hm]+|aha|aye|amen|true|ja|oui|si|yes sir|make it so|works for me|"
    r"that works|that'll do|that will do|deal"
    r"|confirmed?|i confirm|very good|all good|that 1|just like that|like that)"
)
_AGREEMENT = regex(rf"(?:{_SOFT} )*{_AGREE}(?: (?:{_AGREE}|{_SOFT}))*")
_REFUSAL = regex(
    rf"(?:{_SOFT} )*(?:no|nope|nah|na|not really|not quite|wrong|that's (?:wrong|not (?:it|right|"
    rf"what i (?:said|meant)))"
    rf"|incorrect|not that|don't|do not)(?: {_SOFT})*"
)
_GIVE_UP = (
    r"(?:never ?mind(?: (?:that|it|then|about (?:it|that)))?|forget (?:it|that|about (?:it|that)|"
    r"i (?:said|asked)(?: anything)?)"
    r"|(?:cancel|drop|skip|leave|scrap|ignore|stop|bin|ditch|sod|sack|chuck|park|junk|trash|abandon|delete|bugger|"
    r"screw)(?: (?:it|that|this|alone))?|leave it(?: (?:alone|"
    r"be|there|out|for now))?"
    r"|stop(?: (?:it|asking|that))?|don't bother|do not bother|nothing|no thanks|no thank you|"
    r"not (?:now|today|interested)"
    r"|(?:it|that) (?:doesn't|does not|don't) matter|doesn't matter|no matter|i (?:have )?changed my mind|"
    r"changed my mind"
    r"|let it (?:be|go)|it's (?:fine|ok|okay|not important|nothing)|abort|quit|exit|no need|not important"
    r"|i (?:don't|do not) (?:know|care|want to|feel like it|have time)(?: (?:that|now|how|what|"
    r"yet|right now|really|any more))*"
    r"|i'm not (?:sure|going to|in the mood)|dunno|no idea|i give up|give up|too (?:complicated|much|hard)|whatever"
    r"|(?:maybe )?(?:later|another time|some other time|next time)|i can't (?:be bothered|explain)|who cares|shut up"
    r"|i'd rather not|rather not|i won't|no no no|enough|i'll do it (?:myself|by hand|later)|let's not|let's leave it"
    r"|let's drop it|let's forget (?:it|about it)|i take it back|i'm good|we're good|no i'm good|"
    r"pass|hush|go away|get lost"
    r"|not right now|not at the moment|i was (?:just )?(?:joking|kidding)|just (?:joking|kidding)|"
    r"you don't need to|don't ask"
    r"|don't worry(?: about it)?|no worries|i'll tell you later|i'm tired|i'm busy|forget i|oh forget it)"
)
_WITHDRAWAL = regex(rf"(?:{_SOFT} )*{_GIVE_UP}(?: (?:{_SOFT}|{_GIVE_UP}))*")
_THEN = regex(
    rf"^(?:(?:{_SOFT}|no) )*(?!whatever\b){_GIVE_UP}(?: {_SOFT})*[ ,]+(?:and |just |instead |but |can you |could you "
    rf")*(?P<rest>\S.*)$"
)
_QUESTION = regex(
    r"^(?:(?:hey|ok|okay|so|and|but|wait|oh|um|actually|sorry) )*(?:what|what's|whats|who|who's|"
    r"where|where's|when|why|how"
    r"|how's|which|is|are|was|were|did|does|do you|have you|has|can i|should i|am i|will it|tell me)\b"
)
_HOUSEHOLD = regex(
    r"\b(?:(?:(?:any|some)(?:one|body)(?: here)?|(?:any|one|1|some|each|either) of us|whoever)(?: ever)? (?:says|"
    r"asks)|for (?:everyone|everybody|all of us|"
    r"the (?:whole )?(?:family|house|household)|us all|"
    r"anyone)|we (?:all )?call"
    r"|(?:everyone|everybody) (?:here|at home|in (?:this|the) house)|in (?:this|our) (?:house|home|family)"
    r"|share (?:it|that|this) with|our (?:name|word) for|the whole (?:family|house|household)|all of us|anyone here)\b"
)


_FEW = 7
_LONGEST = 60  # characters of an answer that does nothing but agree, refuse or give up
_SOME_YES = frozenset(
    "yes yeah yep yup sure perfect exactly correct great absolutely definitely brilliant lovely right ok okay".split()
)
_IN_THE_END = regex(
    r"(?P<aside>.+?),? (?:but|and)(?: still| also)? (?:yes|yeah|yep|aye|ok|okay|sure|fine|go on)(?: please| then)?"
)
_GOES_ON = frozenset(
    "them it her him these those the my our a an on off open closed at to in half about around".split()
)
"""What no request begins with behind "drop" or "leave": "leave them a fifth open" gives nothing up."""
_SOME_NO = frozenset("no not nope don't but wrong instead except without isn't can't never".split())


def is_agreement(text: str) -> bool:
    """Return whether an answer agrees.

    >>> is_agreement("perfect yes"), is_agreement("yeah cool"), is_agreement("yes but at 50 percent")
    (True, True, False)
    """
    return len(text) <= _LONGEST and bool(_AGREEMENT.fullmatch(text))


def sounds_agreed(text: str) -> bool:
    """Return whether an answer agrees among other words: "ha yes", "yes you clever thing"."""
    end = _IN_THE_END.fullmatch(text)  # "depressing but yes"
    words = (end["aside"] if end is not None else text).split()
    if end is not None:
        return len(words) <= _FEW and not _SOME_NO & set(words)
    return len(words) <= _FEW and bool(_SOME_YES & set(words)) and not _SOME_NO & set(words)


def is_refusal(text: str) -> bool:
    """Return whether an answer says no and nothing else."""
    return len(text) <= _LONGEST and bool(_REFUSAL.fullmatch(text))


def is_withdrawal(text: str) -> bool:
    """Return whether an answer gives up.

    >>> is_withdrawal("oh forget it"), is_withdrawal("it doesn't matter"), is_withdrawal("forget the lamp")
    (True, True, False)
    """
    return len(text) <= _LONGEST and bool(_WITHDRAWAL.fullmatch(text))


def after_cancel(text: str) -> str | None:
    """Return what follows where an answer gives up and asks for something else; None where it does not.

    >>> after_cancel("never mind turn on the kitchen light")
    'turn on the kitchen light'
    """
    match = _THEN.match(text) if len(text) <= 3 * _LONGEST else None
    rest = match["rest"].split() if match is not None else []
    return " ".join(rest) if len(rest) > 1 and rest[0] not in _GOES_ON else None


_INSTEAD = regex(
    r"(?:please )?(?:make|set|put|turn|let|have)\s+(?P<rest>.+?),?\s+(?:instead|from now on|rather|in future)[.!]*$",
    re.IGNORECASE,
)


_CHANGED = regex(
    r"\b(?:instead|rather than|from now on|in future|changed my mind|change of plan|actually|after all|second thoughts|"
    r"no longer|as of now|starting today|any more)\b",
    re.IGNORECASE,
)
_MAKES = regex(
    r"(?:^|[,.;:!]\s+|\b(?:please|and|so|just) )(?:make|set|put|turn|let|have|change|switch)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)


def set_anew(text: str) -> str | None:
    """Return what is to be otherwise from now on, and how; None where nothing is.

    >>> set_anew("make hush twenty percent instead"), set_anew("make hush louder")
    ('hush twenty percent', None)
    """
    match = _INSTEAD.match(text)
    if match is not None:
        return match["rest"]
    match = _MAKES.search(text) if _CHANGED.search(text) else None
    return match["rest"] if match is not None else None


def is_question(text: str) -> bool:
    """Return whether an answer is a question of its own."""
    return bool(_QUESTION.match(text))


def says_household(text: str) -> bool:
    """Return whether a statement speaks for everybody at home."""
    return bool(_HOUSEHOLD.search(text))
