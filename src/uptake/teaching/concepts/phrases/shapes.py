"""Patterns of requests with unexplained words in a position for a value, a mode, a thing, music or a timer.

A request is a string of one letter per word (`uptake.teaching.concepts.phrases.words`), with further letters: "T" a
timer, "P" play, "S", "G", "D" and "V" verbs that take a mode, "M" and "N" music, "A" whose or for what it is, "h" words
that end the name of a mode.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Iterator

from uptake.teaching.concepts.phrases.words import ACTIVATES, Labelled
from uptake.text.patterns import regex

__all__ = ["ENTERS", "NUMBERS", "OPENS", "fitting"]

_ANY = "xhdvrcbamnofwpDSMU"
_GAP = f"(?P<gap>[{_ANY}]*?[xhw][{_ANY}]*?)"
_PLACE = "[dc]*p+(?:r?d*p+)*"
_SHAPES: tuple[tuple[str, str], ...] = (
    ("value", rf"^[cd]*(?:n(?=[dp])|x(?=d?p))?[vroDSOa]*c*{_PLACE}[dc]*a?[vrof]*?[dc]*{_GAP}(?:rc*{_PLACE})?c*$"),
    ("value", rf"^[cd]*[vS]?[ro]?(?:d*a)(?:r{_PLACE})?[or]+{_GAP}(?:[ro]{_PLACE})?c*$"),
    ("mode", rf"^[cd]*[vDS]*[ro]?[dc]*{_GAP}[or]+c*{_PLACE}c*$"),
    ("timer", r"^[cd]*[vS]?[dcnp]*x{0,2}p*Tr?(?P<gap>[dxrhncwf]*[xh]b?)c*$"),
    ("mode", rf"^[cd]*(?P<gap>[xw]{{1,3}}h){_PLACE}c*$"),
    ("activate", rf"^[cd]*Vo?{_GAP}c*$"),
    ("activate", r"^[cd]*[vDS]+[ro]*(?P<gap>d*[xw]+h)c*$"),
    ("activate", r"^[cd]*(?P<gap>[xw]{1,3}h)o?c*$"),
    ("start", r"^[cd]*G(?P<gap>[xw]{2,3}h?|d*[xw]{1,3}h)c*$"),
    ("timer", r"^[cd]*[vS]d*(?P<gap>[xwh]{2,4})Tc*$"),
    ("media", rf"^[cd]*P(?P<gap>d?A[xwhn]*[MN])(?:[ro]{_PLACE})?c*$"),
    ("start", r"^[cd]*(?:S|G)(?P<gap>n[xw]{0,2}[xwh])c*$"),
    ("do", r"^[cd]*D(?P<gap>x[xwo]{1,2}[cd]{0,2}|x&x)$"),
    ("activate", r"^[cd]*[vDS]+[ro]*(?P<gap>d*[xw][xwr]*h)c*$"),
    ("start", r"^[cd]*S(?P<gap>x{1,2}r)c*$"),
    ("begin", r"^[cd]*S(?P<gap>d[xw]{2,3})c*$"),
    ("begin", r"^[cd]*[SG](?P<gap>d[xw]{1,2}b|d[xw]{2,3})c*$"),
    ("begin", r"^[cd]*D(?P<gap>d[xw]{2,3})c*$"),
    ("dimmed", r"^[cd]*v(?P<gap>d?x{1,2})[ro]+n+c*$"),
    ("start", r"^[cd]*S(?P<gap>[xw]{1,3}h?)c*$"),
    ("start", r"^[cd]*D(?P<gap>[xw]{2,3}h?)c*$"),
    ("media", rf"^[cd]*P(?P<gap>d(?:[xwh]*[xwh]M|[xwh]*U))(?:[ro]{_PLACE})?c*$"),
    ("thing", r"^[cd]*[vS]o(?P<gap>d*x+p)[ro]?c*$"),
    ("thing", r"^[cd]*[vS](?P<gap>d*x+p)oc*$"),
    ("thing", r"^[cd]*[vS]o(?P<gap>d?x{1,2})c*$"),
    ("thing", r"^[cd]*[vS](?P<gap>d?x{1,2})oc*$"),
    ("thing", r"^[cd]*(?P<gap>dx+p)o?rn+c*$"),
)
_COMPILED = tuple((what, regex(shape)) for what, shape in _SHAPES)
OPENS = ("open", "close", "lock", "unlock", "shut")
_MARKS = {
    **dict.fromkeys(("timer", "countdown"), "T"),
    **dict.fromkeys(ACTIVATES, "V"),
    **dict.fromkeys(("start", "begin", "run"), "S"),
    **dict.fromkeys(OPENS, "O"),
    **dict.fromkeys(
        (
            "special",
            "drill",
            "protocol",
            "ritual",
            "shuffle",
            "sequence",
            "session",
            "setup",
            "state",
            "procedure",
            "ceremony",
            "programme",
            "program",
            "regime",
            "manoeuvre",
            "maneuver",
            "formation",
        ),
        "h",
    ),
    "do": "D",
    "play": "P",
    **dict.fromkeys(("tunes", "jams", "mix", "beats", "stuff", "sounds"), "M"),
    "usual": "U",
}
_SONGS = frozenset("songs music tracks anthems bangers hits numbers soundtrack mixtape medley".split())
_OWNERS = regex(
    r"(?:mum|mom|mam|dad|daddy|mummy|gran|granny|nan|nana|grandma|grandad|grandpa|granddad|auntie|uncle|baby|babie|kid|"
    r"wife|husband|boy|girl|son|daughter|brother|sister|bro|sis|family|dog|cat|toddler|twin)'?s'?|[a-z]+ing(?:[- "
    r"][a-z]+)?"
)
_WHOSE = regex(
    rf"\b(?:{_OWNERS.pattern.split('|[a-z]+ing')[0]})\b|"
    rf"\b(?:the|my|our) [a-z]+ing(?:[- ][a-z]+)? (?:{'|'.join(sorted(_SONGS))}|mix|tunes|jams)\b"
)
"""Whose a kind of music is, or for what: it has a meaning of its own, "dad's wrench songs", "the ironing mix"."""
ENTERS = regex(
    r"\b(?:(?:go|get|switch|change|move|shift|flip|slip|ease|jump|swing|put|bring)(?: (?:me|us|everyone|everything))?"
    r"(?: over| straight| back)? into|enter|(?:kick|set) off|(?:fire|boot|spin|crank|power) up|bring on|break out|"
    r"launch into|cue)"
    r"(?= [a-z])"
)
"""Verbs that take a mode: "get us into party mood"."""
_JOINED = regex(r"(?<=p)&(?=d*p)")
_TIME_FOR = regex(r"^hr(?=x)")
NUMBERS = frozenset(
    "minus negative plus point percent % degrees degree half halves third thirds quarter quarters fifth fifths full a "
    "zero one two three four five six seven eight nine ten".split()
)
_AMOUNTS = frozenset(
    "more less fewer louder quieter higher lower tad touch bit little lot notch max min maximum".split()
)


def fitting(said: Labelled) -> Iterator[tuple[str, int, int]]:
    """Yield what may be named in a request, with its first word and the word after its last, the likeliest first."""
    labels = _with_timer(said)
    for what, shape in _COMPILED:
        match = shape.search(labels)
        if match is not None:
            yield what, *match.span("gap")


def _with_timer(said: Labelled) -> str:
    """Mark the word "timer", and verbs that take a mode and nothing else."""
    marked = _marked(said.words, said.labels)
    enters = ENTERS.search(" ".join(said.words))
    if enters is not None:
        start = len(enters.string[: enters.start()].split())
        end = start + len(enters[0].split())
        marked[start:end] = ["c"] * (end - start - 1) + ["G"]
        if said.words[end] in _AMOUNTS:  # "go into more detail"
            marked[end] = "#"
    return _JOINED.sub(
        "r",
        _TIME_FOR.sub(
            "cc", "".join("&" if word == "and" else letter for word, letter in zip(said.words, marked, strict=True))
        ),
    )


def _marked(words: tuple[str, ...], labels: str) -> list[str]:
    """Return the letters of words, with more of them told apart where it matters what they are near."""
    owned = "play" in words and bool(_WHOSE.search(" ".join(words)))
    marked: list[str] = []
    for word, letter in zip(words, labels, strict=True):
        amount = letter == "n" and (not word.isalpha() or word in NUMBERS | _AMOUNTS)
        if amount and marked[-1:] == ["S"]:  # "start golden hour", but not "start ten …"
            marked.append("#")
        elif owned and letter != "p" and (word in _SONGS or _OWNERS.fullmatch(word)):
            marked.append("N" if word in _SONGS else "A")
        else:
            mark = _MARKS.get(word, letter)
            marked.append(letter if mark in "SVDPO" and letter == "x" else mark)
    return marked
