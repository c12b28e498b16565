"""Find what a statement calls a thing of the home anew, however it is put: "everyone here says dungeon for the gym".

The statement names one thing whole, has one span of other words, and all the rest of it is glue: who calls it so, verbs
of calling and meaning, small words; one of these must say that it is about a name.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Iterator

from uptake.teaching.concepts.house import House, named_thing
from uptake.teaching.concepts.phrases.stating import VERB
from uptake.teaching.concepts.values import find_values
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["names_in"]

_CUES = frozenset(
    "call calls called calling name names named nickname nicknames nicknamed nickname's known mean means meant meaning "
    "stands alias aka refer refers referring word term dubbed dub christened christen goes answers misheard "
    "heard".split()
)
"""Words of which one must be said: the statement is about a name."""
_PHRASES = regex(
    r"\b(?:one and the same|1 and the same|the same (?:thing|1|one|as)|is also|are also|for (?:us|me) the|says? .+ "
    r"for|say .+ (?:and|for)|short for|code for|slang for|shorthand for|think of|when(?:ever)? (?:i|we) say)\b"
)
_GLUE = _CUES | frozenset(
    "i we you they he she it us me him her them who people everyone everybody somebody someone anyone all both kids "
    "the a an my our your his their this that these those is are was be 's shall should will would can could may must "
    "to of for as by in on from at with and or but so if when whenever what which one 1 thing same also just really "
    "actually always usually often sometimes here home house family now please remember know note say says said saying "
    "hear hears ask asks want think short code slang shorthand otherwise better commonly family's give add new old "
    "other another pet second has have got get gets like let let's do does use uses it's that's they're he's she's "
    "i'm we're you're wife husband mum mom dad mother father partner son daughter brother sister gran granny grandma "
    "nan grandad friends lot no yes not don't wife's then there too kind round around going forward on onwards future "
    "want wants talking about instead mine ours is's name's understand take read treat sounds sound like "
    "looks ever".split()
)
_ASKS = regex(r"^(?:what|who|why|how|where|when (?:did|do|is|are|was)|is|are|do|does|did|can|could|will)\b")
_ORDERS = regex(rf"{VERB}|on|off")
_FROM_NOW = regex(r"\bfrom (?:now|here|today) on(?:wards?)?\b ?")
_MOST = 4
_LONGEST = 22


def names_in(text: str, house: House) -> Iterator[tuple[str, str]]:
    """Yield (new name, thing) of a statement that gives a thing of the home another name.

    >>> from uptake.teaching.concepts.house import Thing
    >>> home = House(areas=("Gym",), things=(Thing(key="switch.t", name="Hot Tub", domain="switch"),))
    >>> list(names_in("everyone here says dungeon for the gym", home))
    [('dungeon', 'Gym')]
    >>> list(names_in("the hot tub is broken", home))
    []
    """
    words = _FROM_NOW.sub("", normalize(text)).split()
    said = " ".join(words)
    if len(words) > _LONGEST or _ASKS.match(said) or not (_CUES & set(words) or _PHRASES.search(said)):
        return
    for one in house.mentions(words):
        thing = named_thing(" ".join(words[one.start : one.end]), house)
        if thing is None or not (one.is_exact or one.domain or one.area):
            continue
        rest = [*words[: one.start], "", *words[one.end :]]
        unlike = [at for at, word in enumerate(rest) if word and word not in _GLUE]
        if not unlike or unlike[-1] - unlike[0] >= _MOST or "" in rest[unlike[0] : unlike[-1]]:
            continue
        if any(map(_ORDERS.fullmatch, rest)) or find_values([rest[at] for at in unlike]):
            continue
        called = " ".join(rest[unlike[0] : unlike[-1] + 1])
        if one.start > unlike[-1] or named_thing(called, house) is None:
            yield called, thing
