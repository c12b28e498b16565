"""Words that mean the same in every domain: control, correction, polarity, numbers, critical actions.

Every function expects text from `uptake.text.normalize` and answers from the letters alone.

Limit: English only; in other languages every function answers "no", so guards that rest on it do not
protect there. The lists are closed and short on purpose: a word missing here is a word to add here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from uptake.text.patterns import regex

__all__ = [
    "COURTESY",
    "FILLERS",
    "STEERS",
    "STOP_WORDS",
    "content_words",
    "critical_words",
    "disagree",
    "is_control",
    "is_correction",
    "is_courtesy",
    "is_no",
    "is_termination",
    "is_yes",
    "negations",
    "numbers",
    "opposites",
    "opposites_of",
    "strip_fillers",
    "with_opposites",
]

FILLERS = frozenset("uh um ah er eh hm hmm mm erm oh".split())
"""Sounds that carry no meaning; recognisers write them down."""

COURTESY = frozenset("please thanks thank you kindly sorry".split())
"""Words of politeness that may stand around any request."""

STOP_WORDS = FILLERS | frozenset(
    "a an the i i'd i'm i'll i've me my you your we us our it it's its that that's this these those there is are "
    "was were be been am do does did done have has had can could will would shall should may might must to of in on at "
    "for from with by about as and or but so if then than what what's which who who's how how's when where why please "
    "okay ok yes yeah no not like want need give get let let's some any well just really very also too ya uhm".split()
)
"""Words that say little about which goal a request names."""

_LOOSE = FILLERS | {"please", "now"}  # what `strip_fillers` may take away
_LONGEST = 6  # words; nothing longer is a bare control request


def _whole(phrases: str) -> re.Pattern[str]:
    """Return a pattern for requests that consist of these phrases (one a line) and nothing else."""
    options = "|".join(sorted((line.strip() for line in phrases.strip().splitlines()), key=len, reverse=True))
    return regex(rf"(?:(?:{options})(?: |$))+")


_YES = _whole("""
    yes|yeah|yep|yup|yea|ya
    sure|of course|definitely|absolutely|certainly|indeed
    ok|okay|alright|all right|fine
    right|correct|exactly|that's right|that's correct|that is right|that is correct
    it was|they were|it is|they are|i do|do it|go ahead|sounds good
""")
_NO = _whole("""
    no|nope|nah|na
    no way|not at all|not really|of course not|absolutely not
    it wasn't|they weren't|it isn't|they aren't|i don't|don't
    wrong|incorrect|that's wrong|that is wrong|that was wrong|that's not right|that is not right|not right
""")
_TERMINATION = _whole("""
    stop(?: (?:it|that|this|talking|now))?|cancel(?: (?:it|that|this|everything))?
    never ?mind|forget (?:it|that|about it)|drop it|leave it|skip it
    quit|exit|abort|enough|that's enough|that is enough
    shut up|be quiet|silence|hush|go away|hang up
""")
_COURTESY = _whole("""
    thanks|thank you|thank you (?:very|so) much|many thanks|thanks a lot|cheers
    thanks (?:a (?:bunch|million|ton)|heaps|loads|tons|ever so(?: much)?)|ta|ta (?:very|so) much|ta love
    good ?bye|bye|bye bye|see you|good night|hello|hi|hey|good (?:morning|evening|afternoon)
    you're welcome|sorry|excuse me|pardon|great|cool|nice|good|perfect|awesome|wonderful
""")
_CONTROL = _whole(
    r"""
    pause|resume|continue|play|unpause|go on|keep going|skip|next|previous|back|go back|again|repeat(?: (?:that|it))?
    next (?:1|song|track|station|channel|page)|previous (?:1|song|track|station|channel|page)
    (?:say (?:that|it) )?once more|say (?:that|it) again|1 more time|what|what was that|huh
    start over|restart|start again|begin again|help|help me|more|anything else|what else|options|wait|hold on|hold
    mute|unmute|louder|quieter|softer|up|down|higher|lower|a (?:bit|little) (?:louder|quieter|softer|more|less)
    (?:(?:turn|put|set|bring|crank) )?(?:the |your |my )?(?:volume|sound)(?: LEVEL)*(?: by \d+%?)?(?: percent)?
    turn (?:it|that|this|the volume|the sound) (?:up|down|on|off)|turn (?:up|down) (?:the |your )?(?:volume|sound)
    (?:increase|decrease|raise|lower) (?:the |your )?(?:volume|sound)|\d+
