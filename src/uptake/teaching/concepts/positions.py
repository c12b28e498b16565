"""Find the positions in a request where a value is said, and ignore names and verbs inside them.

"Set the lamp to study mode" does not mention the study, "on kitchen disco" does not mention the kitchen, and "sleep
mode" does not command to sleep. After "to", "on" or a verb that takes a mode, words that end in a hint ("mode", "mood",
"level"), and names of rooms followed by unexplained words, are one value.

Limit: English; a value that is the bare name of a room or a device ("to study") stays a name.
"""

from __future__ import annotations

from dataclasses import replace

from uptake.teaching.concepts.artifact import ARTICLES
from uptake.teaching.concepts.house import Mention
from uptake.teaching.concepts.phrases.shapes import ENTERS
from uptake.teaching.concepts.phrases.words import ACTIVATES, Labelled
from uptake.text.patterns import regex

__all__ = ["in_value_position"]

_TOWARDS = frozenset("to on at into in as for".split())
_MODES_OF = frozenset(("on", "into", "in"))
_DOABLE = frozenset(
    "clean vacuum check read call wake snooze cancel stop open close lock unlock arm disarm cook wash iron feed mow "
    "water "
    "sleep answer ring print scan charge repeat dance sing say know mean means not don't no never".split()
)
"""What a thing may be told to do, which is no value of it."""
_MODES = ACTIVATES | frozenset("start begin run do go".split())
_HINTED = regex(r"[xwbmvtpnahfo]{1,4}h(?=c*$|r)")
_OPENS = regex(r"h(?=r[dp]*c*$|c*$)")
_RUNS_ON = regex(r"[xw][xwhn]*(?=c*$)")
_SEEMS = frozenset("look seem sound looking looks".split())
_LIKENED = regex(r"[xwbmvtnahfo]{1,4}?(?=c*$|rd*p+c*$)")
_VERBS = tuple(map(regex, (r"[xw]{1,3}[mb](?=c*$)", r"b[xh](?=c*$)", r"bn(?=c*$)")))
"""Values of which a word is a verb elsewhere: "to mosquito watch"."""
_COMPOUND = regex(r"[bm][xh](?=c*$)")
_STARTS = frozenset(("start", "begin", "activate"))
"""Verbs behind which a word that is a verb elsewhere is a noun: "start book club"."""
_AS_LIKED = regex(
    r"(?:where|how|the way|like|as)(?: (?:the|my|our|a))?(?: (?!is\b|are\b|was\b)[\w']+){1,3} (?:likes?|wants?|"
    r"prefers?|loves?|had|has|"
    r"needs?|keeps?|does)(?: (?:it|them|that|best|most))*"
)
"""How somebody likes it: "(the blind) where the cat likes it"."""


def in_value_position(said: Labelled) -> Labelled:
    """Label as unknown what is a value by its position, and leave out the names in it.

    >>> from uptake.teaching.concepts.house import House, Thing
    >>> from uptake.teaching.concepts.phrases.words import label
    >>> den = House(areas=("Study", "Den"), things=(Thing(key="light.d", name="Lamp", domain="light", area="Den"),))
    >>> in_value_position(label("set the lamp to study mode", den)).labels
    'vdprxh'
    """
    opening = next((one for one in said.mentions if set(said.labels[: one.start]) <= set("c")), None)
    if opening is not None and opening.area is not None and _OPENS.match(said.labels, opening.end):
        return _relabelled(said, opening.start, opening.end + 1)  # "bedroom mode in the lounge"
    for at in range(1, len(said.words)):
        end = _value_end(said, at)
        if end is not None:
            return _relabelled(said, at, end)
    return said


def _value_end(said: Labelled, at: int) -> int | None:
    """Return the word after a value that begins at a word; None where none that must be told so does."""
    before, labels = said.words[at - 1], said.labels
    if any(one.end == at for one in said.mentions) and _AS_LIKED.fullmatch(" ".join(said.words[at:])):
        return len(said.words)
    if before == "like" and at > 1 and said.words[at - 2] in _SEEMS and "v" in labels[: at - 2]:
        likened = _LIKENED.match(labels, at)
        return likened.end() if likened is not None and set(labels[at : likened.end()]) - {"n", "w"} else None
    verb_at = at - 2 if before in ARTICLES and at > 1 else at - 1
    opening = " ".join(said.words[: verb_at + 1])
    leads = said.words[verb_at] in _MODES and set(labels[:verb_at]) <= set("cd")
    leads = leads or ENTERS.match(f"{opening} x") is not None
    behind_verb = at > 1 and labels[at - 2] == "v"  # "turn on …" is no direction
    name = next((one for one in said.mentions if one.start == at), None)
    is_run = name is not None and name.is_run
    if is_run or (not leads and (behind_verb or before not in _TOWARDS or not _speaks_of_a_thing(said, at - 1))):
        return None
    hinted = _HINTED.match(labels, at)
    if hinted is not None and set(labels[at : hinted.end() - 1]) - {"n"}:
        return hinted.end()
    if name is not None:
        return _past_a_name(name, before, labels)
    verb = next((found for shape in _VERBS if (found := shape.match(labels, at)) is not None), None)
    end = at + 1 if _is_bare_verb(said, at) else None
    if leads:
        verb, end = (_COMPOUND.match(labels, at) if said.words[verb_at] in _STARTS else None), None
    return verb.end() if verb is not None else end


def _is_bare_verb(said: Labelled, at: int) -> bool:
    """Tell whether a verb alone is a value, the last word: "(the lamp) on wake", and not "(the vacuum) to clean"."""
    before = said.words[at - 1]
    may = before in _MODES_OF or (before == "to" and said.words[at] not in _DOABLE)
    return may and said.labels[at] == "b" and not said.labels[at + 1 :].strip("c")


def _past_a_name(name: Mention, before: str, labels: str) -> int | None:
    """Return the word after a value that begins with a name: "on kitchen disco"; None where the name is a name."""
    run = _RUNS_ON.match(labels, name.end)
    cold = labels[name.end : name.end + 1] == "n" and before in ("to", "at") and name.area is not None
    if run is not None:
        return run.end()
    return name.end + 1 if cold and not labels[name.end + 1 :].strip("c") else None


def _speaks_of_a_thing(said: Labelled, end: int) -> bool:
    """Tell whether a device or a room is named before a word."""
    return any(one.end <= end for one in said.mentions)


def _relabelled(said: Labelled, start: int, end: int) -> Labelled:
    inside = "".join("h" if letter == "h" else "x" for letter in said.labels[start:end])
    kept: list[Mention] = [one for one in said.mentions if one.end <= start or one.start >= end]
    return replace(said, labels=said.labels[:start] + inside + said.labels[end:], mentions=tuple(kept))
