"""Deeds by their words: what a request would undo, spend or open, and how two requests would do opposite things.

`opposites` of `uptake.text.lexicon` are single words; here a deed stands with all its synonyms, so that "start" and
"turn off" are opposite, too, and an amount stands with its unit, so that "5 minutes" and "5 hours" are two amounts.
Used by the guard alone: models learned with the lexicon, which therefore stays as it is.

Every function expects text from `uptake.text.normalize` and answers from the letters alone.

Limit: English only. A deed said in words that are not listed is not seen: what a home would really do is asked of the
assistant, where there is one (`uptake.protocols.Foresees`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from uptake.text.lexicon import critical_words, negations, numbers, opposites

__all__ = ["contrary", "irrevocable", "reaches_further", "tells_deed"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIDES = tuple(
    (_words(one), _words(other))
    for one, other in (
        (
            "on start starts begin enable activate resume continue play unpause run launch engage restore connect wake",
            "off stop stops end disable deactivate pause quit kill shut cancel halt cease mute interrupt disconnect "
            "dock extinguish sleep silence",
        ),
        (
            "open opens opened opening unlock unlocked raise lift unlatch",
            "close closes closed shut lock locked lower latch seal secure block",
        ),
        (
            "up raise increase boost brighten brighter louder warmer hotter higher more faster stronger longer extend "
            "maximum max full highest brightest loudest warmest hottest heat heating warm hot",
            "down lower decrease reduce dim dimmer quieter softer cooler colder darker slower weaker less shorter "
            "shorten minimum min lowest dimmest quietest coldest cool cooling cold chill",
        ),
        (
            "add create make new set save keep put insert append schedule book start record store restore write "
            "remember pair install backup",
            "remove delete clear cancel erase drop discard dismiss empty wipe forget unschedule trash purge scrap "
            "reset unpair uninstall format",
        ),
        ("mute silence quiet", "unmute louder"),
        ("show display reveal", "hide conceal"),
        (
            "accept answer approve allow agree confirm unblock follow subscribe join admit",
            "reject decline deny ignore block refuse hang unfollow unsubscribe dismiss",
        ),
        ("arm lock secure protect", "disarm unlock unprotect deactivate"),
        ("buy order purchase reorder pay", "sell return refund cancel"),
        ("send share publish post", "receive withhold unsend delete"),
        ("follow track", "unfollow untrack"),
        ("next skip forward ahead", "previous back rewind backward"),
        ("fill", "drain empty"),
        ("inhale", "exhale"),
        ("dock return", "undock start clean"),
        ("send out", "bring back"),
        ("checked check tick", "unchecked uncheck untick"),
    )
)
_SAYS_WHAT = frozenset().union(*(side for pair in _SIDES for side in pair))
_UNDOING = re.compile(r"(?:un|dis|de|non)(\w{3,})")
_TIMES = {
    word: name
    for name, listed in {
        "second": "seconds sec secs",
        "minute": "minute minutes min mins",
        "hour": "hour hours hr hrs",
        "day": "days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
        "morning": "morning mornings",
        "afternoon": "afternoon afternoons",
        "evening": "evening evenings",
        "night": "night nights tonight",
        "today": "today",
        "tomorrow": "tomorrow",
        "yesterday": "yesterday",
        "noon": "noon midday",
        "midnight": "midnight",
        "dawn": "sunrise dawn",
        "dusk": "sunset dusk",
        "weekday": "weekday weekdays",
        "weekend": "weekend weekends",
        "daily": "daily",
        "weekly": "weekly",
        "percent": "percent %",
        "degree": "degree degrees",
        "celsius": "celsius",
        "fahrenheit": "fahrenheit",
        "dollar": "dollar dollars bucks",
        "euro": "euro euros",
        "cent": "cent cents",
        "hourly": "hourly",
        **{day: f"{day} {day}s" for day in "monday tuesday wednesday thursday friday saturday sunday".split()},
        **{
            month: month
            for month in "january february april june july august september october november december".split()
        },
    }.items()
    for word in listed.split()
}
"""Words of times and units -> the time or unit; "march", "may", "day" and "second" mean too much else."""

_CLOCK = re.compile(r"\b(?:quarter|half|\d+)(?: minutes?)? (past|after|to|till|before) \d")

_DESTROYS = _words(
    "clear clears empty empties delete deletes erase wipe remove removes reset cancel cancels drop discard dismiss "
    "forget trash purge scrap overwrite destroy shred unpair unlink uninstall unschedule undo revoke void abandon "
    "flush drain replace complete"
)
_SPENDS = _words("cart checkout rent renew upgrade bet gamble refund lease taxi uber lyft rebook")
_ENDS = _words("off stop end kill silence quit shut finish")
_ENDED = _words(
    "alarm alarms timer timers reminder reminders recording recordings download call meeting event events appointment "
    "appointments backup update countdown countdowns subscription account wifi router server"
)
_SAFETY = _words(
    "security burglar fire smoke detector detectors monitor siren sensor sensors freezer fridge refrigerator pump "
    "camera cameras sprinkler sprinklers lock locks monoxide leak alert alerts oxygen aquarium"
)
_SWITCHES = _words("off stop disable deactivate pause mute silence kill cut unplug bypass ignore suspend disarm unset")
_PHRASES = re.compile(
    r"\b(?:get rid of|throw (?:out|away)|cross(?:ed)? off|check(?:ed)? off|tick(?:ed)? off|strike|scratch"
    r"|take (?:\w+ ){1,6}off (?:\w+ ){0,3}list|start over|sign out|log out|log off|factory|hang up|clean out"
    r"|clear out|write over|end (?:all|every|the call)|power (?:down|off)|shut down)\b"
)
_EVERYTHING = _words("all every everything everywhere everyone everybody each whole entire completely")
_ASKS = _words(
    "what what's when when's which who who's where where's how how's why is are was were will does do did weather"
)
_SETS_NO_TIME = _ASKS | _words("can should tell show read list play listen watch find search")
_CACHED = 1_024


@lru_cache(maxsize=_CACHED)
def irrevocable(text: str) -> frozenset[str]:
    """Return words by which a request destroys, ends, spends, opens or sends something: a person is asked before.

    >>> sorted(irrevocable("clear my shopping list")), sorted(irrevocable("what is on my shopping list"))
    (['clear'], [])
    """
    words = frozenset(text.split())
    found = critical_words(text) | (words & (_DESTROYS | _SPENDS)) | frozenset(_PHRASES.findall(text))
    if words & _ENDS and words & _ENDED:
        found |= words & _ENDS
    if words & _SWITCHES and words & _SAFETY:
        found |= words & _SWITCHES
    return found


def contrary(request: str, rewrite: str, *, ordered: bool = True) -> str | None:
    """Return how a rewrite would do the contrary, or set another amount or time; None where its words do not say so.

    A question does nothing, and what is only asked for or played has no time at which it is done: of those, single
    opposite words and numbers alone count.

    Args:
        request: As heard.
        rewrite: What would be acted on.
        ordered: Whether numbers stand in the order in which they were said.

    >>> contrary("start the dryer", "turn off the dryer"), contrary("5 minutes", "5 hours")
    ('turns a word into its opposite', 'changes a time or a unit')
    """
    first = rewrite.split(" ", maxsplit=1)[0]
    if opposites(request, rewrite) or (first not in _ASKS and _other_side(request, rewrite)):
        return "turns a word into its opposite"
    before, after = numbers(request), numbers(rewrite)
    if (before != after) if ordered else (sorted(before) != sorted(after)):
        return "changes a number"
    if negations(request) != negations(rewrite):
        return "changes a negation"
    times, others = _times(request), _times(rewrite)
    if first not in _SETS_NO_TIME and times - others and (others - times or ordered):
        return "changes a time or a unit"
    return None


def tells_deed(words: str, *, beside: str) -> bool:
    """Tell whether words hold one that says what is done, and another text holds it not.

    >>> tells_deed("off then", beside="oven"), tells_deed("hot tab", beside="hot tub")
    (True, False)
    """
    return bool((frozenset(words.split()) - frozenset(beside.split())) & _SAYS_WHAT)


def reaches_further(request: str, rewrite: str) -> bool:
    """Tell whether a rewrite is for everything, or for a time, where the request was not.

    >>> reaches_further("turn off the lamp", "turn off everything"), reaches_further("wake me at 6", "wake me at 6 pm")
    (True, True)
    """
    before, after = frozenset(request.split()), frozenset(rewrite.split())
    if after & _EVERYTHING and not before & _EVERYTHING:
        return True
    return rewrite.split(" ", maxsplit=1)[0] not in _SETS_NO_TIME and bool(_times(rewrite) - _times(request))


def _other_side(request: str, rewrite: str) -> bool:
    before, after = frozenset(request.split()), frozenset(rewrite.split())
    lost, gained = before - after, after - before
    if any((lost & one and gained & other) or (lost & other and gained & one) for one, other in _SIDES):
        return True
    return any(_undoes(word, lost) for word in gained) or any(_undoes(word, gained) for word in lost)


def _undoes(word: str, others: frozenset[str]) -> bool:
    found = _UNDOING.fullmatch(word)
    return found is not None and found[1] in others


def _times(text: str) -> frozenset[str]:
    words = text.split()
    found = {_TIMES[word] for word in words if word in _TIMES}
    halves = {word for before, word in pairwise(words) if word in ("am", "pm") and before[0].isdigit()}
    ways = {"past" if way in ("past", "after") else "to" for way in _CLOCK.findall(text)}
    return frozenset(found | halves | ways)
