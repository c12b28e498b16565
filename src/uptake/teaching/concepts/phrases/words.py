"""Label the words of a request: names of the home, values, carrier words, and words that nothing explains.

Each word gets one letter, so that the shape of a request is a string that patterns can be matched with:

    p names something of the home   n is a value         a is an attribute ("volume")    o is on, off, open, closed
    v verb of setting               r preposition        d article or pronoun            c courtesy, oaths
    h hint of a mode ("mode")       q question           t moment or length of time      w part of a day or week
    m verb of media                 b verb of others     k part of a concept             f function word
    x none of these

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uptake.teaching.concepts.house import KINDS, House, Mention, stem
from uptake.teaching.concepts.values import COLORS
from uptake.teaching.marks import plain
from uptake.text.normalize import normalize

__all__ = ["ACTIVATES", "Labelled", "is_doing", "label", "NO_NAMES"]

_LABELS = {
    "v": "set put make turn switch change have get give adjust bring dial crank run do activate go start begin want "
    "need use enable engage apply trigger initiate launch let's keep move lower raise dim brighten pop whack stick "
    "execute commence invoke deploy summon unleash try leave take flip hit fancy prepare prep tint flood bathe "
    "bung chuck shove plonk nudge ease knock let "
    "swing ramp bump push pull "
    "throw kick fire spin slide shift roll drop stay sit jump need sets puts makes turns setting putting making "
    "should ought needs wants doing having",
    "r": "to on at in into as for with of from onto up down under over inside through by",
    "d": "the a an my our your this that these those it its it's them me us i i'd i'll we we'd you he she his her "
    "some any here there i'm we're",
    "c": "please could can would will you hey hi hello ok okay now just thanks thank kindly um uh er so well alright "
    "right then love like be lovely mate dear cheers maybe also everyone everybody folks guys "
    "hen pet darling darlin hun babe bud bro bruv chief boss lad lass sweetheart petal cobber "
    "too possibly perhaps kindly only simply immediately pronto asap sharpish cheers "
    "computer assistant damn damned bloody fucking fuckin fricking freaking goddamn shitty crappy stupid ass effing "
    "actually really quickly oh yes yeah",
    "f": "is are be been was were am wanna gonna gotta back all both whole entire away house home again not no it's",
    "h": (
"mode thing thingy routine scene vibe vibes mood setting settings preset level ambience "
"atmosphere style theme way time"
),
    "o": "on off open closed shut",
    "a": "volume brightness temperature speed colour color position warmth sound intensity light's level",
    "n": "percent % degrees degree half quarter third max maximum min minimum full kelvin auto celsius fahrenheit "
    "daylight white warm cool cold bright dim dark hot louder quieter warmer cooler brighter dimmer "
    "darker higher lower faster slower more less tad touch smidge smidgen bit little lot notch heat dry fan_only "
    "halfway middle mute lowest highest brightest dimmest loudest quietest warmest coolest hottest coldest",
    "q": "what what's whats which who who's where where's when how how's why is are was were did does do am has have "
    "should whose",
    "t": "pm o'clock hour hours minute minutes second seconds tomorrow tonight "
    "later soon until till if unless while because since before after whenever once when every daily",
    "w": "today morning evening noon midnight night monday tuesday wednesday thursday friday saturday sunday sunset "
    "sunrise week weekend weekday day afternoon bedtime christmas",
    "m": "play playing watch stream listen shuffle queue pause resume skip record hear",
    "b": "show tell find add remind call clean vacuum check read text send message order buy book remember say sing "
    "search look ask wake snooze cancel stop delete remove forget translate spell convert calculate draw write "
    "explain list open close lock unlock arm disarm cook wash iron feed order email phone navigate drive help teach "
    "learn define repeat answer ring mow water fetch carry pick pour bake fix repair clean name rename explain undo "
    "sleep eat drink walk paint fold tidy hang print scan weigh think know mean means not don't no never won't "
    "pay transfer withdraw share hide lend tickle hug kiss beam fly dance had got went saw found said "
        "told lost left came "
    "hum whistle babysit babysits shave massage scratch charge deliver schedule invite reserve",
}  # fmt: skip
_OF = {word: letter for letter, words in reversed(_LABELS.items()) for word in words.split()}
NO_NAMES = frozenset("wrong right thing it that this other one ones fine good bad better".split())
"""Words of which no name is made: "I've said the wrong one, it's the washing machine"."""
ACTIVATES = frozenset(
    "activate engage enable trigger initiate launch apply execute commence invoke deploy summon unleash".split()
)
"""Verbs that take the name of a mode and nothing else."""
_EDGE = "\"'.,;:!?()\N{HORIZONTAL ELLIPSIS}"
_SEEMS = frozenset(("look", "feel", "seem"))
_READY = frozenset("ready prepared set primed nice right perfect good fit sorted decent comfy tidy suitable".split())
_ASKS = frozenset(_LABELS["q"].split())
_JOINTS = frozenset("and then plus".split())
_CONTINUES = frozenset("and but also plus".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Words of a request with their labels."""

    raw: tuple[str, ...]
    """The words as they were said, without the marks around them."""
    words: tuple[str, ...]
    """The words in lower case, number words in digits."""
    labels: str
    """A letter a word."""
    mentions: tuple[Mention, ...] = ()
    """What they name."""

    def said(self, start: int, end: int) -> str:
        """Return some of the words as they were said."""
        return " ".join(self.raw[start:end])


