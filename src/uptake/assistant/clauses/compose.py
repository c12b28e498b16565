"""Compose the meaning of a request from its clauses: what to do, to what, but for what, when, for how long, and what not.

Every clause is accounted for. What is only half understood is not half done: a condition that the assistant cannot
watch, a prohibition, a report of what somebody else did change nothing. Requests without any such word, which are most,
cost one search by a regular expression.

Limit: English; at most `MOST` actions in one request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from uptake.assistant.clauses.emergency import URGENT, advice
from uptake.assistant.clauses.mentions import Mention, expand, find_mentions, whole_of
from uptake.assistant.clauses.segment import Clause, segment
from uptake.assistant.clauses.timing import WHEN_IT_IS, Timing, take_timing
from uptake.assistant.clauses.words import (
    CONDITION,
    EXCEPTION,
    KEEPS,
    POLITE,
    PROHIBITION,
    TO_OTHERS,
    repairs,
    without_courtesy,
)
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.types import Status

__all__ = ["MOST", "Command", "Instead", "Parts", "Said", "compose"]

MOST = 6
"""Most actions in one request."""

_CUE = re.compile(
    r"^\W*(?:please )?(?:call|phone|text|message|e-?mail|dial|facetime|whatsapp|send|ring)\b|\b(?:minus|negative|half|third|thirds|quarters?|fifth|tenth|full|max\w*)\b|[,;:]\s|[.!?]\s|\b(?:and|then|but|plus|or|if|when|whenever|unless|once|as soon as|in case|every|each|until|till|after|before|while"
    r"|not|never|don't|dont|except|excluding|apart|aside|besides|other than|save for|for|at|in \S+ (?:and a half )?\w+|in (?:an?|half)|tomorrow"
    r"|tonight|today|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|daily|from|between|by|later|did|didn't|have|has|both|i|we|he|she|they|my|our"
    r"|tell|ask|get|let|what if|imagine|suppose|so|because)\b|n't\b|'(?:m|ve|ll|d|s|re)\b",
    re.IGNORECASE,
)
_WAYS = {
    "state": re.compile(r"\b(?:on|off|up|down|open|closed|shut|locked|unlocked)\b", re.IGNORECASE),
    "time": re.compile(r"\b(?:at|for|in|until) (?:\d|an?\b|half\b|quarter\b|noon|midnight)", re.IGNORECASE),
    "value": re.compile(r"\b(?:to )?\d", re.IGNORECASE),
}
_HALVES = re.compile(r"(?P<front>.+?)(?:,?\s+and\s+|,\s+)(?P<back>.+)$", re.IGNORECASE)
_PARTICLE = re.compile(r"\b(?:on|off|up|down)\b", re.IGNORECASE)
_TWO = re.compile(
    r"(?P<head>.*?)\b(?:two|2|three|3|four|4|a couple of|some) (?P<noun>\w+?)s\b[,:]?\s+(?P<list>(?:one|1|the first|another)\b.+)$", re.IGNORECASE
)
_EACH = re.compile(r"(?:,\s*|\s+)?(?:and\s+)?\b(?:one|1|another(?: one)?|a second(?: one)?|the (?:first|second|third|other)(?: one)?)\s+", re.IGNORECASE)
_TWO_TIMES = re.compile(
    r"(?P<head>(?:.*\b(?:alarms?|timers?)\b(?: \w+){0,2}?|wake (?:me|us)(?: up)?) (?:for|at) )(?P<first>.+?),? and (?:another (?:one )?|a second (?:one )?|one )?(?:for |at )?"
    r"(?P<second>[\w:. ]+)$",
    re.IGNORECASE,
)
_UNIT = re.compile(r" (?:minutes?|hours?|seconds?|[ap]\.?m\.?|o'?clock)\b", re.IGNORECASE)
_SHARES = {
    "half": 50, "a half": 50, "one half": 50, "a third": 33, "one third": 33, "two thirds": 67, "a quarter": 25, "one quarter": 25,
    "three quarters": 75, "a fifth": 20, "a tenth": 10, "full": 100, "maximum": 100, "max": 100,
}  # fmt: skip
_SHARE = re.compile(
    rf"(?:set|dim|run|put|turn|open|close|bring|have|get|lower|raise) (?P<what>.+?)(?: (?:up|down|on))? (?:to|at) (?P<share>{'|'.join(_SHARES)})"
    r"(?: of)?(?: (?:its|the))?(?: (?:brightness|speed|power|volume|level|open|full))?[ .!]*(?:please)?$",
    re.IGNORECASE,
)
_MINUS = re.compile(r"\b(to|at) (?:minus|negative) (\d)", re.IGNORECASE)
_WAKING = re.compile(r"(?:please )?wake (?:me|us)(?: up)?(?P<time> (?:at|in|tomorrow|every)\b.+)$", re.IGNORECASE)
_CLOCK_FIRST = re.compile(
    r"^(?P<time>(?:at|by|around|in|after|from|tomorrow|tonight|every|this|on)\s(?:[\w:.']+\s){0,6}?[\w:.']+)\s+(?P<deed>(?:please |can you |could you )?(?:turn|switch"
    r"|set|put|play|open|close|shut|lock|unlock|start|stop|dim|make|run|pause|mute|activate|brighten|raise|lower)\b.+)$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|them|that one|those)\b(?! (?:is|are|was|were)\b)", re.IGNORECASE)
_WORRY = re.compile(
    r"(?:(?:did|have|has|had) (?P<who>i|we|he|she|they|anyone|anybody|someone|somebody|you|\w+)(?: (?:just|already|ever|really|remember to|forget to))*"
    r"|(?:i|we) (?:think (?:i|we) |may have |might have |must have |just )?(?=left\b)) (?P<deed>leave|left|turn(?:ed)?|switch(?:ed)?|lock(?:ed)?|unlock(?:ed)?"
    r"|close(?:d)?|shut|open(?:ed)?)\b (?P<rest>.+?)[?!. ]*$",
    re.IGNORECASE,
)
_STATE_AFTER = re.compile(r"(?P<what>.+?) (?P<state>on|off|open|closed|shut|unlocked|locked|running|ajar)(?P<tail> .+|)$", re.IGNORECASE)
_STATE_BEFORE = re.compile(r"(?P<state>on|off) (?P<what>.+)$", re.IGNORECASE)
_DONE = {"lock": "locked", "unlock": "unlocked", "close": "closed", "shut": "closed", "open": "open"}
_PLURAL = re.compile(r"(?:all|both|any|the|my|our)?\s*(?:[\w']+ )*[\w']+(?<!s)s\b", re.IGNORECASE)
_PHONING = re.compile(
    r"(?:call|phone|text|message|email|e-mail|dial|facetime|whatsapp) (?!it\b|that\b|me\b|off\b)(?:my |the |our )?\w+|send (?:a|an|my \w+|him|her|them|\w+ a) (?:text|message|email|e-mail|mail)\b"
    r"|(?:ring|give) (?:mum|mom|dad|my \w+|him|her|them)\b(?: a (?:call|ring))?", re.IGNORECASE
)
_ANY_DAY = datetime(2000, 1, 1, 12, tzinfo=UTC)
_NOTHING = "I have done nothing."
_OTHERWISE_TIMED = re.compile(
    r"(?:remind|wake|tell|let me know|let us know|notify|alert|warn|call|announce|broadcast|add|ask|snooze|create|what|show|give me|read)\b"
    r"|.*\b(?:timers?|alarms?|reminders?|countdown|appointment|calendar|meeting)\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"\b(?:turn|switch|set|put|close|lock|unlock|play|dim|open|start|stop|pause|shut|run|activate|mute|raise|lower|brighten|make) (?:on|off|up|down|it|the|all|my"
    r"|every|some|a|everything|both)\b|\b(?:turn|switch) \w",
    re.IGNORECASE,
)
_KEPT_ON = re.compile(r"^(?:keep|leave|have|let)\s+(?=.+\s(?:on|off|open|closed)$)", re.IGNORECASE)
_LACKED = re.compile(
    r"\b(?:run|running|ran|we're|i'm|are|am) (?:completely |nearly |almost |all )?(?:out of|low on) (?:the )?(?P<item>.+)|\b(?:need|finished|used up)"
    r" (?:some |more |any |the |all the )*(?P<other>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One action, with its modifiers."""

    texts: tuple[str, ...]
    """Requests that say it, one for each thing that is listed."""
    things: tuple[str, ...] = ()
    """The things, as they were said."""
    exceptions: tuple[str, ...] = ()
    """Names of what is not meant."""
    timing: Timing | None = None
    """When it is to happen, and for how long; None for now."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one action, now, without exception."""
        return len(self.texts) == 1 and not self.exceptions and self.timing is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Several requests, each of which is handled by itself."""

    texts: tuple[str, ...]
    """The requests, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """The same request in plainer words."""

    text: str
    """The wording to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Answer to a request by which nothing is to be done."""

    speech: str
    """What to say."""
    reason: str
    """Why, for the record."""
    status: Status = "unsupported"
    """Outcome of the request."""


