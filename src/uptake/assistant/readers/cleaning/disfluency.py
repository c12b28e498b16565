"""Find the request in what was said: no hesitation, the last version of a correction, no preamble and no reason.

"the kitchen, no sorry, the first floor lights off" is "the first floor lights off", and "it's stuffy in here, get the
fan going" is "get the fan going". A condition is never dropped, and neither is a report of what somebody said. What is
said to somebody else, wished for, forbidden or told of the past is found as well: none of it is a request to act on.

Source: reparandum, editing phrase and repair as in Shriberg, "Preliminaries to a Theory of Speech Disfluencies" (1994);
the repair replaces the last words of its own class.
Limit: English; a repair is found by its editing phrase ("sorry", "I mean"), not by its melody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from uptake.assistant.readers.cleaning.preambles import asked_at_last, names_thing, with_antecedent
from uptake.assistant.readers.courtesy import HESITATIONS, VERBS, is_courtesy_alone, stripped
from uptake.assistant.readers.cues import excepts, tells, wonders
from uptake.assistant.readers.masking import named_at
from uptake.assistant.readers.vocabulary import KINDS, Vocabulary
from uptake.text.lexicon import STOP_WORDS
from uptake.text.patterns import regex
from uptake.text.tokens import may_say, repeats, words

__all__ = ["Plain", "is_no_request", "plainly"]

_SOUND = regex(rf"(?:,\s*)?\b(?:{'|'.join(sorted(HESITATIONS, key=len, reverse=True))})\b(?:\s*,)?", re.IGNORECASE)
_ASIDE = regex(
    r",?\s*\b(?:what's (?:it|that|its name) called|what do you call it|whatever it's called|(?<!\bdo )you know"
    r"|how do you say|let me think"
    r"|let me see|let's see|sort of|kind of|like,)(?:\s*,|(?=\s))|(?<=, )like(?=,)|(?<=\byou )like (?=[a-z]+ the\b)",
    re.IGNORECASE,
)
_ASIDES = frozenset("called call know say think see sort kind like".split())
"""Words of which every aside has one."""
_TITLED = regex(
    r"\b(?:play|put on|hear|listen to|album|song|track|movie|film|book|podcast|called|named|add|remind|note"
    r"|what|which|some|any|this|that|a|the)$|\b(?:play|album|song|track|movie|film|called)\b",
    re.IGNORECASE,
)
"""What comes before titles, and before "kind of" where it means a kind."""
_AGAIN = regex(
    r"\b(the|a|an|to|my|i|please|can you|could you|turn|set|is|of|for|and|what|what's|so|add)((?:[\s,]+\1\b)+)", re.I
)
_EDITING = regex(
    r"(?<![\s,;.-])[\s,;.-]+(?:(?:oh|ah)[\s,]+)?(?:"
    r"(?:no|nope|nah|wait|sorry|oops|whoops|hang on|hold on|actually)(?:[\s,]+(?:no|wait|sorry|actually|hang on"
    r"|hold on))*"
    r"[\s,]+(?:i (?:mean|meant)(?: to say)?|not (?:that|this)(?: one)?|make (?:that|it)|rather|scratch that)"
    r"|(?:no|nope|nah)[\s,]+(?:no|wait|sorry|actually|hang on|hold on)(?:[\s,]+(?:no|wait|sorry|actually))*"
    r"|(?:wait|sorry|oops|whoops|hang on|hold on|actually)[\s,]+no(?:[\s,]+(?:wait|sorry|actually))*"
    r"|i (?:mean|meant)(?: to say)?|scratch that|strike that|correction|or rather|make that|on second thoughts?"
    r"|(?<=,)\s*(?:no|sorry|wait|rather|actually|oops)(?=\s*,)"
    r")\b[\s,;:.-]*",
    re.IGNORECASE,
)
_MENDING = frozenset(
    "no nope nah wait sorry oops whoops hang hold actually mean meant scratch strike correction rather make thought "
    "thoughts".split()
)
"""Words of which every editing phrase has one."""
_AND = regex(r"\band$", re.IGNORECASE)
_ARTICLES = frozenset("the a an my our your this that".split())
_PLACING = frozenset("in on at to for of from by".split())
_WAYS = frozenset("on off up down open close shut closed lock unlock more less brighter darker louder quieter".split())
_NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred half quarter noon midnight".split()
)
_POINTING = frozenset("it them that one this those these some".split())
_ASKED_BY = frozenset("what what's how how's can could would will may".split())
_LEAD_INS = frozenset({"remind me", "tell me", "let me know", "quick question", "just wondering"})
_MOST_REPAIRS = 3
_FEW = 6
_LONGEST = 400  # characters; nobody corrects himself in a longer request than this and is understood

_COMMA = regex(r"\s*[,;.!?:]+\s+|\s+-+\s+")
_BEGINS = regex(
    r"\s+(?=(?:so |and |then )?(?:please |just )?(?:can|could|would|will) you(?: please)?\b"
    r"|(?:so )(?:please |just |let's )?(?:turn|switch|set|put|make|open|close|shut|lock|start|stop|dim|play"
    r"|pause|add|get|tell)\b"
    r"|please (?:turn|switch|set|put|make|open|close|shut|lock|start|stop|dim|play|pause|add|get|tell)\b"
    r"|(?:why don't|you can|you should|let's)\b)",
    re.IGNORECASE,
)
_BECAUSE = regex(
    r"\s+(?:because|cos|cause|'cause|since|as|so that|so)\s+(?:i|we|it|the|he|she|they|my|there|it's|i'm|we're)\b.*$",
    re.I,
)
_REASONS = frozenset("because cos cause since as".split())
_CONDITIONS = frozenset(
    "if when whenever unless until till once after before while every each in at on by as tonight tomorrow".split()
)
_REPORTING = regex(
    r"\b(?:said|says|saying|told|tells|asked|asks|asking|yelled|shouted|screamed|wrote|reminded|wants|wanted"
    r"|thinks|thought|unquote)\b|\b(?:he|she|they|(?:my|our) [a-z]+) (?:goes|(?:was|were|is|are) like)\b",
    re.IGNORECASE,
)
_REPORTS = frozenset(
    "said says saying told tells asked asks asking yelled shouted screamed wrote reminded wants wanted thinks thought "
    "unquote he she they my our".split()
)
"""Words of which every report has one."""
_KIN = frozenset(
    "mum mom mummy mommy dad daddy honey darling sweetheart sweetie babe baby kids guys boys girls grandma grandpa "
    "granny son "
    "dear love sir madam ma'am everyone everybody children".split()
)
_CALLED = frozenset(
    "alexa siri google olly assistant computer jarvis nabu house home uptake cortana mycroft jarvis".split()
)
_ASKED = frozenset({("can", "you"), ("could", "you"), ("would", "you"), ("will", "you")})
_NO_REQUEST = regex(
    r"^(?:and |but |so |well |yeah |no )?(?:"
    r"what (?:would|will|if|happens|happened|should)\b|suppose\b|supposing\b|imagine\b|if i (?:had|were|was"
    r"|could|ever)\b"
    r"|(?:it )?would(?:n't)?(?: it)? be (?:nice|good|great|lovely|cool|better)\b|i wish\b|remember (?:when|that"
    r"|how|the)\b|do you remember\b"
    r"|how (?:do|does|did|come|often|would|should) (?:i|you|we|one|people|it|that|they|a)\b|how to\b"
    r"|how much (?:does|do|is a|did)\b"
    r"|when (?:i|we|he|she|they) (?:was|were|had|lived|did|got|came)\b|why\b|who (?:invented|made|wrote|built"
    r"|discovered)\b"
    r"|have you (?:ever|seen|heard)\b|should (?:i|we|one)\b|did (?:you|he|she|they) (?:see|hear|know|watch|like"
    r"|read|ever)\b"
    r"|i (?:love|hate|like|hope|believe|remember|forgot|never|always|used|once|just|had|was|could|would have"
    r"|saw|heard|bought|read)\b"
    r"|it(?:'s| is) [\w ]+'s turn\b"
    r"|i (?:think|know|feel|guess) (?:the|that|my|our|this|it)\b|there (?:is|was|are|were) (?:a|an|no|some)\b"
    r"|(?:he|she|they|you|someone|somebody|nobody|everyone|people|my [a-z]+|our [a-z]+) (?:never|always|often"
    r"|should|really|just|had|has"
    r"|said|told|asked|wants|did|didn't|doesn't|thinks|thought|left|set|put|let|made|got|went|came|forgot"
    r"|could have|would)\b"
    r"|(?:i|we|he|she|they|you|my [a-z]+|somebody|someone) (?:already |just |have |had |has )?(?!need|feed"
    r"|speed|embed)[a-z]+ed\b"
    r"|(?:someone|somebody) should\b|(?:we|i|you) should(?: really)? (?:have|buy|get a|get some|paint|fix"
    r"|repair|think|talk)\b"
    r"|(?:do not|don't|dont|never|no don't)\b|let's (?:not|paint|talk|go|buy)\b|is it (?:safe|ok|okay|good|bad"
    r"|worth|true|normal)\b"
    r")",
    re.IGNORECASE,
)
_FORBIDDING = frozenset("never don dont do mustn must shouldn".split())
_ORDERED = regex(r"\b(?:never|don't|dont|do not|mustn't|must not|shouldn't)\b (?:ever )?[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Request as it would be said at once and without ado."""

    text: str
    """The words of the request."""
    repaired: bool = False
    """Whether the person corrected himself, and the last version is taken."""
    dropped: bool = False
    """Whether a preamble or a reason was left out."""
    elsewhere: bool = False
    """Whether it is said to somebody else."""