""".replace("LEVEL", r"(?:up|down|higher|lower|max|maximum|minimum|to \d+%?|at \d+%?|\d+%?)")
)
_CORRECTION = regex(
    r"(?:(?:no|nope|wrong|not that|wait|sorry|actually) )*(?:"
    r"(?:but )?i (?:just )?(?:said|meant|mean|asked(?: for)?|told you|didn't (?:say|mean|ask|want)|wanted)\b"
    r"|that's not (?:what|right|it|correct)|that is not (?:what|right|it|correct)|that isn't (?:what|right|it)"
    r"|not (?:that|this|the) \w+|you (?:misunderstood|got (?:it|that) wrong|heard (?:me )?wrong)"
    r"|(?:that's|that is) wrong|wrong \w+$)"
    r"|(?:no|nope|wrong)(?: no)* (?:not|i|the|it's|make it|change it|play|turn|call|set)\b"
)

_OPPOSITES = frozenset(
    pair
    for line in """
        on off|up down|open close|open shut|opened closed|start stop|begin end|play pause|lock unlock|enable disable
        arm disarm|inside out|in out|light dark|win lose|import export|heating cooling|winter summer|weekday weekend
        mute unmute|raise lower|increase decrease|add remove|add delete|create delete|louder quieter|louder softer
        brighten dim|brighter dimmer|brighter darker|warmer cooler|warmer colder|hotter colder|hot cold|heat cool
        activate deactivate|connect disconnect|accept reject|accept decline|allow block|like dislike|follow unfollow
        subscribe unsubscribe|show hide|yes no|next previous|forward back|forward backward|first last|before after
        am pm|morning evening|morning night|today tomorrow|today yesterday|yesterday tomorrow|left right|inside outside
        upstairs downstairs|north south|east west|cheap expensive|cheaper expensive|most least|more less|minimum maximum
        highest lowest|higher lower|higher down|lower up|with without|always never|all none|everything nothing
        include exclude|buy sell|send receive|turned-on turned-off|day night|front back|top bottom|early late
        earlier later|faster slower|full empty|same different|husband wife|his her|mother father|mom dad
        him her|son daughter|brother sister|sunrise sunset|lunch dinner|indoor outdoor|incoming outgoing
    """.replace("\n", "|").split("|")
    if len(words := line.split()) == 2
    for pair in ((words[0], words[1]), (words[1], words[0]))
)
_NONE: frozenset[str] = frozenset()
_OPPOSITES_OF = {
    word: frozenset(other for one, other in _OPPOSITES if one == word) for word in {one for one, _ in _OPPOSITES}
}
_NEGATION = regex(
    r"\b(?:no|not|never|none|nothing|nobody|nor|neither|without|except|cannot|dont|doesnt|cant|wont|\w+n't)\b"
)
_NUMBER = regex(
    r"\d+(?:[.:,/]\d+)*|\b(?:half|quarter|third|dozen|double|twice|triple|once|hundred|thousand|million|billion"
    r"|first|second|fourth|fifth|sixth|seventh|eighth|ninth|tenth|noon|midnight)\b"
)
_CRITICAL = frozenset(
    "unlock unlocks disarm disarms deactivate disable buy purchase order reorder checkout pay donate bid transfer "
    "withdraw invest subscribe unsubscribe book reserve call dial phone ring text message email mail send post tweet "
    "publish share delete erase wipe remove reset format uninstall shutdown reboot sell trade sign submit approve "
    "authorize authorise".split()
)
_WAYS_IN = frozenset(
    "door doors garage gate gates lock locks safe window windows shutter shutters blinds valve".split()
)
_OPENING = frozenset("open opens opening release lift raise".split())


@lru_cache(maxsize=4_096)
def strip_fillers(text: str) -> str:
    """Return the request without hesitation sounds and words of politeness at its ends.

    >>> strip_fillers("uh stop please")
    'stop'
    """
    words = text.split()
    if _LOOSE.isdisjoint(words):
        return text
    words = [word for word in words if word not in FILLERS]
    while words and words[-1] in ("please", "now"):
        words.pop()
    while words and words[0] == "please":
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=1_024)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words that name the goal, in order.

    >>> content_words("could you please play some jazz")
    ('play', 'jazz')
    """
    return tuple(word for word in text.split() if word not in STOP_WORDS)


def _consists_of(pattern: re.Pattern[str], text: str) -> bool:
    core = strip_fillers(text)
    return bool(core) and core.count(" ") < _LONGEST and pattern.fullmatch(core) is not None


def is_yes(text: str) -> bool:
    """Tell whether the whole request is a yes."""
    return _consists_of(_YES, text)


