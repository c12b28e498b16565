"""Classify a request for preferences: it states some, asks for them, asks to be asked, or uses one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.teaching.preferences.reading import read_preferences
from uptake.teaching.preferences.saying import known, noted
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["QUESTIONS", "PreferenceAnswer", "answered", "personal", "said"]

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("name", "What shall I call you?"),
    ("diet", "Do you keep to a diet?"),
    ("is_fan_of", "Is there a team that you follow?"),
    ("default_service", "Where do you listen to music?"),
    ("unit", "Celsius or Fahrenheit?"),
    ("bedtime", "When do you usually go to bed?"),
)
"""(type, question) of the guided round, in its order."""

_GUIDED = regex(
    r"(?:(?:please|can you|could you|i want you to|i'd like you to|let's|you should) )*(?:learn|"
    r"ask(?: me)?(?: about)?|set up|find out|get to know) (?:about )?(?:my|our) (?:preferences|"
    r"tastes|likes)(?: please| now)*"
    r"|(?:ask me (?:some )?questions(?: about me| about myself)?|get to know me(?: better)?)(?: please)?"
)
_ASKED = regex(
    r"what (?:have you (?:learned|learnt|remembered)|do you (?:know|remember)) about (?:me|us|"
    r"my (?:preferences|tastes))|what are my preferences"
    r"|(?:list|show|tell)(?: me)? (?:all )?my preferences|what do you know of me"
)
_NOTHING = "You have not told me anything about yourself yet."
_QUESTION_OF = {
    "name": r"what(?:'s| is) my name|who am i|what do you call me|do you know my name",
    "is_fan_of": (
        r"(?:which|what|who)(?:'s| is| are)? (?:my (?:favou?rite )?)?team(?:s)?(?: do i (?:support|"
        r"follow|like))?|who do i (?:support|root for|cheer for)"
    ),
    "birthday": r"when(?:'s| is) my birthday",
    "bedtime": r"when(?:'s| is) my bed ?time|when do i go to bed",
    "wake_time": r"when do i (?:get|wake) up",
    "diet": r"what(?:'s| is) my diet|am i (?:a )?(?:vegetarian|vegan)",
    "allergy": r"what am i allergic to|what are my allergies",
    "home_city": r"where do i live",
    "likes": r"what do i like",
    "dislikes": r"what do(?:n't i| i not) like",
}
_FORGETS = regex(r"(?:(?:please|can you|could you) )*forget (?:that |about )?(?:i|i'm|we|we're|my|our)\b")
_FORGETS_TYPE = regex(
    r"(?:(?:please|can you|could you) )*forget (?:about )?(?:my|our) (?P<what>bed ?time|birthday|name|diet|team|"
    r"commute|city|allerg(?:y|ies)|wake ?up time|quiet hours|language)(?: please| again)?"
)
_TYPES = {
    "team": "is_fan_of", "city": "home_city", "wake": "wake_time", "wakeup": "wake_time", "quiet": "quiet_hours",
    "bed": "bedtime", "allergies": "allergy",
}  # fmt: skip
_TEAM = regex(r"\bmy (?:favou?rite )?team\b", re.IGNORECASE)
_SOME_MUSIC = regex(
    r"^(?P<front>(?:(?:please|can you|could you|hey) )*(?:play|put on)) (?:me )?(?:some |any )?(?:good "
    r"|nice )?music(?: (?:i|that i|you know i|we) (?:like|love))?(?P<back>(?: (?:in|on) .*)?(?: please)?)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceAnswer:
    """Result of classifying a request for preferences."""

    speech: str
    """What to say."""
    stated: tuple[Preference, ...] = ()
    """What was stated."""
    rest: str | None = None
    """A request that was made along with it."""
    asks: str | None = None
    """Type that is asked about next; None where no round is going on."""


def said(text: str, held: Preferences, user_id: str | None) -> PreferenceAnswer | None:
    """Return what a request has to do with preferences; None where it has nothing to.

    Args:
        text: The request.
        held: What is known.
        user_id: The person; None for a voice nobody knows, who can state nothing.
    """
    words = normalize(text)
    if _GUIDED.fullmatch(words):
        return _first(held, user_id)
    if _ASKED.search(words):
        told = known(held.visible(user_id))
        return PreferenceAnswer(speech=told or _NOTHING)
    for kind, pattern in _QUESTION_OF.items():
        if re.fullmatch(pattern, words):
            return _told(kind, held, user_id)
    if user_id is None:
        return None
    stated = read_preferences(text)
    rows = _gone(words, held, user_id) or stated.preferences
    if _FORGETS.match(words):
        rows = tuple(replace(row, polarity=-1) for row in rows)
    return PreferenceAnswer(speech=noted(rows), stated=rows, rest=stated.rest) if rows else None


def _gone(words: str, held: Preferences, user_id: str) -> tuple[Preference, ...]:
    """Return what a person stated of the type that they want forgotten: "forget my bedtime"."""
    match = _FORGETS_TYPE.fullmatch(words)
    if match is None:
        return ()
    what = match["what"].split()[0]
    return tuple(row for row in held.known if (row.type, row.user_id) == (_TYPES.get(what, what), user_id))


def _first(held: Preferences, user_id: str | None) -> PreferenceAnswer:
    if user_id is None:
        return PreferenceAnswer(speech="I only learn from people whose voice I know.")
    unknown = _unasked(held, user_id, ())
    if unknown is None:
        return PreferenceAnswer(speech="I know what I would ask. Tell me whenever something changes.")
    return PreferenceAnswer(speech=unknown[1], asks=unknown[0])


def _unasked(held: Preferences, user_id: str, passed: Sequence[str]) -> tuple[str, str] | None:
    return next((one for one in QUESTIONS if one[0] not in passed and not held.of(user_id, one[0])), None)


def _told(kind: str, held: Preferences, user_id: str | None) -> PreferenceAnswer | None:
    rows = [row for row in held.visible(user_id) if row.type == kind]
    return PreferenceAnswer(speech=known(rows)) if rows else None


_FRAMES = {
    "name": "call me {}", "diet": "I'm {}", "is_fan_of": "I'm a fan of {}", "default_service": "use {} for music",
    "unit": "use {}", "bedtime": "my bedtime is {}",
}  # fmt: skip
_PASS = regex(
    r"(?:(?:no|none|nope|nothing|not really|skip|next|pass|i don't know|i don't|nobody|never|no i don't|"
    r"i'd rather not say|not important|i don't care|neither|no diet)(?: (?:thanks|please|one|1|"
    r"it|this|that))*)"
)
_STOP = regex(
    r"(?:stop|cancel|enough|that's enough|quit|never ?mind|forget it|that's all|no more questions|"
    r"later|not now)(?: .{0,12})?"
)


def answered(text: str, asked: Sequence[str], held: Preferences, user_id: str) -> PreferenceAnswer | None:
    """Return what an answer in the guided round comes to; None where it changes the subject.

    Args:
        text: The answer.
        asked: Types that were asked about, the last one last.
        held: What is known.
        user_id: The person.
    """
    words = normalize(text)
    if _STOP.fullmatch(words):
        return PreferenceAnswer(speech="All right.")
    stated = read_preferences(text).preferences
    if not stated and len(words.split()) <= 4 and not _PASS.fullmatch(words):
        value = re.sub(r"^(?:yes |it's |the |at |on |i use |use |around )+", "", words)
        stated = read_preferences(_FRAMES[asked[-1]].format(value)).preferences
    if not stated and not _PASS.fullmatch(words):
        return None
    after = Preferences.fold([*held.known, *stated])
    following = _unasked(after, user_id, asked)
    speech = " ".join(filter(None, (noted(stated), following[1] if following else "Thank you, that is all.")))
    return PreferenceAnswer(speech=speech, stated=stated, asks=following[0] if following else None)


def personal(text: str, held: Preferences, user_id: str | None) -> str | None:
    """Return a request with the person's own taste in it; None where it says nothing of that.

    >>> fan = Preferences((Preference(type="is_fan_of", value="warriors", user_id="ann"),))
    >>> personal("did my team win?", fan, "ann")
    'did the warriors win?'
    """
    teams = held.of(user_id, "is_fan_of")
    if teams and _TEAM.search(text):
        return _TEAM.sub(f"the {teams[0].removeprefix('the ')}", text)
    music = _SOME_MUSIC.match(normalize(text))
    tastes = [value for value in (*held.of(user_id, "likes"), *teams) if value in _MUSIC] if music else []
    return f"{music['front']} {tastes[0]}{music['back']}" if music is not None and tastes else None


_MUSIC = frozenset(
    "jazz blues rock pop classical techno house soul funk reggae metal punk indie folk country disco "
    "opera rap ambient salsa "
    "swing electronic gospel grunge ska samba flamenco bossa nova hip hop r&b lo-fi lofi trance".split()
) | {"hip hop", "bossa nova", "classical music", "rock and roll", "drum and bass", "heavy metal"}
