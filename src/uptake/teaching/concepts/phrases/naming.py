"""Find the new name that a statement gives to a thing of the home: "everyone here says dungeon for the gym".

The statement names one thing completely and has one span of other words. All other words are function words, people, or
verbs of calling and meaning; at least one of these must show that it is about a name.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.house import House, Mention, alike, named_thing
from uptake.teaching.concepts.phrases.stating import VERB
from uptake.teaching.concepts.values import find_values
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["names_in"]

_CUES = frozenset(
    "call calls called calling name names named nickname nicknames nicknamed nickname's known mean means meant meaning "
    "stands alias aka refer refers referring word term dubbed dub christened christen goes answers misheard "
    "heard mention mentions mentioned speaks speak talks talk talking tells told refers known".split()
)
"""Words of which one must be said: the statement is about a name."""
_PHRASES = regex(
    r"\b(?:one and the same|1 and the same|the same (?:thing|1|one|as)|is also|are also|for (?:us|me) the|says? .+ "
    r"for|say .+ (?:and|for)|(?:i|we|they|he|she|everyone|everybody|people|you)(?: all| always)? (?:says?|calls?|"
    r"hears?|uses?) .+ (?:that's|it's|"
    r"that is|it is|that means|meaning|i mean|we mean)|say(?:ing|s)? .+ (?:when|if|but) (?:i|we|he|she|they)(?:'m|"
    r"'re|'s)? "
    r"(?:actually |really )?(?:want|wants|mean|means|meant|need|needs)|short for|code for|(?:take|treat|read|hear|"
    r"regard|count|have) "
    r".+ (?:to be|as|for)|slang for|shorthand for|think of|when(?:ever)? (?:i|we) say|(?:is|are) .+ (?:to|for|with) "
    r"(?:me|us|everyone|everybody|"
    r"all of us)$)\b"
)
_GLUE = (
    _CUES
    | frozenset(
        "i we you they he she it us me him her them who people everyone everybody somebody someone anyone all both "
        "kids "
        "the a an my our your his their this that these those is are was be 's shall should will would can could may "
        "must "
        "to of for as by in on from at with and or but so if when whenever what which one 1 thing same also just "
        "really "
        "actually always usually often sometimes here home house family now please remember know note say says said "
        "saying "
        "hear hears ask asks want think short code slang shorthand otherwise better commonly family's give add new old "
        "other another pet second has have got get gets like let let's do does use uses it's that's they're he's she's "
        "i'm we're you're wife husband mum mom dad mother father partner son daughter brother sister gran granny "
        "grandma "
        "nan grandad friends lot no yes not don't wife's then there too kind round around going forward on onwards "
        "future "
        "want wants talking about instead mine ours is's name's understand take read treat sounds sound like "
        "looks ever might may".split()
    )
    | frozenset(
        one + end for one in ("i", "we", "you", "they", "he", "she", "it", "that") for end in ("'ll", "'ve", "'d")
    )
)
_ASKS = regex(r"^(?:what|who|why|how|where|when (?:did|do|is|are|was)|is|are|do|does|did|can|could|will)\b")
_TREATS = frozenset("forget unlearn delete remove erase scrap ditch rename explain describe show list".split())
"""Verbs of what is done with a name that there is."""
_ORDERS = regex(rf"{VERB}|on|off")
_ON_ABOUT = regex(r"(?:'m|'re|'s| am| are| is)(?: \w+ing)? (?:on about|getting at|after|driving at)\b")
_NOISE = regex(r"\bfrom (?:now|here|today) on(?:wards?)?\b ?|\b(?:keep|keeps|kept) (?=(?:saying|calling)\b)")
_IS_MEANT = frozenset("is are means always really said say not no".split())
_ALIKE = 0.6
"""How alike a name is to what it is heard for: "pianola lamp is always the piano lamp"."""
_SORT_OF_NAME = regex(
    r"\b(?:an?|the|our|my|his|her|their|another)(?: \w+){1,2} (?:name|word|nickname|term|label|expression)\b(?= (?:of|"
    r"for)\b)"
)
"""A name, whatever it is like: "a posh name for"."""
_MOST = 4
_LONGEST = 22


def names_in(text: str, house: House, concepts: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield (new name, thing) of a statement that gives another name to a thing of the home or to a concept.

    >>> from uptake.teaching.concepts.house import Thing
    >>> home = House(areas=("Gym",), things=(Thing(key="switch.t", name="Hot Tub", domain="switch"),))
    >>> list(names_in("everyone here says dungeon for the gym", home))
    [('dungeon', 'Gym')]
    >>> list(names_in("the hot tub is broken", home))
    []

    Args:
        text: The statement.
        house: Names of the home.
        concepts: Keys of concepts that may get another name.
    """
    words = _SORT_OF_NAME.sub("a name", _ON_ABOUT.sub(" mean", _NOISE.sub("", normalize(text)))).split()
    said = " ".join(words)
    if len(words) > _LONGEST or _ASKS.match(said) or _TREATS & set(words):
        return
    says_so = bool(_CUES & set(words) or _PHRASES.search(said))
    for spans, thing in _spoken_of(words, house, concepts):
        rest = ["" if any(start <= at < end for start, end in spans) else word for at, word in enumerate(words)]
        called = _only_name(rest)
        if called is None or any(map(_ORDERS.fullmatch, rest)) or find_values(called.split()):
            continue
        if not says_so and not (_IS_MEANT & set(words) and alike(called, thing) >= _ALIKE):
            continue
        if spans[-1][0] > rest.index(called.split()[0]) or named_thing(called, house) is None:
            yield called, thing


def _spoken_of(
    words: Sequence[str], house: House, concepts: Container[str]
) -> Iterator[tuple[list[tuple[int, int]], str]]:
    """Yield each thing that is named, with where its name stands, which may be more than once; then each concept."""
    mentions = house.mentions(words)
    for one in mentions:
        thing = named_thing(" ".join(words[one.start : one.end]), house)
        shown = one.start and words[one.start - 1] in ("the", "my", "our")  # "the radio", of the Saloon Radio
        if thing is not None and (one.is_exact or one.domain or one.area or shown):
            again = [each for each in mentions if each == one or (each.is_exact and _names(each, thing, words, house))]
            yield [(each.start, each.end) for each in again], thing
    for start, end in ((at, at + size) for size in (3, 2, 1) for at in range(len(words) - size + 1)):
        if key_of(" ".join(words[start:end])) in concepts:
            yield [(start, end)], " ".join(words[start:end])


def _names(mention: Mention, thing: str, words: Sequence[str], house: House) -> bool:
    return named_thing(" ".join(words[mention.start : mention.end]), house) == thing


def _only_name(rest: Sequence[str]) -> str | None:
    """Return the one span of words that are no glue, which may be said more than once; None where there are several."""
    unlike = [at for at, word in enumerate(rest) if word and word not in _GLUE]
    if not unlike:
        return None
    runs = [[unlike[0]]]
    for at in unlike[1:]:
        if at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    said = {" ".join(rest[run[0] : run[-1] + 1]) for run in runs}
    if len(said) == 1 and len(runs[0]) <= _MOST:
        return said.pop()
    whole = rest[unlike[0] : unlike[-1] + 1]
    return None if len(whole) > _MOST or "" in whole else " ".join(whole)
