"""Parse preferences of types with values of their own: diet, units, times, services, names, languages, styles.

Every function takes a normalised clause about the person or the household.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from uptake.teaching.preferences.artifact import Preference, PreferenceType
from uptake.teaching.preferences.lexicon import DIET_ENDS, DIETS, UNITS
from uptake.teaching.preferences.living import Found, living
from uptake.teaching.preferences.manner import styles
from uptake.teaching.preferences.services import services
from uptake.teaching.preferences.times import CLOCK, evening, month_day, morning
from uptake.text.patterns import regex

__all__ = ["matters"]

_I = r"(?:i|i'm|i am|i've|i have|we|we're|we are|we've|we have|i do|we do|my|our|you can|you may|please)"
_NAME = regex(
    r"\b(?:(?:you can |you may |please |just |do |everyone |everybody |people |friends |(?:my )?(?:friends|parents) )"
    r"*(?:call(?:s)? me|address me as|refer to me as|named me)|(?:i|i'd) prefer to be called|i(?:'d| would) like to "
    r"be called|my (?:nick)?name is|my (?:nick)?name's|i'm called|i am called|i go by(?: the name)?|the name's|the "
    r"name is|i'm known as|name's)\s+(?P<v>[^,]+)$"
)
_NO_NAME = regex(
    r"^.*\bme\b|^(?:back|later|at|when|if|a|an|the|in|on|by|tomorrow|tonight|crazy|before|after|again|up|whatever|"
    r"out|from|for|old|stupid|names?|maybe|sometime|it|and|to|with|now|today|this|every|once|around|soon|as|here)\b"
)
_GREETING = regex(
    r"(?:hi|hello|hiya|good (?:morning|evening|afternoon))(?: there| everyone| computer)? (?:i'm|i am|this is) "
    r"(?P<v>[a-z]{2,})"
)
_STATE = regex(
    r"\w+(?:ing|ed|ful|less|ish)|home|here|sick|ill|hot|cold|warm|late|early|ready|busy|sad|happy|hungry|thirsty|"
    r"sleepy|lost|sorry|awake|asleep|alone|fine|okay|ok|good|great|well|drunk|done|off|new|not|so|just|your|dad|mum|"
    r"mom|vegan|vegetarian|allergic"
)
"""How somebody is rather than what they are called: "hi, I'm home"."""
_BIRTHDAY = regex(r"\b(?:turn \d+ on|birthday|born|bday)\b")
_TOLD_TIME = regex(
    rf"\b(?:at|by|about|around|before|until|till|is|from) (?:a )?{CLOCK}|\d[: ]\d\d|o'clock|\d ?[ap]m"
    r"|midnight|noon|past|\d (?:is|was|means)\b"
)
"""What makes a time of a number."""
_BED = regex(
    r"\b(?:bed ?time|(?:go|going|head|get|am|i'm|are|is|we're|be) (?:to |in |into |off to )?bed|go to sleep|i sleep|"
    r"fall asleep|in bed (?=by|at|before|around|from)|turn in|hit the (?:sack|hay)|lights out|asleep by|crash|tucked "
    r"(?:up|in)|asleep|in my pyjamas)\b"
)
_WAKE = regex(
    r"\b(?:(?:get|gets|wake|waking|rise|am|i'm|are|we're|getting|be|always|usually)"
    r" up(?! since\b)|wake(?:[- ]up)? time|up and "
    r"(?:about|at it|out|dressed)|wake (?:up|at|around|by|about)|woken (?:up )?at|start my day|early bird"
    r"|(?<!pick me )(?<!picking me )up at|"
    r"(?:get|i'm|am|we're) out of bed|up with the (?:lark|larks|sun|birds)|rise at|awake at|awake by|my alarm(?: "
    r"clock)? (?:always |usually |normally )"
    r"?(?:is|goes(?: off)?|rings|sounds))\b"
)
_QUIET = regex(
    r"\b(?:no (?:announcements?|notifications?|noise|alerts?|talking|sounds?|chatter|messages|music|speaking|"
    r"interruptions|reminders)|quiet (?:hours|time|times)|(?:don't|do not) want (?:any )?(?:notifications?|"
    r"announcements?|alerts?|noise|messages|reminders|interruptions)|(?:don't|do not) (?:disturb|bother|wake|speak|"
    r"talk|announce|ring|make)|(?:keep|be|stay) (?:it )?(?:quiet|silent)|silence|silent|quiet|hush|not a (?:sound|"
    r"word|peep)|never (?:disturb|announce|speak)|(?:nobody|no one) wants to (?:hear (?:from )?you|be (?:disturbed|"
    r"bothered)))\b"
)
_PRONOUNS = ("them", "it", "that", "this")
_WORDS = 3  # most words of an allergen
_REFUSED = regex(r"\b(?:don't|do not|no longer|not|stopped)\b")
_SPAN = regex(rf"(?P<a>{CLOCK})(?: (?:until|till|to|and|through|through to|up to|til|before)| -|-) (?P<b>{CLOCK})")


def matters(words: str, *, household: bool, ended: bool) -> Iterator[Preference]:
    """Yield the preferences of a clause, but for tastes."""
    scope: Literal["person", "household"] = "household" if household else "person"

    def one(kind: PreferenceType, value: str, *, holds: bool = True, about: str | None = None) -> Preference:
        return Preference(type=kind, value=value, about=about, scope=scope, polarity=1 if holds else -1)

    for kind, value, holds, about in _found(words, ended):
        made = one(kind, value, holds=holds, about=about)
        if kind == "quiet_hours" and not re.search(r"\b(?:i|me|my|i'm)\b", words):
            made = Preference(type=kind, value=value, scope="household")
        if kind == "default_service" and re.match(r"(?:cancelled|canceled)", words):
            made = Preference(type=kind, value=value, about=about, scope=scope, polarity=-1)
        yield made


def _found(words: str, ended: bool) -> Iterator[Found]:
    yield from _name(words, ended)
    yield from _days(words)
    yield from _hours(words, ended)
    yield from _food(words, ended)
    yield from _units(words, ended)
    named = _NAME.search(words) is not None  # "I go by Max"
    for value, about, holds in () if named else services(words, ended=ended):
        yield "default_service", value, holds, about
    yield from living(words, ended=ended)
    for style in styles(words):
        yield "answer_style", style, True, None


def _name(words: str, ended: bool) -> Iterator[Found]:
    hello = _GREETING.fullmatch(words)
    if hello is not None and not _NO_NAME.match(hello["v"]) and not _STATE.fullmatch(hello["v"]):
        yield "name", hello["v"], True, None
        return
    match = _NAME.search(words)
    if match is None:
        return
    value = re.sub(
        (
            r" (?:please|from now on|now|instead|any ?more|okay|thanks|not .*|will you|by the way|and not .*|"
            r"everyone does|(?:so )?you (?:do|can|may|should|might|could|too)\b.*|so (?:can|should|may) you.*)$"
        ),
        "",
        match["v"],
    ).strip()
    value = re.sub(r"^(?:just|simply|as) ", "", value)
    if value and not _NO_NAME.match(value) and len(value.split()) <= 3:
        refused = bool(re.search(r"\b(?:don't|do not|never|stop|not)\b", words[: match.start("v")])) or ended
        yield "name", value, not refused, None


def _days(words: str) -> Iterator[Found]:
    day = month_day(words) if _BIRTHDAY.search(words) else None
    if day is not None and re.search(r"\b(?:my|mine|i|i'm|i was|it's)\b", words):
        yield "birthday", day, True, None


def _hours(words: str, ended: bool) -> Iterator[Found]:
    span = _SPAN.search(words)
    if _QUIET.search(words):
        said = [match[0] for match in re.finditer(CLOCK, words)]
        first, last = (span["a"], span["b"]) if span is not None else said if len(said) == 2 else ("", "")
        if first:
            start, end = _between(first, _of_the_day(last, words))
            if start and end:
                yield "quiet_hours", f"{start}-{end}", True, None
        return
    times = re.findall(rf"\b{CLOCK}\b(?! ?(?:degrees|percent)\b)", words)
    if not times or (span is not None and not (_BED.search(words) or _WAKE.search(words))):
        return
    if not re.match(r"(?:.*\b)?(?:i|i'm|my|we|our|we're|mine|bedtime|up|it's)\b", words) and not _BED.search(words):
        return
    bed, wake = _BED.search(words), _WAKE.search(words)
    for found, read, kind in ((bed, evening, "bedtime"), (wake, morning, "wake_time")):
        if found is None:
            continue
        rest = words[found.start() :]
        clock = re.search(
            (
                r"(?:at|by|around|about|is|to|past|it's|before|now|at about|from|roughly|usually|for|of) "
                rf"(?:a )?(?P<t>(?:about |around |roughly )?{CLOCK})\b"
                r"(?! (?:points|goals|runs|games|minutes|hours|percent|degrees|pounds)\b)"
            ),
            rest,
        ) or re.search(rf"(?P<t>{CLOCK})(?! (?:points|goals|runs|games|pounds|percent|degrees)\b)", rest)
        if clock is None and not _TOLD_TIME.search(words):
            continue  # "down to 18 please, we're off to bed"
        value = read(clock["t"]) if clock is not None else read(times[-1])
        late = clock is not None and re.search(r"\b(?:until|till|before)\b", rest[: clock.start("t")]) is not None
        refused = ended or (bool(_REFUSED.search(words[: found.start()])) and not late)  # "not in bed until one"
        if value is not None:
            yield kind, value, not refused, None  # type: ignore[misc]


def _of_the_day(clock: str, words: str) -> str:
    """Return a time with the part of the day that is said behind it: "from one to three every afternoon"."""
    return f"{clock} in the afternoon" if re.search(r"\bafternoons?\b", words) and "afternoon" not in clock else clock


def _between(first: str, last: str) -> tuple[str | None, str | None]:
    """Return the ends of a time of quiet; what the last says of the part of the day holds for both in an afternoon."""
    start, end = evening(first), morning(last)
    same = morning(f"{first} pm")
    if end and start and "11:00" <= start <= "14:00" and end < "08:00" and not re.search(r"am\b|morning", last):
        return start, morning(f"{last} pm")  # "from noon to two"
    if re.search(r"pm\b|afternoon", last) and not re.search(r"am\b|pm\b|morning|noon|midnight", first) and same and end:
        start = same if same < end else start
    return start, end


def _food(words: str, ended: bool) -> Iterator[Found]:
    match = re.search(
        (
            r"\b(?:allergic to|allergy to|allergies to|allergy is(?: to)?|allergies are|react badly to|intolerant to|"
            r"intolerance to|can't have|can't eat|could die from|anaphylactic to)\s+(?P<v>[^,]+)$"
        ),
        words,
    )
    allergy = re.search(
        (
            r"\b(?:have|got|with|has|developed|a|an|my|our) (?:an? |my |our )?(?:bad |severe |serious |mild |"
            r"terrible |nasty )?(?P<v>[a-z]+(?: [a-z]+)?) allerg(?:y|ies)\b"
        ),
        words,
    )
    troubles = _TROUBLES.match(words)
    if troubles is not None:
        yield "allergy", troubles["v"], True, None
        return
    sets_off = _SETS_OFF.match(words)
    if sets_off is not None:
        yield "allergy", sets_off["v"] or sets_off["w"], True, None
        return
    if re.search(r"\ballerg|react badly|anaphyl|intoleran", words) and re.search(
        r"\b(?:i|i'm|i've|my|we|we're|our|us|me)\b", words
    ):
        said = match["v"] if match is not None else allergy["v"] if allergy is not None else None
        if said is not None and not re.search(r"\blactose|gluten\b", said):
            holds = not (ended or re.search(r"\bnot\b|isn't|outgr", words))
            for value in _listed(said):
                yield "allergy", value, holds, None
            return
    for value, pattern in DIET_ENDS.items():
        if re.search(rf"\b(?:{pattern})", words):
            yield "diet", value, False, None
            return
    for value, pattern in DIETS.items():
        found = re.search(rf"\b(?:{pattern})\b", words)
        if (
            found is None
            or _SOMEBODY.search(words[: found.start()])
            or not re.search(rf"\b(?:{_I[3:-1]}|us|me on|me off|for me|household|home|kitchen|house|family)\b", words)
        ):
            continue
        before, itself = words[: found.start()], found[0]
        lasting = re.match(r"stopped|quit|gave|given", itself)
        holds = not re.search(
            r"\b(?:not|no longer|stopped|quit|gave up|given up|isn't|aren't|never (?:been|was)|off|done with)\b", before
        )
        if re.search(r"\b(?:no longer|not any ?more)$", words):
            holds = False
        if re.search(r"\bany ?more\b", words) and re.search(r"\b(?:not|isn't|aren't|don't follow)\b", before):
            holds = False
        if (
            not lasting
            and re.search(r"\b(?:like|love|food|restaurant|recipe|recipes|cook|place|dish)\b", words)
            and not re.search(r"\b(?:i'm|i am|we're|we are|as an?|diet|eat|household|only|strictly)\b", words)
        ):
            continue
        yield "diet", value, holds, None


_SOMEBODY = regex(
    r"\b(?:met|know|knew|saw|dat(?:e|ed|ing)|marr(?:y|ied)|invit(?:e|ed)|cook(?:ed|ing)? for) (?:an?|the|some) "
)
"""Who keeps a diet is somebody else: "I met a vegan"."""
_SETS_OFF = regex(
    r"^(?!the |this |that |it |he |she |they |my )(?:(?P<v>[a-z]+(?: [a-z]+)?) (?:(?:set|sets|start|starts) off|"
    r"(?:trigger|triggers|affect|affects)) (?:my|our) (?:allerg(?:y|ies)|hay fever|asthma)\b|(?P<w>[a-z]+(?: [a-z]+)"
    r"?) (?:(?:could|would|can|will|might|nearly|once) (?:put|land|have|had)(?:ed)? me in (?:the )?(?:hospital|a&e|"
    r"er|emergency)|(?:could|would|can|will|might|nearly) kill(?:ed)?|would be the death of) (?:me|us)\b)"
)
_TROUBLES = regex(
    r"^(?:(?:sorry|careful|and|remember|because) )*(?!the |this |that |it |he |she |they |my )(?P<v>[a-z]+(?: [a-z]+)"
    r"?) (?:make|makes|give|gives|cause|causes|bring|brings) (?:(?:me|us) (?:sneeze|itch|out|hives|a rash|come|swell|"
    r"wheeze|sick)\b|(?:my|our) (?:throat|face|lips|tongue|eyes|skin|nose|mouth|hands) \w+)"
)


def _listed(said: str) -> list[str]:
    said = re.sub(
        (
            r"\b(?:any ?more|now|too|as well|please|though|and it's bad|badly|really badly|it turns out|after all|"
            r"i'm .*|we're .*|because .*|unfortunately|sadly|so .*|like my .*|in (?:any|all) .*|or else.*|they .*|it "
            r".*|them)\b.*$"
        ),
        "",
        said,
    ).strip()
    parts = [
        re.sub(r"^(?:the|any|all|some|both|most|to|a|an|every kind of|all kinds of) ", "", part.strip())
        for part in re.split(r",| and | or ", said)
    ]
    return [
        part for part in parts if part and len(part.split()) <= _WORDS and part not in ("them", "it", "that", "this")
    ]


def _units(words: str, ended: bool) -> Iterator[Found]:
    if re.search(
        r"\d (?:degrees? )?(?:celsius|fahrenheit|km|kms|kilomet|miles|grams|cups|euros|knots)", words
    ) and not re.search(r"\d of\b", words):
        return
    if re.search(
        r"\b(?:convert|how many|how much|what's|what is|translate|add|buy|weigh|cost|costs|paid|price)\b", words
    ):
        return
    wants = re.search(
        (
            r"\b(?:use|using|in|prefer|think in|want|like|need|give me|show me|tell me|switch to|stick to|work in|"
            r"always|please|default|understand|used to|with|only|go with|grew up with|stop|never|don't|we're an?|i'm "
            r"an?|this is an?|no more|no|measure|cook (?:in|with)|bake (?:in|with)|are|are a|set|know|everything|do|"
            r"does)\b"
        ),
        words,
    )
    bare = re.fullmatch(
        (
            r"(?:always |please |only |just )*(?:[a-z0-9-]+(?: [a-z]+)?)(?: please| for me| from now on| always| "
            r"only| thanks| in this house| any day)*"
        ),
        words,
    )
    if wants is None and bare is None:
        return
    for value, pattern in UNITS.items():
        found = re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", words)
        if found is None or (
            value == "cups"
            and not re.search(r"\b(?:cups and|in cups|use cups|cups instead|with cups|cups not|cups are)\b", words)
        ):
            continue
        if (
            value == "imperial"
            and found[0] == "miles"
            and re.search(r"\b(?:miles (?:away|from|per hour|to go)|run|ran|walk|drive)\b", words)
        ):
            continue
        before = words[: found.start()]
        refused = bool(
            re.search(
                r"\b(?:not|don't|do not|can't|cannot|never|stop|no more|no|instead of|rather than|over|hate|never got "
                r"the hang of)"
                r"\b(?: [a-z']+){0,3} ?$",
                before,
            )
        )
        yield "unit", value, not (refused or (ended and "forget" in words)), None