def plainly(text: str, vocabulary: Vocabulary) -> Plain:
    """Find the request in what was said; the text itself where there is nothing to take away.

    >>> plainly("um set it to forty, no wait, sixty percent please", Vocabulary([])).text
    'set it to sixty percent'
    """
    if len(text) > _LONGEST:
        return Plain(text=text)
    said = f" {text} "
    said = _SOUND.sub(" ", said) if may_say(text, HESITATIONS) else said
    said = _ASIDE.sub(_unless_titled, said) if may_say(text, _ASIDES) else said
    said = " ".join(said.split()).strip(" ,")
    said = (_AGAIN.sub(r"\1", said) if repeats(text) else said) or text
    fixed = said
    for _ in range(_MOST_REPAIRS):
        mended = _mended(fixed, vocabulary)
        if mended is None:
            break
        fixed = mended
    request, dropped, elsewhere = _request(fixed, vocabulary)
    return Plain(text=stripped(request) or text, repaired=fixed != said, dropped=dropped, elsewhere=elsewhere)


@lru_cache(maxsize=2_048)
def is_no_request(text: str) -> bool:
    """Tell whether a text wishes, wonders, forbids, or tells of what was done or said: nothing is to be switched.

    >>> is_no_request("she told me to turn the lights off"), is_no_request("turn the lights off")
    (True, False)
    """
    plain = text.strip()
    if _NO_REQUEST.match(plain) or (may_say(plain, _FORBIDDING) and _ORDERED.search(plain)):
        return True
    return may_say(plain, _REPORTS) and _REPORTING.search(plain) is not None and not _commands(plain)


