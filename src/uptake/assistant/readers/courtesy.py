"""Strip what stands around a request and says nothing of it: greetings, politeness, hesitation, wishes, gerunds.

"would you mind turning the lamp off for me, if it's no trouble" becomes "turn the lamp off". Only what is known as
courtesy is taken away, from both ends and never from the middle, and never all of a text.

Limit: English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from uptake.text.patterns import Caseless, regex

__all__ = ["HESITATIONS", "VERBS", "is_courtesy_alone", "stripped"]

HESITATIONS = frozenset("um uh uhm umm er erm eh ah hmm hm mm mmm oh ugh".split())
"""Sounds of somebody who thinks."""

VERBS = frozenset(
    "turn switch set put make open close shut lock unlock start stop dim brighten play pause resume skip mute unmute "
    "add remove delete cancel raise lower increase decrease change adjust bring get give tell show check let pull draw "
    "roll clean vacuum send return broadcast announce activate deactivate enable disable keep leave take move call "
    "find read remind wake run crank bump bring light fire power flip kill create clear continue go hold say ask "
    "warm cool heat extend shorten throw mark note write tick cross drop have shuffle repeat unpause mow dock pop "
    "stick nudge knock".split()
)
"""Verbs that requests begin with."""

_NOW = "(?:please|kindly|maybe|perhaps|possibly|just|quickly|also|now|then|actually|pretty please|real quick)"
_WHO = "(?:you|we|i|someone|somebody)"
_KIND = "be so (?:kind|good|nice)(?: as to| and)?"
_THAT = "(?:that you could|if you)"
_GLAD = "(?:very |so )?(?:grateful|happy|glad|thankful|delighted)"
_COULD = "(?:could|would|can|to)"
_OUGHT = "(?:should|could|can|might|ought to|had better)"
_MOMENT = "(?:chance|second|sec|moment|minute|time)"
_FINE = "(?:great|nice|lovely|awesome|perfect|good|wonderful|fantastic|brilliant|helpful|super|kind of you|do|be all)"
_BEFORE = f"""
    (?:hey|hi|hello|hiya|yo|good (?:morning|evening|afternoon|day))(?: (?:there|again|you|assistant|computer|house))?
    alexa|siri|olly|google|computer|jarvis|nabu|cortana|mycroft|assistant
    thank you(?: (?:very|so) much)?
    ok|okay|okey|alright|all right|right|well|so|now|then|and|also|but|oh|ah|anyway|anyways|actually|basically|just
    listen|look here|see|say|yeah|yes|sure|great|thanks|cheers|sorry|excuse me|pardon me|pardon|please
    do (?:please|kindly)
    pretty please|kindly|quickly|quick|real quick|maybe|perhaps|possibly|if possible|by the way|i say|you know
    (?:a |one )?(?:quick|small|little) (?:question|favou?r|thing|request)
    (?:i(?:'ve| have)|i(?:'ve)? got) a (?:quick )?question
    (?:so )?sorry to (?:bother|trouble|disturb|interrupt)(?: you)?(?: again)?|i hate to (?:bother|trouble) you
    before i forget|while (?:you're|you are) at it|while i think of it|one more thing|another thing|first of all
    (?:can|could|would|will|may|might|won't|can't|couldn't) {_WHO}(?: {_NOW})*(?: {_KIND})?
    (?:could|can|would) {_WHO}(?: {_NOW})* (?:have|get) (?=(?:the|all|my|our|some|a)\\b)
    (?:do you think |you think )?(?:you|we) (?:could|can|might|would|should|may)(?: {_NOW})*
    (?:is|would|might) (?:it|there) (?:be )?(?:possible|ok|okay|alright|a chance)(?: for you)?(?: to| {_THAT})
    (?:is there )?any chance (?:you|we) (?:could|can|might)|any chance of
    i(?: was|'m| am)(?: just)? wondering(?: if| whether)?(?: you (?:could|can|would|might))?(?: {_NOW})*
    i wonder(?: if| whether)(?: you (?:could|can|would|might))?
    i(?:'d| would)(?: really)? (?:like|love|want|prefer|appreciate it|be {_GLAD})(?: if| for)? you(?: {_COULD})?
    i(?:'d| would)(?: really)? (?:like|love|want|prefer) (?:you )?to(?: have)?(?: know)?
    whether|i(?: was|'m| am)(?: just)? asking (?:if|whether)
    (?:i|we)(?: really| just)? (?:want|need|wanna)(?: you)? to|(?:i|we) (?:wanna|gotta|have to|ought to|should|must)
    i (?:suppose|guess|think|reckon|believe|feel like)(?: (?:that )?(?:we|you|it's time to)(?: {_OUGHT})?)?
    (?:we|you)(?:'d| had) better|it(?:'s| is) (?:about )?time to|time to|let's|let us|let me|lemme
    (?:we|you) (?:should|ought to|need to|have to|can|may|could|might)(?: {_NOW})*
    do (?:me|us) a (?:big |huge )?(?:favou?r|solid)(?: and)?
    be (?:a (?:dear|love|star|darling|sweetheart)|so (?:kind|good|nice))(?: and| as to)?
    go ahead and|feel free to|go and|try to|make sure to|be sure to|see if you can|why don't (?:you|we)
    how about(?: you| we)?
    (?:do|would) you(?: please)? mind(?: awfully| terribly| very much)?|mind(?: awfully| terribly| very much)?
    (?:when|whenever|as soon as|if) you (?:get|have|find|'ve got)(?: a| the)?(?: free| spare)? {_MOMENT}
    if you (?:don't|do not|wouldn't|would not) mind|if you(?: could| can| would)(?: {_NOW})*|if you please
    if you like|if you will
    if it(?:'s| is| isn't)(?: not| no)?(?: too)?(?: much)?(?: of)?(?: a)? (?:trouble|bother|problem|much to ask)
    if i may
    (?:just |please )?remind me(?=,? (?:what|how|who|which|is|are|whether)\\b)
    (?:ask|enquire)(?: you)?(?=,? (?:what|how|who|which|is|are)\\b)
    (?:lovely|brilliant|wonderful|perfect|excellent|super|phew|wow|gosh|blimey|goodness|dear me|oh dear|damn)(?=[,!])
    (?:hang on|hold on|wait|(?:one|just a|give me a) (?:sec|second|moment|minute))(?=,)
    i(?:'d| would) like to know|(?:i|we) want to know|(?:please )?tell me please|do you (?:happen to )?know
"""
_AFTER = f"""
    please|pls|plz|kindly|thanks|thank you|thx|cheers|ta|(?:thank you|ta) (?:very|so) much|ta love
    thanks (?:a (?:lot|bunch|million|ton)|heaps|loads|tons|ever so(?: much)?)
    many thanks|much appreciated
    for (?:me|us)|would (?:you|ya)|will (?:you|ya)|could you|can you|won't you|ok|okay|alright|right|yeah
    if (?:you|u) (?:can|could|would|will|please|like|don't mind|do not mind|wouldn't mind|have a {_MOMENT})
    if (?:possible|that's ok|that's okay|that's possible|at all possible|i may|i may ask)
    if it(?:'s| is| isn't)(?: not| no)?(?: too)?(?: much)?(?: of)?(?: a)? (?:trouble|bother|problem)
    (?:when|whenever|as soon as) you (?:get|have|find|can)(?: a)?(?: free| spare)?(?: {_MOMENT})?
    right away|immediately|at once|straight away|as soon as possible|asap|quickly|real quick|right now|now|already
    this minute|for now
    (?:and )?(?:that|it)(?:'d| would| 'll| will)(?: be)? {_FINE}
    i(?:'d| would) (?:appreciate (?:it|that)|be (?:very |so )?grateful)
    you(?:'re| are) (?:the best|a star|an angel|great)
    or (?:something|whatever|so|anything)(?: like that)?|you know|mate|buddy|pal|dear|love|dude|man
    there's a (?:dear|love)
    (?:hen|pet|darlin[g']?|sweetheart|hun|babe|bud|bro|bruv|chief|boss|lad|lass|cobber|petal|big man|old (?:chap|bean))
    my (?:dear|love|lovely|friend|darling)
    at the moment|just now|currently|again|for a (?:second|sec|moment|minute|bit|while)|a (?:second|sec|moment)
"""


def _whole(lines: str) -> str:
    """Return the alternatives of some lines as one pattern, the longest first: the first that fits is taken."""
    parts: list[str] = []
    depth, part = 0, ""
    for char in "|".join(line.strip() for line in lines.strip().splitlines()):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts, part = [*parts, part], ""
        else:
            part += char
    return "|".join(sorted([*parts, part], key=len, reverse=True))


_START = Caseless(rf"(?:{_whole(_BEFORE)})(?=[\s,;:.!?-])[\s,;:.!?-]*")
_END = Caseless(rf"[\s,;:.!?-]+(?:{_whole(_AFTER)})[\s,;:.!?]*$")
_DOING = regex(r"([a-z]+)ing\b", re.IGNORECASE)
_DID = regex(r"([a-z]+?)(?:ed|d)\b", re.IGNORECASE)
_GERUND_AFTER = regex(
    r"(?:mind(?: awfully| terribly| very much)?|how about(?: you| we)?|chance of|time for)[\s,]*$", re.I
)
_PAST_AFTER = regex(r"\bif you[\s,]*$", re.IGNORECASE)
_HOLD_WORDS = frozenset("play in replay add put broadcast remind announce".split())
"""First words of requests that may end in anybody's words."""
_MOST = 12  # pieces from each end
_TAIL = 80  # characters; no courtesy is longer
_OWNED = regex(r"\b(?:the|my|our|an?|his|her|their|your)$", re.IGNORECASE)
_LAST_MEANS = regex(
    r"\b(?:again|right|love|man|hen|pet|babe|boss|chief|friend|darling|sweetheart|lovely"
    r"|for a (?:second|sec|moment|minute|bit|while))$",
    re.IGNORECASE,
)


@lru_cache(maxsize=2_048)
def stripped(text: str) -> str:
    """Return a request without the courtesy at both ends; the text itself where nothing else is left.

    >>> stripped("would you mind turning the lamp off for me, please")
    'turn the lamp off'
    >>> stripped("thank you")
    'thank you'
    """
    rest, before = text.strip(), ""
    for _ in range(_MOST):
        found = _START.match(rest)
        if found is None or not rest[found.end() :].strip():
            break
        before, rest = before + found[0], rest[found.end() :]
    rest = _commanded(rest, before)
    for _ in range(_MOST):
        found = _END.search(rest, max(0, len(rest) - _TAIL))
        if found is None or not rest[: found.start()].strip() or not _may_go(rest, found):
            break
        rest = rest[: found.start()]
    return rest.strip(" ,;:") or text


@lru_cache(maxsize=2_048)
def is_courtesy_alone(text: str) -> bool:
    """Tell whether a text is courtesy and hesitation and nothing else."""
    rest = f"{text.strip()} "
    for _ in range(_MOST):
        begins = _START.match(rest)
        ends = _END.search(f" {rest}", max(0, len(rest) - _TAIL)) if begins is None else None
        if begins is None and ends is None:
            break
        rest = rest[begins.end() :] if begins is not None else f" {rest}"[: ends.start() if ends is not None else None]
        rest = f"{rest.strip()} "
    return not rest.strip(" ,;:.!?")


def _may_go(rest: str, found: re.Match[str]) -> bool:
    """Tell whether the end of a text may go: some end a name or a title ("play all you need is love")."""
    if _OWNED.search(rest[: found.start()]):
        return False  # "feed the pet" speaks to no pet
    if not _LAST_MEANS.search(found[0].strip(" ,.!?")):
        return True
    return "," in found[0] or rest.split(maxsplit=1)[0].casefold() not in _HOLD_WORDS


def _commanded(rest: str, before: str) -> str:
    """Return a request with its verb as a command, where courtesy bent it: "mind turning", "if you turned"."""
    word, space, more = rest.partition(" ")
    for after, ending in ((_GERUND_AFTER, _DOING), (_PAST_AFTER, _DID)):
        found = ending.fullmatch(word) if after.search(before.rstrip(" ,")) else None
        verb = _verb(found[1]) if found else None
        if verb is not None:
            return verb + space + more
    return rest


def _verb(stem: str) -> str | None:
    plain = stem.casefold()
    undoubled = plain[:-1] if len(plain) > 2 and plain[-1] == plain[-2] else plain
    return next((verb for verb in (plain, f"{plain}e", undoubled) if verb in VERBS), None)
