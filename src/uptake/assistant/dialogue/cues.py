"""Detect words with a conversational function: yes, no, undo, "the second one", "and …".

Every function expects text from `uptake.text.normalize` (numbers in digits: "the second 1").

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.dialogue.correcting import FRONT
from uptake.text.lexicon import is_no, is_termination, strip_fillers
from uptake.text.patterns import regex

__all__ = [
    "NONE_OF",
    "bare_value",
    "changes_it",
    "followed",
    "is_again",
    "is_all",
    "is_cancel",
    "is_content",
    "is_none",
    "is_objection",
    "is_other",
    "is_recap",
    "is_repeat",
    "is_undo",
    "more_or_less",
    "moved_to",
    "only_wanted",
    "ordinal",
    "split_no",
    "starts_request",
    "takes_back",
    "times_undone",
]

_NO = regex(r"(?:no|nope|nah|na|not really|wrong|don't|do not|no thanks|no thank you|incorrect|that's wrong)\b")
NONE_OF = regex(r"no (?:more|lights?|lamps?|music|noise|need)\b", re.IGNORECASE)
"""Not wanting something, which asks for nothing: "no lights on please" is no "no, lights on"."""
_FLUFF = regex(
    r"(?:please|thanks|thank you|of course|sure|absolutely|definitely|i am|i'm sure|i am sure|for sure|and|then|now"
    r"|well"
    r"|ok|okay|yes|yeah|that|that 1|it|it was|it is|not|sorry|not now|don't|do not|do that|do it|leave it|wait|you did"
    r"|i do|right|good)(?: |$)"
)
_CANCEL = regex(
    r"(?:(?:oh |well |actually |ok |no )*(?:never ?mind(?: (?:that|it|then))?|forget (?:it|that|about (?:it|that))"
    r"|(?:cancel|drop|skip|leave|scrap)(?: (?:it|that|this))?|stop|don't bother|do not bother|nothing"
    r"|(?:it )?doesn't matter|it does not matter|not now|no thanks|no thank you|i changed my mind|changed my mind"
    r"|let it be|it's fine|it's ok|it's okay|abort|quit|exit|that's all|no need|no more|forget i (?:said"
    r"|asked)(?: anything)?)"
    r"(?: (?:please|thanks|then|sorry))*)"
)
_UNDO = regex(
    r"(?:(?:no|please|oh|oops|whoops|wait|sorry|can you|could you|quickly|actually|hm+|ok|well|never ?mind"
    r"|on second thoughts?"
    r"|just|i'd rather you|let's|ah|now|ooh|urgh|ugh|yuck|eww?|nope|nah|hey|argh|whoa"
    r"|(?:it's |that's )?(?:way |much |far |a bit )*too \w+(?: now)?|that's (?:(?:so|a bit|really|just|even|no"
    r"|not) )*[a-z]+(?: now)?"
    r"|i don't like (?:it|that)|i (?:really )?(?:didn't|did not) (?:mean|want|intend)(?: (?:that|it|this"
    r"|to do (?:that|it)|to))?|i(?:'ve)? changed my mind|i was wrong|i misspoke|my (?:mistake|bad|fault)"
    r"|wrong (?:1|one|thing)"
    r"|that was (?:a mistake|the wrong (?:1|one|thing))) )*(?:undo(?: (?:it|that|this|the last (?:1"
    r"|thing)|what you "
    r"(?:just )?did))?|revert(?: (?:it|that))?|(?:take|put|change|turn|set|switch|bring) (?:it|that|them"
    r"|everything|it all|them all|all of (?:it|that|them)|the lot) back"
    r"(?: (?:how|the way|to how|to what|where|as) (?:it|they|that) (?:was|were)(?: before)?)?"
    r"|take back what you (?:just )?did|i take (?:it|that) back|(?:reverse|restore|unde?o) (?:it|that|this)"
    r"|(?:make|have|get) (?:it|that|them) (?:like|as|how|the way) (?:it|they|that) (?:was|were)(?: before)?"
    r"|back (?:to )?(?:how|the way|as|what) (?:it|they|that) (?:was|were)(?: before)?"
    r"|i (?:liked|preferred) (?:it|that|them)(?: better| more| best)? (?:before|the way (?:it|they|that) (?:was|were)"
    r"|how (?:it|they|that) (?:was|were))(?: before)?"
    r"|(?:it|that) was (?:better|nicer|fine) (?:before|the way it was|how it was)"
    r"|(?:that|this) was (?:a mistake|by mistake|an accident|an error)"
    r"|i (?:(?:didn't|did not) (?:ask for|want|order|request)|never (?:asked for|wanted|ordered)) (?:that|this|it)"
    r"(?: at all)?"
    r"|roll (?:it|that) back|(?:go back|return|leave it|leave that)(?: to)? (?:how|the way|as|what) (?:it"
    r"|things|they|everything) (?:was|were)(?: before)?"
    r"|put it (?:like|as|the way|how) it was(?: before)?|(?:and )?back (?:up|down)(?= again))(?: please"
    r"| again)*"
)
_UNDO_SEVERAL = regex(
    r"(?:(?:no|please|oh|wait|sorry|can you|could you|scrap that|scrap it|forget that|never ?mind) )*"
    r"(?:undo|take back|revert|put|change|turn|set|switch|bring|get)"
    r" (?:(?P<both>both(?: of (?:them|those))?|them both|(?:the )?last (?:2|two)(?: things| changes)?)"
    r"|(?:the )?last (?P<three>3|three)(?: things| changes)?|(?P<all>all of (?:that|them|it)|all that|everything"
    r"(?: you (?:just )?did)?))(?: back)?(?: (?:to )?(?:how|the way|as|like|what) (?:they|it|things) (?:was|were)"
    r"(?: before)?)?(?: please)?"
)
_EVERY_ONE = 99
_REPEAT = regex(
    r"(?:sorry |(?:can|could) you |please |excuse me )*(?:(?:say|tell me) (?:that|it|this) (?:again|1 more time"
    r"|once more)"
    r"|repeat(?: (?:that|it|please|the last answer|what you (?:just )?said))?|what did you (?:just )?say"
    r"|what was that"
    r"|pardon(?: me)?|come again|i (?:didn't|did not|couldn't) (?:hear|catch|get) (?:that|you|it)|say again"
    r"|what)(?: please)?"
)
_AGAIN = regex(r"(?:do (?:it|that) )?(?:again|once more|1 more time|another 1|same again)(?: please)?")
_ORDINALS = {
    **dict.fromkeys(("first", "1st", "number 1", "option 1", "1"), 0),
    **dict.fromkeys(("second", "2nd", "number 2", "option 2", "2"), 1),
    **dict.fromkeys(("third", "3rd", "number 3", "option 3", "3"), 2),
    **dict.fromkeys(("fourth", "4th", "number 4", "option 4", "4"), 3),
    **dict.fromkeys(("former",), 0),
    **dict.fromkeys(("last", "latter", "bottom"), -1),
}
_ONE = regex(
    r"^(?:(?:i (?:mean|meant|want|would like)|it's|take|make it|go (?:with|for)) )?(?:the )?(.+?)(?: 1| one)?$"
)
_OTHER = regex(
    r"(?:(?:no|not (?:that|this)(?: 1)?|wrong(?: 1)?|sorry|i (?:mean|meant|said|want|wanted)|actually|use|try"
    r"|take) )*"
    r"(?:the )?other (?:1|one|light|lamp|blind|door|speaker|room|device|fan|switch|plug|window|curtain|thing"
    r"|player|screen)"
    r"(?: in here| here| in this room)?(?: please| instead| too| as well)*|(?:(?:no|sorry|oh|oops|wait|actually"
    r"|hey) )*(?:not (?:that|this) (?:1|one|light|lamp|blind|door|speaker)|wrong (?:1|one"
    r"|light|lamp|"
    r"blind|door|room|speaker|device|fan|switch))"
)
_ALL = regex(
    r"(?:both|all|all of them|both of them|them all|the lot|everything|each|every 1|all 2|all 3"
    r"|the 2 of them)(?: please)?"
)
_NONE = regex(
    r"(?:neither|none|none of (?:them|those|these)|neither of (?:them|those)|not any of them|no 1"
    r"|nothing)(?: please)?"
)
_FOLLOWED = regex(
    r"(?:(?:and|also|ok|okay|now|then|oh) )*(?:(?:what|how) about|same (?:thing )?(?:again )?(?:for|in|with|to|on)"
    r"|the same (?:thing )?(?:for|in|with|to|on)|(?:please )?do (?:that|the same|it|this|the same thing) (?:in"
    r"|for|with|to|on)"
    r"|and|also|now|then|as well as|plus) (.+?)"
)
_TAIL = regex(r"(.+?) (?:too|as well|also|then)")
_MORE = regex(
    r"(?:(?:and|now|ok|no|even|still|just|make it|turn it|please) )*(?:(?:(?:a )?(?:little|tiny|wee)? ?(?:bit )?"
    r"|a lot |much |some |slightly |"
    r"still |even |1 )?(?:more|further)|up (?:a |1 )?(?:little |tiny |wee )?(?:bit|touch|tad|little|notch)"
    r"|(?:a |1 )?(?:little |tiny )?(?:bit|touch|tad|notch) up)(?: please| again| more)?"
)
_LESS = regex(
    r"(?:(?:and|now|ok|no|even|still|just|make it|turn it|please) )*(?:(?:a (?:little|tiny|wee)? ?(?:bit )?"
    r"|a lot |much |some |slightly |"
    r"still |even |1 )?(?:less|not (?:so|that|quite so|as) much|too much)|(?:that's|it's|that is)"
    r" (?:(?:a (?:bit|little|tad)|far|way|rather|just) )*(?:too )?much"
    r"|softer|down (?:a |1 )?(?:little |tiny |wee )?(?:bit|touch|tad|little|notch)"
    r"|(?:a |1 )?(?:little |tiny )?(?:bit|touch|tad|notch) down)(?: please| again| now| more)?"
)
_COMMANDS = frozenset(
    (
        "turn switch set play open close shut lock unlock start stop pause resume add remove delete cancel "
        "make dim brighten tell show"
    ).split()
)


def split_no(text: str) -> str | None:
    """Split off what follows a no ("" where nothing does); None where the text is no no."""
    core = strip_fillers(text)
    if is_no(core):
        return ""
    match = _NO.match(core)
    if match is None:
        return None
    return "" if NONE_OF.match(core) else _without_fluff(core[match.end() :])


def _without_fluff(text: str) -> str:
    rest = text.strip()
    while (match := _FLUFF.match(rest)) is not None:
        rest = rest[match.end() :]
    return rest


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(strip_fillers(text)) is not None


def is_cancel(text: str) -> bool:
    """Tell whether a request gives up what was asked: "never mind", "don't bother"."""
    return is_termination(text) or _is(_CANCEL, text)


def is_objection(text: str) -> bool:
    """Tell whether a request says that something else was wanted: "no", "that's not what I asked for"."""
    return is_no(text) or (_is(_OBJECTS, text) and ("not" in text or "n't" in text))


def is_undo(text: str) -> bool:
    """Tell whether a request takes back what was done: "put it back"."""
    return _is(_UNDO, text)


def times_undone(text: str) -> int:
    """Return how many of the last changes a request takes back; 0 where it takes back none, or just the last.

    >>> times_undone("undo both"), times_undone("undo that")
    (2, 0)
    """
    match = _UNDO_SEVERAL.fullmatch(text)
    return 0 if match is None else 2 if match["both"] else 3 if match["three"] else _EVERY_ONE


def is_repeat(text: str) -> bool:
    """Tell whether a request asks to hear the answer again."""
    return _is(_REPEAT, text)


def only_wanted(text: str) -> str | None:
    """Return what alone is wanted of several things: "just the lamp"; None where a text is no such thing."""
    match = _ONLY.fullmatch(strip_fillers(text))
    return None if match is None else match.group(1)


def is_again(text: str) -> bool:
    """Tell whether a request asks for the same once more."""
    return _is(_AGAIN, text)


def is_other(text: str) -> bool:
    """Tell whether a request means the one that was not taken: "the other one", "wrong light"."""
    return _is(_OTHER, text)


def is_all(text: str) -> bool:
    """Tell whether every choice is meant: "both"."""
    return _is(_ALL, text)


def is_none(text: str) -> bool:
    """Tell whether no choice is meant: "neither of them"."""
    return _is(_NONE, text)


def ordinal(text: str, count: int) -> int | None:
    """Return which choice a place names: 1 for "the second one"; None where none is named.

    >>> ordinal("the second 1", 3), ordinal("number 2", 3), ordinal("the last 1", 3), ordinal("the third", 2)
    (1, 1, 2, None)
    """
    core = strip_fillers(text)
    match = _ONE.match(core)
    words = (core, match.group(1) if match else core)
    place = next((_ORDINALS[word] for word in words if word in _ORDINALS), None)
    if place is None or place >= count:
        return None
    return place % count


def bare_value(text: str) -> str:
    """Remove the words around a value: "it's for five minutes please" becomes "five minutes"."""
    core = strip_fillers(text)
    match = re.fullmatch(
        r"(?:(?:it's|it is|that's|make it|make that|let's say|say|i think|maybe|um|well|ok|i'd like|i want"
        r"|set it|call it|use"
        r"|the 1|1|one) )*(?:(?:in|on|at|for|to|by|about|from|with|of) )?(?:the 1 (?:in|on"
        r"|at) )?(.+?)(?: (?:is|will be|would be|'s)"
        r" (?:plenty|enough|fine|better|good|ok|okay|perfect|lovely)| (?:will|would|should|'ll) do(?: it)?)?"
        r"(?: please| then| 1| one)?",
        core,
    )
    return match.group(1) if match else core


def followed(text: str) -> str | None:
    """Find what a follow-up says anew: "and in the kitchen" is "in the kitchen"; None where it is none.

    >>> followed("what about tomorrow"), followed("the bedroom too"), followed("play jazz")
    ('tomorrow', 'the bedroom', None)
    """
    core = strip_fillers(text)
    match = _FOLLOWED.fullmatch(core)
    rest = match.group(1) if match else core
    tail = _TAIL.fullmatch(rest)
    if tail is not None:
        return tail.group(1)
    return rest if match else None


def more_or_less(text: str) -> int:
    """Return 1 for "a bit more", -1 for "a little less", 0 for anything else."""
    return 1 if _is(_MORE, text) else -1 if _is(_LESS, text) else 0


_CHANGES_IT = regex(
    rf"{FRONT}*(?:can you |could you |please )*(?:(?:make|change|set|move) (?:it|that|this|the time)\b.+"
    r"|(?:shift|push|bring|put|reschedule|postpone|delay) (?:it|that|this)\b.* (?:to|till|until) .+)"
)
_TAKES_BACK = regex(
    rf"{FRONT}*(?:please )?(?:cancel|scrap|forget|drop|stop(?: doing)?|delete|remove|bin|ditch|dump|axe) (?:it|that"
    rf"|this)(?: (?:again|please"
    rf"|last 1|1|one))*|{FRONT}*(?:(?:never ?mind|ok) )*(?:i |we )?don't need (?:it|that)"
    r"(?: (?:any ?more|after all|now))?"
)
_MOVED = regex(
    rf"{FRONT}*(?:can you |could you |please )*(?:move|transfer|send|take|continue|bring|switch|put|play"
    rf"|carry on with) "
    r"(?:it|that|this|the music|the song|the radio)(?: over)? (?:to|in|on|into) (.+?)(?: instead| please)*"
    rf"|{FRONT}*(?:on|in|through) ((?:the )?\S+(?: room)?(?: speakers?| display| soundbar| tv)?)(?: instead| please)*"
)
_ONLY = regex(
    rf"{FRONT}*(?:i (?:meant|wanted|said) )?(?:just|only) ((?:the|my|in the"
    rf"|that) \S+(?: \S+){{0,2}}?)(?: please| then)?"
)
_OBJECTS = regex(
    r"(?:no )*(?:that|this|it)(?:'s| is| was| isn't| wasn't) (?:not )?(?:what|the (?:1|one"
    r"|thing)) i (?:\w+ )?(?:asked|meant|said|wanted)(?: for)?"
)
_RECAP = regex(
    r"(?:sorry |please )*what (?:did|have) you (?:just )?(?:do|done|change|changed|turn on|turn off|switch on"
    r"|switch off)(?: just)?(?: now)?(?: please)?"
    r"|(?:who|why) (?:did|have) (?:you|that)(?: do(?:ne)? (?:that|it))?|(?:who|what) (?:just )?(?:turned|switched|put) "
    r"(?:it|that|them|those)(?: back)? (?:on|off)"
    r"|did (?:you (?:just )?(?:do|get) (?:it|that)(?: done)?|(?:it|that) work)(?: now| yet)?"
    r"|which (?:1|one|ones|1s|lights?|lamps?|things?) (?:did|have) you (?:just )?(?:do|done|change|changed|turn"
    r"|turned|switch|switched)"
    r"(?: (?:on|off))?|what (?:was that|just happened)(?: you did)?|what did i (?:just )?(?:ask|tell) you(?: to do"
    r"| for)?(?: just now)?"
)
_WELL = r"(?:better|great|perfect|lovely|fine|good|nice|right|it|enough|brilliant|more like it|spot on|just right)"
_CONTENT = regex(
    r"(?:(?:yes|yeah|yep|ok|okay|ah|oh|great|perfect|lovely|brilliant|excellent|good|nice|wonderful|fantastic|super|fab"
    rf"|cool|fine|alright|all right|awesome|spot on|(?:that's|that is|it's|this is) (?:so |much |so much "
    rf"|a lot )?{_WELL}"
    r"|that'll do|that will do|much better|got it|sounds good)(?: |$))+(?:(?:thanks|thank you|cheers|ta"
    r"|mate|love)(?: |$))*"
)


def changes_it(text: str) -> bool:
    """Tell whether a request gives what was done last another value: "make it 7:15 instead"."""
    return _is(_CHANGES_IT, text)


def takes_back(text: str) -> bool:
    """Tell whether a request takes back what was done last: "cancel that"."""
    return _is(_TAKES_BACK, text)


def moved_to(text: str) -> str | None:
    """Find where what plays is to go: "move it to the kitchen"; None where nothing is moved."""
    match = _MOVED.fullmatch(strip_fillers(text))
    return None if match is None else match.group(1) or match.group(2)


def is_content(text: str) -> bool:
    """Tell whether a request says that all is well and asks for nothing: "perfect, that's better".

    >>> is_content("perfect"), is_content("ok that's much better"), is_content("better light")
    (True, True, False)
    """
    return _is(_CONTENT, text)


def is_recap(text: str) -> bool:
    """Tell whether a request asks what was done last."""
    return _is(_RECAP, text)


def starts_request(text: str) -> bool:
    """Tell whether a text begins as commands and questions do.

    >>> starts_request("turn it off"), starts_request("the kitchen")
    (True, False)
    """
    words = strip_fillers(text).split()
    return bool(words) and words[0] in _COMMANDS