def _commands(text: str) -> bool:
    return text.split(" ", 1)[0].casefold() in VERBS


def _unless_titled(aside: re.Match[str]) -> str:
    """Return what stays of an aside: all of it where it may belong to anybody's words ("the album kind of blue")."""
    return aside[0] if _TITLED.search(aside.string[: aside.start()]) and "," not in aside[0] else " "


# Repairs.


def _mended(text: str, vocabulary: Vocabulary) -> str | None:
    """Return a text with its first correction made; None where there is none."""
    mark = _EDITING.search(text) if may_say(text, _MENDING) else None
    if mark is None:
        return None
    before, after = text[: mark.start()].strip(" ,;."), text[mark.end() :].strip(" ,;.")
    if not before or not after or is_courtesy_alone(before) or _AND.search(before):
        return None
    repair = stripped(after)
    if _is_whole(repair):
        return repair
    mine = _classes(stripped(before), vocabulary)
    theirs = _classes(repair, vocabulary)
    if theirs:
        kind, start, end = theirs[0]
        same = next((one for one in reversed(mine) if one[0] == kind), None)
        if same is None and kind in ("place", "device"):
            same = next((one for one in reversed(mine) if one[0] in ("place", "device")), None)
        if same is not None:
            return _replaced(stripped(before), same[1:], repair, (start, end))
    said = [word.text for word in words(stripped(before))]
    first = next(iter(words(repair)), None)
    if first is not None and first.text in said and first.text not in _ARTICLES:
        last = [word for word in words(stripped(before)) if word.text == first.text][-1]
        return f"{stripped(before)[: last.start]}{repair}"
    return repair if len(repair.split()) > 2 else None