def label(text: str, house: House, concepts: Sequence[str] = ()) -> Labelled:
    """Label the words of a request.

    >>> label("could you put the lamp on disco", House()).labels
    'cdvdxox'

    Args:
        text: The request.
        house: Names of the home.
        concepts: Keys of concepts; their words are labelled "k", the longest first.
    """
    raw = [word for part in re.sub(r" -+ |/", " ", plain(text)).split() if (word := part.strip(_EDGE))]
    words = [normalize(word) or word.lower() for word in raw]
    letters = [_letter(word, at, words) for at, word in enumerate(words)]
    taken = [False] * len(words)
    for key in sorted(concepts, key=lambda one: -len(one)):
        _mark(key, words, letters, taken)
    masked = ["" if hidden else word for word, hidden in zip(words, taken, strict=True)]
    mentions = tuple(
        one for one in house.mentions(masked) if _names(one, letters) and not _is_verb(one, letters, words)
    )
    for one in mentions:
        letters[one.start : one.end] = "p" * (one.end - one.start)
    return Labelled(raw=tuple(raw), words=tuple(words), labels="".join(letters), mentions=mentions)


def is_doing(word: str) -> bool:
    """Tell whether a word is what one does by a verb that is known: "cleaning", and not "storytelling"."""
    root = word.removesuffix("ing")
    return root != word and any(form in _OF for form in (root, f"{root}e", root[:-1]))


def _names(mention: Mention, letters: Sequence[str]) -> bool:
    """Tell whether a mention is one: a word that is also a verb names a thing only as a whole name."""
    inside = letters[mention.start : mention.end]
    return mention.is_exact or mention.domain is not None or not set(inside) & set("vmbtnqo")


def _is_verb(mention: Mention, letters: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether the name of a kind is the verb of the request: "switch to …", "lock the door"."""
    bare = mention.start == 0 or letters[mention.start - 1] == "c" or words[mention.start - 1] in _JOINTS
    return bare and mention.domain is not None and letters[mention.start] in "vb" and mention.end < len(letters)


def _mark(key: str, words: Sequence[str], letters: list[str], taken: list[bool]) -> None:
    """Label the words of a concept wherever it is said; its words may be joined by marks in one word of the text."""
    parts = [stem(part) for part in key.split()]
    joined = [[stem(part) for part in word.split()] for word in words]
    for start in range(len(words)):
        end, rest = start, list(parts)
        while rest and end < len(words) and not taken[end] and joined[end] == rest[: len(joined[end])]:
            rest = rest[len(joined[end]) :]
            end += 1
        if not rest and end > start:
            letters[start:end] = "k" * (end - start)
            taken[start:end] = [True] * (end - start)


def _letter(word: str, at: int, words: Sequence[str]) -> str:
    if word.rstrip("%").replace(".", "", 1).isdigit() or word in COLORS:
        return "n"
    if word in _ASKS:
        if word in ("do", "have") and all(_OF.get(before) in ("c", "d") for before in words[:at]):
            return "v"
        if at == 0:
            return "q"
    if word in ("on", "off"):
        return "o"
    if at == 0 and word in _CONTINUES:
        return "c"
    return _by_neighbour(word, words[max(0, at - 1) : at], words[at + 1 : at + 2]) or _OF.get(word, "x")


def _by_neighbour(word: str, before: Sequence[str], behind: Sequence[str]) -> str | None:
    """Return the label that a word has because of the word before or behind it; None where they say nothing."""
    if word in ("every", "each") and stem("".join(behind)) in KINDS:
        return "d"
    if word == "o'clock" and not "".join(before).isdigit():  # "beer o'clock" is no moment
        return "h"
    if word == "hour" and before and not before[0].isdigit() and _OF.get(before[0], "x") in "xbm":  # "reading hour"
        return "h"
    if "like" in (word, *behind) and _SEEMS & {word, *before}:  # they carry what it is to be like
        return "c"
    return "r" if word in _READY and [*behind] == ["for"] else None  # "get the den ready for …"