def compose(text: str, household: Household, now: datetime) -> Command | Parts | Instead | Said | None:
    """Compose the meaning of a request; None where it is a single plain clause.

    Args:
        text: The request.
        household: Names of the home.
        now: This moment, aware.
    """
    if _CUE.search(text) is None and not URGENT.search(text):
        return None
    if _PHONING.match(without_courtesy(text)) and not advice(text):
        return Said(speech=f"Sorry, I cannot phone or send messages. {_NOTHING}", reason="calls or messages")
    help_needed = advice(text)
    if help_needed is not None:
        return Said(speech=help_needed, reason="an emergency", status="ok")
    plain = WHEN_IT_IS.sub("at ", POLITE.sub(" ", text)).strip(" ,")
    if not plain or repairs(plain):
        return None
    plain = _time_last(plain, now)
    each_of = _distributed(plain)
    if each_of is not None:
        return Parts(texts=each_of)
    clauses = segment(plain)
    kept = [each for each in clauses if each.kind != "courtesy"]
    commands = [each for each in kept if each.kind in ("command", "question", "words")]
    said = _refused(kept, commands)
    if said is not None:
        return said
    if not commands:
        return _uncommanded(kept)
    if len(commands) == 1:
        found = _single(plain, kept, commands[0], household, now)
        is_shorter = len(clauses) > 1 or plain != text.strip(" ,")
        return Instead(text=commands[0].text) if found is None and is_shorter else found
    if len(commands) > MOST:
        return Said(speech=f"That is too much at once: {MOST} things are the most. {_NOTHING}", reason="too many actions")
    return Parts(texts=_self_contained([_with_exception(each, kept) for each in commands], household))