def _is_whole(repair: str) -> bool:
    """Tell whether a correction is a request of its own."""
    said = [word.text for word in words(repair)]
    return bool(said) and (
        (said[0] in VERBS and len(said) > 2) or wonders(said) or said[0] in ("never", "nevermind", "don't")
    )


def _classes(text: str, vocabulary: Vocabulary) -> list[tuple[str, int, int]]:
    """Return (class, start, end) of names, numbers and ways in a text, in order."""
    found, at, spoken = [], 0, words(text)
    plain = [word.text for word in spoken]
    while at < len(spoken):
        size, name = named_at(plain, at, vocabulary)
        kind = None
        if name is not None:
            kind = "device" if name.kind == "name" else "place"
        elif _is_number(plain[at]):
            kind, size = "number", 1
            while at + size < len(plain) and _is_number(plain[at + size]):
                size += 1
        elif plain[at] in _WAYS:
            kind, size = "way", 1
        if kind is not None:
            found.append((kind, spoken[at].start, spoken[at + size - 1].end))
        at += max(size, 1) if kind is not None else 1
    return found


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS


def _replaced(before: str, span: tuple[int, int], repair: str, core: tuple[int, int]) -> str:
    """Return a text with the words of a span replaced by a correction, whose own words of that class are its core."""
    lead = [word.text for word in words(repair[: core[0]])]
    rest = [word.text for word in words(repair[core[1] :])]
    head = before[: span[0]]
    while lead and head.split() and head.split()[-1].casefold() in _ARTICLES | _PLACING:
        if not set(lead) & (_ARTICLES | _PLACING):
            break
        if head.split()[-1].casefold() in _PLACING and not set(lead) & _PLACING:
            break
        head = head.rstrip()
        head = head[: len(head) - len(head.split()[-1])]
    tail = before[span[1] :] if not rest or (before[span[1] :].split()[:1] == [] and not rest) else ""
    return " ".join(f"{head} {repair}{tail}".split())


# Preambles, reasons, and to whom it is said.


def _request(text: str, vocabulary: Vocabulary) -> tuple[str, bool, bool]:
    """Return (request, whether anything but courtesy was dropped, whether it is said to somebody else)."""
    parts = [part for part in _COMMA.split(text) if part.strip(" ,.")]
    if is_no_request(stripped(text)) or not parts:
        last = _at_last(text, vocabulary) if parts else None
        return (text, False, False) if last is None else (last, True, False)
    if len(parts) == 1:
        parts = _unpunctuated(text)
    if _is_called(parts, vocabulary):
        return text, False, True
    sorts = [_sort(part, vocabulary) for part in parts]
    asked = [at for at, sort in enumerate(sorts) if sort == "request"]
    others = {sort for sort in sorts if sort != "request"}
    if len(asked) == 1 and others <= {"courtesy", "telling", "reason"}:
        told = ", ".join(part for part, sort in zip(parts, sorts, strict=True) if sort in ("telling", "reason"))
        last = _at_last(parts[asked[0]], vocabulary) if not told else None
        return (last, True, False) if last is not None else (*_alone(text, parts[asked[0]], told, vocabulary), False)
    if not asked and others <= {"courtesy", "fragment"} and sorts.count("fragment") == 1:
        last = _at_last(text, vocabulary) if len(parts) == 1 else None
        return (parts[sorts.index("fragment")], False, False) if last is None else (last, True, False)
    text = parts[0] if set(sorts[1:]) <= {"courtesy"} else text
    last = _at_last(text, vocabulary)
    return (text, False, False) if last is None else (last, True, False)


