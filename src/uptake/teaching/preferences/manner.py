"""Parse preferences for answers: briefly, in detail, slowly, seriously."""

from __future__ import annotations

import re
from collections.abc import Iterator

from uptake.teaching.preferences.lexicon import STYLES
from uptake.text.patterns import regex

__all__ = ["styles"]

_ADDRESSED = regex(
    r"\b(?:answers?|answer me|explain|explanations?|explaining|talk|speak|speaking|replies|reply|responses?|respond|"
    r"keep it|be|tell (?:me )?(?:things|it)|instructions|you may|you can|with me|to me|tone|recipes?|directions|when "
    r"you|i like|i want|i prefer|i need|give me|walk me|guide me|don't|stop|no|cut|skip|drop|lose|ditch|spare|less|"
    r"style|version|please|make it|chatty|joke|i'm|ramble|jokes|things|more)\b"
)


_NO_WAFFLE = re.compile(r"\b(?:don't|do not|stop|no) (?:ramble|rambling|waffle|waffling|babble|babbling)\b")


def styles(words: str) -> Iterator[str]:
    """Yield the styles of answer that a normalised clause asks for."""
    if not _ADDRESSED.search(words) or re.search(
        (
            r"\b(?:film|movie|song|book|music|video|story|drink|food|walk(?! me)|shower|play|read me|short (?:hair|"
            r"man|walks?)|tell me a|long (?:walks|hair|books|day|weekend|showers)|slow (?:food|songs?|music|cook)|"
            r"slow down|how long|once (?:more|again)|funny (?:films?|movies?|videos?|people))\b"
        ),
        words,
    ):
        return
    found: list[str] = []
    for value in ("serious", "step by step", "brief", "detailed", "slow", "humorous"):
        match = re.search(rf"(?<![\w-])(?:{STYLES[value]})(?![\w-])", words)
        if match is None or (value == "humorous" and "serious" in found):
            continue
        before = words[: match.start()]
        if value != "serious" and re.search(
            r"\b(?:not|don't|do not|no|never|stop|less|without|too|isn't|aren't|hate|so)\b[^,]*$", before
        ):
            if value == "brief" and _NO_WAFFLE.search(before):
                found.append(value)
                continue
            opposite = {"brief": "detailed", "detailed": "brief", "humorous": "serious"}.get(value)
            if opposite is not None and not re.search(r"\bnot\b$", before.strip()):
                found.append(opposite)
            continue
        if value in ("brief", "detailed", "slow", "humorous") and not re.search(
            (
                r"\b(?:answers?|explanations?|explain|talk|speak|repl\w+|respon\w+|keep it|keep things|be|with me|to "
                r"me|recipes?|directions|instructions|tell|tone|more|explaining|version|i like jokes|when you|always|"
                r"may|can|prefer|want)\b"
            ),
            words,
        ):
            continue
        found.append(value)
    if re.search(
        (
            r"\b(?:don't|do not|stop) (?:ramble|rambling|go on and on|waffle|waffling|babble|babbling|talk so much|"
            r"talking so much|be so chatty|being so chatty|over ?explain|overexplaining)\b|\byou talk too much\b|\b"
            r"too long ?winded\b"
        ),
        words,
    ):
        found.append("brief")
    for value in dict.fromkeys(found):
        yield value