def _time_last(text: str, now: datetime) -> str:
    """Put a time that stands in front behind: "at 9 turn off the tv"."""
    match = _CLOCK_FIRST.match(text)
    if match is None:
        return text
    spoken = read_moment(match["time"], now)
    return text if spoken is None or spoken.rest else f"{match['deed']} {match['time'].strip(' ,')}"


def _distributed(text: str) -> tuple[str, ...] | None:
    """Return one request each for "two timers, one for 5 minutes and one for 10"."""
    match = _TWO.match(text)
    if match is None:
        return None
    pieces = [piece.strip(" ,.") for piece in _EACH.split(match["list"]) if piece.strip(" ,.")]
    return tuple(f"{match['head']}a {match['noun']} {piece}" for piece in pieces) if 1 < len(pieces) <= MOST else None


def _refused(clauses: list[Clause], commands: list[Clause]) -> Said | None:
    """Return the answer where the request must not be done as it is; None where it may."""
    kinds = {each.kind for each in clauses}
    if kinds == {"prohibition"}:
        return Said(speech="All right, I will not do that.", reason="a prohibition", status="ok")
    if kinds and kinds <= {"report", "remark", "prohibition"} and "report" in kinds:
        first = next(each for each in clauses if each.kind == "report")
        if _worry(first.text) is not None:
            return None
        if TO_OTHERS.match(without_courtesy(first.text)):
            return Said(speech=f"Sorry, I cannot pass anything on to other people. {_NOTHING}", reason="for somebody else")
        return Said(speech=f"All right. {_NOTHING} Tell me if I shall do something.", reason="a report", status="ok")
    if "report" in kinds and commands and TO_OTHERS.match(without_courtesy(clauses[0].text)):
        return Said(speech=f"Sorry, I cannot pass anything on to other people. {_NOTHING}", reason="for somebody else")
    return None


def _uncommanded(clauses: list[Clause]) -> Instead | Said | None:
    """Compose a request without a clause that begins as commands do."""
    if any(each.kind == "condition" and _DEED.search(each.text) and not _OTHERWISE_TIMED.search(each.text) for each in clauses):
        return _unwatched()
    return _worry(clauses[0].text) if len(clauses) == 1 else None