def _alone(text: str, request: str, told: str, vocabulary: Vocabulary) -> tuple[str, bool]:
    """Return the only request of a text without its reason, and whether anything but courtesy was dropped."""
    bare = _BECAUSE.sub("", request)
    if told and not _POINTING.isdisjoint(word.text for word in words(request)):
        clear = with_antecedent(request, told, vocabulary)
        return (text, False) if clear is None else (clear, True)  # "we are out of milk, put it on the list"
    if told and names_thing(told, vocabulary) and not names_thing(request, vocabulary):
        return text, False  # "the television is too loud, quieter"
    return (bare if len(bare.split()) > 1 else request), bool(told) or bare != request


def _at_last(text: str, vocabulary: Vocabulary) -> str | None:
    """Return the request at the end of a text whose beginning asks for nothing; None where that is not clear."""
    found = asked_at_last(text)
    if found is None:
        return None
    told, request = found
    said = [word.text for word in words(stripped(told))]
    asks = not said or said[0] in VERBS | _CONDITIONS | _ASKED_BY
    if asks or _REPORTING.search(text) or _ORDERED.search(told) or is_no_request(stripped(request)):
        return None
    if excepts([word.text for word in words(request)]) or not len(stripped(request).split()) > 1:
        return None
    if not _POINTING.isdisjoint(word.text for word in words(request)):
        return with_antecedent(request, told, vocabulary)
    return request if names_thing(request, vocabulary) or not names_thing(told, vocabulary) else None


def _unpunctuated(text: str) -> list[str]:
    """Split a text without commas where a request begins, and what stands before it tells something."""
    for mark in _BEGINS.finditer(text):
        before = [word.text for word in words(text[: mark.start()])]
        if len(before) > 1 and _tells(before) and before[0] not in _CONDITIONS:
            return [text[: mark.start()], text[mark.end() :]]
        if len(before) > 2 and before[0] in _REASONS:
            return [text[: mark.start()], text[mark.end() :]]
    return [text]


def _tells(said: Sequence[str]) -> bool:
    if said[0] in VERBS or wonders(said) or any(_REPORTING.search(word) for word in said):
        return False
    return tells(said) or said[0] in ("i", "we", "it's", "it", "there's", "the", "my", "this", "that's", "that")


def _sort(part: str, vocabulary: Vocabulary) -> str:
    bare = stripped(part)
    said = [word.text for word in words(bare)]
    if not said or is_courtesy_alone(part) or bare.casefold() in _LEAD_INS:
        return "courtesy"
    if said[0] in VERBS or wonders(said) or (bare != part.strip() and not _tells(said) and len(said) > 1):
        return "request"
    if said[0] in _REASONS | _CONDITIONS:
        return "reason" if said[0] in _REASONS else "condition"
    if _tells(said):
        return "telling"
    known = named_at(said, 0, vocabulary)[1] is not None or said[0] in KINDS or said[0] in _ARTICLES
    return "request" if not _WAYS.isdisjoint(said) and (known or len(said) < _FEW) else "fragment"


def _is_called(parts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether the first words call somebody else by name: "Tom, can you close the door"."""
    first = [word.text for word in words(parts[0])]
    if not first or first[0] in _CALLED:
        return False
    if first[0] in _KIN and (len(parts) > 1 or len(first) > 1):
        return named_at(first, 0, vocabulary)[1] is None  # "kids room blinds to 25 percent"
    if len(first) > 3 and (first[1], first[2]) in _ASKED and first[0] not in STOP_WORDS | _REASONS | HESITATIONS:
        return not is_courtesy_alone(first[0]) and first[0] not in VERBS
    if len(parts) < 2 or len(first) != 1 or is_courtesy_alone(parts[0]):
        return False
    named = named_at(first, 0, vocabulary)[1]
    is_person = named is not None and named.domain == "person"
    known = first[0] in VERBS | _WAYS | KINDS | _REASONS | _CONDITIONS or (named is not None and not is_person)
    return not known and parts[0].strip()[:1].isalpha() and not _is_number(first[0])