def is_no(text: str) -> bool:
    """Tell whether the whole request is a no."""
    return _consists_of(_NO, text)


def is_termination(text: str) -> bool:
    """Tell whether the whole request breaks off what the assistant does: "stop", "never mind".

    >>> is_termination("never mind"), is_termination("stop the music in the kitchen")
    (True, False)
    """
    return _consists_of(_TERMINATION, text)


def is_courtesy(text: str) -> bool:
    """Tell whether the whole request is a greeting, a thank-you or a farewell."""
    return _consists_of(_COURTESY, text)


@lru_cache(maxsize=2_048)
def is_control(text: str) -> bool:
    """Tell whether a request steers the conversation or the player and names no goal of its own.

    "stop", "volume up", "yes", "thank you goodbye", "next", and silence. Such requests follow everything
    and succeed nearly always, so they would become hubs of every graph of requests.

    >>> is_control("volume up"), is_control("no thank you"), is_control("play jazz")
    (True, True, False)
    """
    core = strip_fillers(text)
    if not core:
        return True
    return core.count(" ") < _LONGEST and _ANY_CONTROL.fullmatch(core) is not None


_ANY_CONTROL = regex(
    "(?:" + "|".join(pattern.pattern[:-1] for pattern in (_YES, _NO, _TERMINATION, _COURTESY, _CONTROL)) + ")+"
)


STEERS = (
    rf"\b(?:{'|'.join(sorted(FILLERS))})\b|[^\x00-\x7f]|^(?:please )*"
    rf"(?:{_CORRECTION.pattern.replace('$', '')}|(?:{_ANY_CONTROL.pattern})?(?:(?:please|now)(?: |$))*$)"
)
"""Regular expression (that RE2 reads alike): what it does not find is neither a control request nor a correction."""


def is_correction(text: str) -> bool:
    """Tell whether a request starts by correcting the assistant: "no, I said the kitchen".

    >>> is_correction("no i said the kitchen"), is_correction("i said it all in the song")
    (True, True)
    """
    core = strip_fillers(text)
    return _CORRECTION.match(core) is not None


def opposites(left: str, right: str) -> frozenset[tuple[str, str]]:
    """Return pairs of opposite words by which two requests differ; empty where they do not.

    >>> sorted(opposites("turn on the light", "turn off the light"))
    [('on', 'off')]
    """
    first, second = set(left.split()), set(right.split())
    there = second - first
    return frozenset((a, b) for a in first - second for b in opposites_of(a) & there) if there else frozenset()


def disagree(left: str, right: str) -> bool:
    """Tell whether two requests differ by a number, a negation or an opposite, which likeness alone may not exchange.

    >>> disagree("lock the door", "unlock the door"), disagree("play maj and dragons", "play imagine dragons")
    (True, False)
    """
    return numbers(left) != numbers(right) or negations(left) != negations(right) or bool(opposites(left, right))


def with_opposites(text: str) -> str:
    """Return the words of a request that have an opposite, each once: `opposites` depends on no others.

    >>> with_opposites("turn on the light on the left")
    'left light on'
    """
    return " ".join(sorted(_OPPOSITES_OF.keys() & text.split()))


def opposites_of(word: str) -> frozenset[str]:
    """Return the words that mean the opposite of a word.

    >>> sorted(opposites_of("open"))
    ['close', 'shut']
    """
    return _OPPOSITES_OF.get(word, _NONE)


@lru_cache(maxsize=2_048)
def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of a request, in order: digits, clock times, fractions and ordinals.

    >>> numbers("set 2 alarms for 7:30 and half past 8")
    ('2', '7:30', 'half', '8')
    """
    return tuple(_NUMBER.findall(text))


@lru_cache(maxsize=2_048)
def negations(text: str) -> tuple[str, ...]:
    """Return the negating words of a request, in order.

    >>> negations("don't play that without me")
    ("don't", 'without')
    """
    return tuple(_NEGATION.findall(text))


@lru_cache(maxsize=2_048)
def critical_words(text: str) -> frozenset[str]:
    """Return words that ask for something costly, irrevocable or unsafe: buy, call, unlock, delete, open the door.

    >>> sorted(critical_words("unlock the front door")), sorted(critical_words("open the weather app"))
    (['unlock'], [])
    """
    words = set(text.split())
    opening = words & _OPENING if words & _WAYS_IN else set()
    alarm = (
        {"alarm"} if words & {"off", "stop", "cancel"} and words & {"security", "burglar", "fire", "smoke"} else set()
    )
    return frozenset((words & _CRITICAL) | opening | alarm)