def _single(
    text: str, clauses: list[Clause], command: Clause, household: Household, now: datetime
) -> Command | Parts | Instead | Said | None:
    """Compose one action with its modifiers."""
    body = without_courtesy(command.text) if command.kind != "words" else command.text
    if command.kind == "question":
        halves = _ellipsis(body, household)
        if halves is not None:
            return Parts(texts=halves)
        listed, things = expand(body, household)
        return _worry(body) or (Command(texts=listed, things=things) if len(listed) > 1 else _alone(command, clauses))
    parts = _ellipsis(body, household)
    if parts is not None:
        return Parts(texts=parts)
    if _OTHERWISE_TIMED.match(_cut_condition(body, [])[0]):
        times = _times(body, now)
        return Parts(texts=times) if times is not None else _alone(command, clauses)
    shared = _share(body) or _below(body)
    if shared is not None:
        return Instead(text=shared)
    body, conditions = _cut_condition(body, clauses)
    exceptions = [without for each in clauses if each.kind == "exception" and (without := _excepted(each.text))]
    body, inner = _cut_exception(body)
    exceptions += inner
    prohibited = [PROHIBITION.match(without_courtesy(each.text)) for each in clauses if each.kind == "prohibition"]
    exceptions += [found[0].text for each in prohibited if each and (found := find_mentions(each["rest"], household))]
    timing, rest = take_timing(body, now, household)
    for condition in conditions:
        if timing is None:
            timing, left = take_timing(condition, now, household, whole=True)
            if timing is not None and not left:
                continue
        return _unwatched()
    if timing is not None:
        rest = _KEPT_ON.sub("turn ", rest)
    texts, things = expand(rest, household)
    found = Command(
        texts=texts,
        things=things,
        exceptions=tuple(name for each in exceptions for name in _names(each)),
        timing=timing,
    )
    if found.is_plain and len(clauses) == 1:
        return None
    return Instead(text=_lacking(rest, clauses)) if found.is_plain else found


def _times(body: str, now: datetime) -> tuple[str, ...] | None:
    """Split "set an alarm for 7 and for 8 am" into two requests."""
    match = _TWO_TIMES.match(body)
    if match is None:
        return None
    head, first, second = match["head"], match["first"], match["second"]
    if re.search(r"\b(?:alarm|timer)\b", second):
        return f"{head}{first}", f"{body.split()[0]} {second}"
    unit = _UNIT.search(second)
    if unit is not None and re.fullmatch(r"\w+", first.strip()):
        first = f"{first.strip()} {unit[0].strip()}"
    whole = [read_moment(f"at {each}" if head.rstrip().endswith(("at", "for")) else each, now) for each in (first, second)]
    if any(each is None or each.rest or (each.clock is None and each.delay is None) for each in whole) and unit is None:
        return None
    return f"{head}{first}", f"{head}{second}"


def _share(body: str) -> str | None:
    """Say a share in percent: "run the fan at two thirds"."""
    match = _SHARE.match(body)
    return None if match is None else f"set {match['what']} to {_SHARES[' '.join(match['share'].lower().split())]} percent"


def _below(body: str) -> str | None:
    """Write a value below zero as a number: "to minus 5"."""
    said = _MINUS.sub(r"\1 -\2", in_digits(body))
    return said if _MINUS.search(in_digits(body)) else None


def _alone(command: Clause, clauses: list[Clause]) -> Instead | None:
    """Return the command without the remarks around it; None where there are none."""
    return Instead(text=_lacking(command.text, clauses)) if len(clauses) > 1 else None


def _lacking(text: str, clauses: list[Clause]) -> str:
    """Put into a command what a remark says is lacking: "we are out of milk, put it on the list"."""
    for each in clauses:
        lacked = _LACKED.search(each.text) if each.kind == "remark" else None
        if lacked is not None:
            item = (lacked["item"] or lacked["other"]).strip(" .!")
            return _PRONOUN.sub(lambda _: item, text, count=1)
    return text


def _unwatched() -> Said:
    return Said(
        speech="Sorry, I cannot wait for something to happen, only for a time. "
        f"{_NOTHING} Tell me a time, or ask me again then.",
        reason="a condition that nothing watches",
    )


def _cut_condition(body: str, clauses: list[Clause]) -> tuple[str, list[str]]:
    """Return an action without its conditions, and the conditions."""
    conditions = [each.text for each in clauses if each.kind == "condition"]
    match = CONDITION.search(body)
    if match is None or match.start() == 0:
        return body, conditions
    return body[: match.start()].strip(" ,"), [*conditions, body[match.start() :].strip()]


def _cut_exception(body: str) -> tuple[str, list[str]]:
    match = EXCEPTION.search(body)
    if match is None or match.start() == 0:
        return body, []
    if match["but"]:
        return f"{body[: match.start()]}{match['all']}{match['of']}".strip(" ,"), [match["but"]]
    return body[: match.start()].strip(" ,"), [match["rest"]]


