"""Propose what is to be played where the request does not say it: a title just spoken of, or what is usual now.

Limit: English; titles are found by their capitals, and by the slots of requests that were understood.
"""

from __future__ import annotations

from collections.abc import Iterator

from uptake.assistant.entities.titles import PLAY
from uptake.text.lexicon import STOP_WORDS
from uptake.text.patterns import regex
from uptake.types import Exchange, Interpretation, Situation
from uptake.understanding.situation.scene import Scene

__all__ = ["read_anything", "read_playback"]

_VERB = r"(?:play|watch|put on|start|listen to|hear|read|stream|see|try)"
_PLAY = regex(
    rf"(?:can (?:we|i|you) |let's |let me |i want to |i'd like to )?{_VERB}(?: me)? "
    r"(?:it|that|this|them|1|some|something by (?P<maker>him|her|them)|(?:that|this|the) (?:1|song|film|movie|album"
    r"|book|episode|show|podcast|track))(?: to me| please| now)?|(?:play|put) (?:it|that|this) on(?: please| now)?"
)
_ANYTHING = regex(
    rf"(?:can you |please )?(?:{_VERB}(?: me)? (?:something|anything|some music|a song|music)|put (?:something|anything"
    r"|some music|music|it) on|(?:music|entertain me))(?: please| now| for me)*"
)
_WORD = r"[A-Z][\w'&-]*"
_JOINTS = (
    "of the and in to a an on for with & "
    "en au aux à de la le les du des et der die das den von und van del di da el los las y"
)
"""Small words within a title, in the languages that titles are often in."""
_NAME = regex(rf"(?<![.!?] )(?<!^)\b{_WORD}(?:(?: (?:{'|'.join(_JOINTS.split())}))* (?:{_WORD}|\d+))*")
_MAKER = regex(r"\bby (?:the )?$")
_ASKS_WHO = regex(r"who\b(?!.*\bsings?\b$)")
_LOOKS_FOR = regex(
    r"(?:what|which|recommend|suggest|find|search|look for|is there|are there|do you (?:have|know)|have you got|any\b"
    r"|can you (?:find|recommend|suggest)|i'm looking for)"
)
_OPENERS = (STOP_WORDS - {"the", "a", "an"}) | frozenset(
    "try sure here there playing many most people maybe perhaps nothing hello listen".split()
)
"""Words that begin a sentence, and no title by themselves."""
_SLOTS = frozenset({"search_query", "title", "artist", "album", "playlist"})
_CLASSES = {  # words of the last turn -> what is to be played
    "album": "album", "record": "album", "song": "track", "track": "track", "single": "track", "tune": "track",
    "film": "movie", "films": "movie", "movie": "movie", "movies": "movie", "book": "audiobook", "novel": "audiobook",
    "audiobook": "audiobook", "podcast": "podcast", "series": "tv_show", "sitcom": "tv_show", "station": "radio",
}  # fmt: skip
_MOST = 3
_USUAL = 0.3  # least sum of nearness of the habits that speak for a title


def read_playback(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "play it" as a title or a name that was just spoken of; "it" is nobody's name."""
    match = _PLAY.fullmatch(words)
    if match is None or not situation.recent:
        return
    last = situation.recent[-1]
    media_class = _class_said(last)
    for title in _titles(last, of_people=match["maker"] is not None)[:_MOST]:
        plain = (("search_query", title),)
        if media_class is None:
            yield Interpretation(intent=PLAY, slots=plain)
            if situation.has_screen is False:
                yield Interpretation(intent=PLAY, slots=(*plain, ("media_class", "track")))
        else:
            yield Interpretation(intent=PLAY, slots=(*plain, ("media_class", media_class)))


def read_anything(words: str, situation: Situation, around: Scene) -> Iterator[Interpretation]:
    """Read "play something" as what this person has played at such hours."""
    if _ANYTHING.fullmatch(words) is None or not around.usual:
        return
    rated: dict[Interpretation, float] = {}
    for habit, one in zip(situation.habits[-len(around.usual) :], around.usual, strict=True):
        reading = habit.interpretation
        if reading is not None and reading.intent == PLAY and reading.slots:
            bare = Interpretation(intent=PLAY, slots=reading.slots)
            rated[bare] = rated.get(bare, 0.0) + one.near
    best = sorted(rated.items(), key=lambda each: -each[1])[:_MOST]
    yield from (reading for reading, near in best if near >= _USUAL)


def _titles(last: Exchange, *, of_people: bool) -> list[str]:
    """Return titles and names of a turn, those of works first, and of people only where they may be meant."""
    slots = last.interpretation.slots if last.interpretation is not None else ()
    found = [value for slot, value in slots if slot in _SLOTS and (of_people or slot != "artist")]
    asked, answered = f"so {last.request}", f"so {last.response or ''}"
    names = [
        (name, name.endswith("'s") or _MAKER.search(text[: match.start()]) is not None)
        for text in (asked, answered)
        for match in _NAME.finditer(text)
        if (name := _without_opener(match[0]))
    ]
    if _ASKS_WHO.match(last.request.lower()) and not of_people:
        said = {match[0] for match in _NAME.finditer(asked)}
        names = [each for each in names if each[0] in said] or names  # the answer is a person
    works = [name for name, made in names if of_people or not made]
    answers = [name for name in works if name not in asked]
    if _LOOKS_FOR.match(last.request.lower()) and answers and not of_people:
        return list(dict.fromkeys(answers))  # what was found, and not what was asked
    return list(dict.fromkeys([*found, *(works or [name for name, _ in names])]))


def _without_opener(name: str) -> str:
    """Return a name without the word that begins its sentence: "Try Pastel Blues" names Pastel Blues."""
    words = name.split()
    while words and words[0].lower() in _OPENERS:
        words = words[1:]
    return "" if [word.lower() for word in words] in (["the"], ["a"], ["an"]) else " ".join(words)


def _class_said(last: Exchange) -> str | None:
    """Return the kind of thing that a turn says a title is."""
    words = f"{last.request} {last.response or ''}".lower().replace("?", " ").replace(".", " ").split()
    return next((_CLASSES[word] for word in words if word in _CLASSES), None)
