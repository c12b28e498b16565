"""Parse preferences of daily life: way to work, languages, city, preferred temperature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from uptake.teaching.preferences.artifact import PreferenceType
from uptake.teaching.preferences.lexicon import COMMUTES, LANGUAGES
from uptake.text.patterns import regex

__all__ = ["Found", "living"]

Found = tuple[PreferenceType, str, bool, str | None]
"""(type, value, whether it holds, what it is about)."""

_WARMTH = regex(
    r"\b(?:like|love|prefer|want|need|keep|perfect|ideal|comfort|comfortable|sweet spot|favou?rite|best|set|happy|"
    r"enough|plenty|suits?|comfy|"
    r"usual|right|feels?)\b"
)
_DEGREES = regex(
    r"(?P<n>\d{2}(?:\.\d)?)(?P<half> and a half)?(?: (?:degrees?|celsius|fahrenheit|c|f|°))*(?P<u> ?(?:fahrenheit|"
    r"f)\b)?"
)
_LIMITS = regex(r"\b(?:above|below|over|under|than|beyond) \d+")
_ROOM = regex(
    r"\b(?:degrees?|temperature|warm|room|house|home|flat|bedroom|living|heating|thermostat|celsius|fahrenheit|kept|"
    r"keep it|like it|it at)\b"
)
_OF_OTHERS = regex(
    r"^(?:my|our|the) (?!commute|way|route|journey|trip|ride|usual|daily|preferred|bike|bicycle|car|train|bus|office|"
    r"work|job)"
    r"[a-z]+(?!.*\b(?:i|i'm|i've|we|we're|we've)\b)"
)
"""How somebody else gets to work: "my colleagues all cycle"."""
_NEGATED = regex(r"\b(?:not|don't|do not|never|no longer|isn't|aren't|stop|no more|without|didn't|won't)\b")


def living(words: str, *, ended: bool) -> Iterator[Found]:
    """Yield how somebody gets to work, which languages they speak, where they live, and how warm they like it.

    Args:
        words: A normalised clause.
        ended: Whether it says that something holds no more.
    """
    yield from () if _OF_OTHERS.match(words) and "commut" not in words else _ways(words, ended)
    yield from _places(words, ended)


def _ways(words: str, ended: bool) -> Iterator[Found]:
    """Yield how somebody gets to work, and the languages they speak."""
    if re.search(
        (
            r"\b(?:work from home|work at home|home office|don't commute|do not commute|no commute|retired|no longer "
            r"commute|working from home|(?:work|working) remotely|don't go to work(?! (?:by|on|in|with)\b)|stopped "
            r"commuting)\b"
        ),
        words,
    ) and re.search(r"\b(?:i|i'm|we|my|i've)\b", words):
        yield "commute", "any", False, None
        return
    if re.search(
        (
            r"\b(?:work|office|commut\w*|school|campus|uni|university|job|college|the factory|the shop|the clinic|"
            r"the hospital)\b"
        ),
        words,
    ) and re.search(r"\b(?:i|i'm|my|me|us|we|i've|we're|mine)\b", words):
        ways: list[Found] = []
        for value, pattern in COMMUTES.items():
            found = re.search(rf"\b(?:{pattern})\b", words)
            if (
                found is not None
                and re.search(r"\b(?:to|by|commut\w*|take|catch|on|ride|with|is|in|for|switched)\b", words)
                and not re.search(r"\b(?:work out|homework|work on (?!foot|my|our|the|an?)\w|car works|fix)\b", words)
            ):
                near = words[: found.start()].rpartition(" and ")[2]
                refused = re.search(r"\b(?:not|don't|do not|no longer|stopped|quit|sold|gave up|never)\b", near)
                ways.append(("commute", value, not refused, None))
        yield from sorted(ways, key=lambda way: not way[2])[:1]  # "I sold the car and take the train"
    speaks = re.search(
        (
            r"\b(?:speak|speaks|spoke|talk|talked|talking|answering|replying|answered|addressed|replied|answer|reply|"
            r"respond|language|tongue|say it|say things|switch|chat|converse|practi[sc]e|use|prefer|want|like|keep|"
            r"address|speaking|no more|enough)\b"
        ),
        words,
    )
    spoken = re.findall(rf"\b({LANGUAGES})\b", words)
    if (
        speaks is not None
        and spoken
        and not re.search(
            (
                rf"\b(?:translate|how do you|learn(?:ing)? (?:some )?(?:{LANGUAGES})|movies?|films?|music|food|song|"
                r"restaurant|class|course|lessons?|news|teacher|wine|cuisine|radio|sauce|exam|homework|dishes|coffee|"
                r"toast|breakfast|beer|bread|cheese)\b"
            ),
            words,
        )
    ) and re.search(
        (
            rf"\b(?:to me|with me|with us|to us|in (?:{LANGUAGES})|we speak|i speak|at home|language|tongue|speak|"
            rf"talk|the kids|prefer (?:{LANGUAGES})$|my (?:{LANGUAGES})|(?:{LANGUAGES})[ -]speaking)\b"
        ),
        words,
    ):
        unwanted = bool(
            re.search(
                r"\b(?:stop|don't|do not|no longer|no more|not|never|needn't|no need|quit|mustn't|shouldn't|enough)\b",
                words.partition(spoken[0])[0],
            )
        )
        for value in dict.fromkeys(spoken):
            yield "language", value, not (unwanted or ended), None


_LIVES = regex(
    r"\b(?:(?:i|we) (?:now )?(?:live|reside|stay|moved|relocated|settled|am based|are based)(?: now)? (?:here )"
    r"?(?:in|to|near|outside|just outside)|(?:i|we)(?:'ve| have)(?: just| recently)? (?:moved|relocated|settled)(?: "
    r"to| in)|(?:i'm|we're) (?:based|living|moving)(?: in| to)?|(?:my|our) (?:home|house|flat|apartment|home ?town|"
    r"city|home city|place)(?:'s| is)(?: now)?(?: in)?|home is|home for (?:me|us) is|(?:i|we) (?:don't|no longer) "
    r"live in|(?:i|we) don't live in)\s+(?P<v>[^,]+)$"
)


def _places(words: str, ended: bool) -> Iterator[Found]:
    match = _LIVES.search(words)
    if match is not None:
        value = re.sub(
            (
                r" (?:now|any ?more|these days|since .*|at the moment|with .*|for .*|and .*|if .*|so .*|not .*|"
                r"actually|currently|by the way|last .*|in the .*|because .*|as of .*|again)$"
            ),
            "",
            match["v"],
        ).strip()
        value = re.sub(r"^(?:in|the city of|central|downtown|sunny|lovely|beautiful|rainy|good old) ", "", value)
        if (
            value
            and len(value.split()) <= 3
            and not re.match(
                r"(?:a|an|the|my|our|at|on|here|there|with|alone|number|called|open|locked|empty|cold|warm|clean|"
                r"dirty|big|small|too|\d)\b",
                value,
            )
        ):
            refused = bool(re.search(r"\b(?:don't|no longer|not)\b", words)) or ended
            yield "home_city", value, not refused, None
    warm = _DEGREES.search(_LIMITS.sub("", words))
    if (
        warm is not None
        and _WARMTH.search(words)
        and _ROOM.search(words)
        and re.search(r"\b(?:i|i'm|we|my|our|for me|for us|it's|keep|me|us)\b", words)
    ):
        degrees = float(warm["n"]) + (0.5 if warm["half"] else 0.0)
        if warm["u"] or "fahrenheit" in words or degrees > 45:
            degrees = round((degrees - 32) * 5 / 9)
        if 10 <= degrees <= 32 and not re.search(
            r"\b(?:\d+ ?(?:am|pm)|o'clock|oven|bake|water|wash|fridge|outside|fever|quiet|silent|hush|percent|years?|"
            r"minutes?)\b",
            words,
        ):
            yield "room_temperature", f"{degrees:g}", not _NEGATED.search(words), None