def _excepted(text: str) -> str | None:
    keeps = KEEPS.fullmatch(text)
    if keeps is not None:
        return keeps["rest"]
    match = EXCEPTION.match(text)
    return None if match is None else match["rest"] or match["but"]


def _names(words: str) -> list[str]:
    """Split the names of what is excepted: "the kitchen and the hall"."""
    words = re.sub(r"^(?:(?:in|on|for|at|those|the ones|ones|that) )+", "", words.strip(" .,!?"), flags=re.IGNORECASE)
    pieces = re.split(r"\s*,\s*(?:and |or )?|\s+(?:and|or|nor)\s+", words)
    return [re.sub(r"^(?:in|on|at|for) ", "", piece.strip()) for piece in pieces if piece.strip()]


def _ellipsis(body: str, household: Household) -> tuple[str, ...] | None:
    """Split "turn the kitchen light on and the hall light off" into two commands with the one verb."""
    match = _HALVES.match(body)
    if match is None:
        return None
    front, back = match["front"], match["back"].strip()
    named = find_mentions(front, household), find_mentions(back, household)
    if not all(named) or not _sets(front, named[0]) & _sets(back, named[1]):
        return None
    if re.match(r"\d", front):
        return tuple(_warmth(each) for each in (front, back))
    first, second = named[0][0], named[1][0]
    begins = front[: first.start]
    if _PARTICLE.search(back[second.end :]):  # "turn the one on and the other off"
        begins = _PARTICLE.sub("", begins)
    return front, f"{begins}{whole_of(second, first.kind)}{back[second.end :]}"


def _sets(words: str, named: list[Mention]) -> set[str]:
    """Return in which ways words say what is to become of the things that they name."""
    rest = words
    for each in reversed(named):
        rest = rest[: each.start] + rest[each.end :]
    return {way for way, said in _WAYS.items() if said.search(rest)}


def _warmth(words: str) -> str:
    """Return a value and its place as a command: "22 in the study" is a temperature."""
    match = re.match(r"(?P<value>\d+)(?P<unit> ?(?:degrees?|°))? (?:in|for) (?P<where>.+?)(?: please)?$", words, re.IGNORECASE)
    return words if match is None else f"set {match['where']} to {match['value']} degrees"


def _self_contained(texts: list[str], household: Household) -> tuple[str, ...]:
    """Put into each part what "it" stands for: the thing that the part before named."""
    whole, last = [], ""
    for text in texts:
        mentions = find_mentions(text, household)
        if not mentions and last:
            text = _PRONOUN.sub(lambda _: last, text, count=1)
        elif mentions:
            last = mentions[-1].text
        wakes = _WAKING.match(whole[0]) if whole else None
        if wakes is not None and take_timing(text, _ANY_DAY, household)[0] is None:
            text = f"{text}{wakes['time']}"
        whole.append(text)
    return tuple(whole)


def _with_exception(command: Clause, clauses: list[Clause]) -> str:
    """Return a command with the exception, the condition or the prohibition that follows it."""
    at, text = clauses.index(command), command.text
    if at == 1 and clauses[0].kind == "condition":
        text = f"{clauses[0].text}, {text}"
    for each in clauses[at + 1 :]:
        if each.kind not in ("exception", "prohibition", "condition"):
            break
        text = f"{text}, {each.text}"
    return text


def _worry(text: str) -> Instead | None:
    """Return the question after a state that a question after a deed asks: "did I leave the garage open?"."""
    match = _WORRY.match(without_courtesy(text))
    if match is None:
        return None
    deed, rest = match["deed"].lower(), match["rest"].strip()
    if deed in ("leave", "left"):
        state = _STATE_AFTER.match(rest)
    elif deed.startswith(("turn", "switch")):
        state = _STATE_BEFORE.match(rest) or _STATE_AFTER.match(rest)
    else:
        stem = next(stem for stem in _DONE if deed.startswith(stem))
        return Instead(text=_is(rest, _DONE[stem], ""))
    if state is None:
        return None
    tail = state.groupdict().get("tail") or ""
    return Instead(text=_is(state["what"], state["state"], tail))


def _is(what: str, state: str, tail: str) -> str:
    be = "are" if _PLURAL.fullmatch(what) and not what.endswith("ss") else "is"
    return f"{be} {what}{tail} {state}"
