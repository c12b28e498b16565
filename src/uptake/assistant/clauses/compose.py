"""Compose the meaning of a request from its clauses: what to do, to what, but for what, when and for how long.

Every clause is accounted for. What is only half understood is not half done: a condition that the assistant cannot
watch, a prohibition, a report of what somebody else did change nothing. Requests without any such word, which are most,
cost one search by a regular expression.

Limit: English; at most `MOST` actions in one request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from uptake.assistant.clauses.deleting import refusal_to_delete
from uptake.assistant.clauses.emergency import URGENT, advice
from uptake.assistant.clauses.exceptions import as_deed, cut_exception, excepted, names_of
from uptake.assistant.clauses.mentions import expand, find_mentions
from uptake.assistant.clauses.segment import JOINT, Clause, segment
from uptake.assistant.clauses.sharing import KEPT_ON, OTHERWISE_TIMED, ends_itself, timed_alike
from uptake.assistant.clauses.timing import WHEN_IT_IS, Timing, take_timing
from uptake.assistant.clauses.unable import unable
from uptake.assistant.clauses.wording.earlier.ellipses import chained
from uptake.assistant.clauses.wording.fragments import as_commands
from uptake.assistant.clauses.wording.heating import heating_by_name
from uptake.assistant.clauses.wording.rewording import (
    below_zero,
    halves,
    in_halves,
    in_hundreds,
    in_order,
    in_percent,
    mended,
    of_each_kind,
    self_contained,
    with_what_lacks,
    without_relative,
)
from uptake.assistant.clauses.wording.several import apart, two_times
from uptake.assistant.clauses.wording.short_forms import in_full
from uptake.assistant.clauses.wording.staying import stays, with_exceptions, with_kinds, with_room_first
from uptake.assistant.clauses.wording.times.deferring import is_vague
from uptake.assistant.clauses.wording.times.time_first import one_after_the_other, time_last
from uptake.assistant.clauses.wording.verbs import in_plain_verbs
from uptake.assistant.clauses.words import (
    CONDITION,
    MEANWHILE,
    POLITE,
    PROHIBITION,
    TO_OTHERS,
    is_command,
    repairs,
    unhesitating,
    without_courtesy,
)
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.rules import GROUPS
from uptake.assistant.readers.cleaning.past import asked_state
from uptake.text.patterns import regex
from uptake.types import Status

__all__ = ["MOST", "Command", "DirectAnswer", "Instead", "Parts", "compose"]

MOST = 6
"""Most actions in one request."""

_CUE = regex(
    r"^\W*(?:please )?(?:call|phone|text|message|e-?mail|dial|facetime|whatsapp|send|ring)\b|\b(?:minus|negative"
    r"|half|third|thirds|quarters?|fifth|tenth|full|max\w*)\b|[,;:]\s|[.!?]\s|\s&\s|\b(?:and|then|also"
    r"|as well as|but|plus|or|if|when"
    r"|whenever|unless|once|as soon as|in case|every|each|until|till|after|before|while|that|which|instead|rather|no"
    r"|needn't|forget|bar(?:ring)?|save for"
    r"|not|never|don't|dont|except|excluding|apart|aside|besides|other than|save for|for|at"
    r"|in \S+ (?:and a half )?\w+|in (?:an?|half)|tomorrow"
    r"|tonight|today|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|daily|from|between|by|later|did|didn't|have|has"
    r"|both|i|we|he|she|they|my|our"
    r"|every\w*|all|point|nobody|done with|finished with|through with|halfway|half way|midway"
    r"|crack|radiator|heat\w*|air ?con\w*|ac|house|home|flat|place|apartment"
    r"|tell|ask|get|let|what if|imagine|suppose|so|because|next|\d ?[ap]\.?m|hundred|thousand|[mb]illion)\b"
    r"|\d:[0-5]\d\b|n't\b|'(?:m|ve|ll|d|s|re)\b",
    re.IGNORECASE,
)
_NOTHING = "I have done nothing."
_DEED = regex(
    r"\b(?:turn|switch|set|put|close|lock|unlock|play|dim|open|start|stop|pause|shut|run|activate|mute|raise|lower"
    r"|brighten|make) (?:on|off|up|down|it|the|all|my"
    r"|every|some|a|everything|both)\b|\b(?:turn|switch) \w",
    re.IGNORECASE,
)
_RINGS = regex(
    r"(?:when|once|as soon as|after) (?:the|my|our) (?:\w+ ){0,2}(?:timer|alarm)(?:'s| is)? (?:goes off|rings?|up|done"
    r"|over"
    r"|ends|finished|finishes)\b",
    re.IGNORECASE,
)
_ENDS = regex(r"\b(?:off|out|stop|pause|mute)\b", re.IGNORECASE)
"""What is done to things that nobody needs."""
_ASKED_LAST = regex(
    r"(?:[\s,]+(?:please|thanks|thank you|cheers|ta|(?:would|will|could|can) you|love|mate))+[\s.!]*$", re.IGNORECASE
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
class DirectAnswer:
    """Answer to a request by which nothing is to be done."""

    speech: str
    """What to say."""
    reason: str
    """Why, for the record."""
    status: Status = "unsupported"
    """Outcome of the request."""


_TOO_MUCH = DirectAnswer(
    speech=f"That is too much at once: {MOST} things are the most. {_NOTHING}", reason="too many actions"
)


def compose(text: str, household: Household, now: datetime) -> Command | Parts | Instead | DirectAnswer | None:
    """Compose the meaning of a request; None where it is a single plain clause.

    Args:
        text: The request.
        household: Names of the home.
        now: This moment, aware.
    """
    plain = in_plain_verbs(chained(in_full(with_room_first(text), household), now), household)
    plain = as_commands(with_exceptions(with_kinds(plain, household), household), household)
    meant = _composed(plain, household, now)
    if isinstance(meant, Instead) and (shown := in_full(meant.text, household)) != meant.text:
        meant = _composed(shown, household, now) or Instead(text=shown)
    if isinstance(meant, Command):
        meant = replace(meant, texts=tuple(in_full(each, household) for each in meant.texts))
    meant = _flat(meant, household, now) if isinstance(meant, Parts) else meant
    return meant or (Instead(text=plain) if plain != text else None)


def _flat(parts: Parts, household: Household, now: datetime) -> Parts | DirectAnswer:
    """Take apart what parts are made of, too, so that all there is to do is counted before any of it is done."""
    found, waiting = list[str](), list(parts.texts)
    while waiting:
        text = waiting.pop(0)
        inner = _composed(text, household, now)
        if isinstance(inner, Parts) and len(inner.texts) > 1:
            waiting = [*inner.texts, *waiting]
        else:
            found.append(text)
        if len(found) + len(waiting) > MOST:
            return _TOO_MUCH
    return Parts(texts=one_after_the_other(tuple(found), household, now))


def _composed(text: str, household: Household, now: datetime) -> Command | Parts | Instead | DirectAnswer | None:
    """Compose the meaning of a request, whose parts may have parts."""
    said = _beyond(text)
    if said is not None or (_CUE.search(text) is None and not URGENT.search(text)):
        return said
    plain = without_relative(WHEN_IT_IS.sub("at ", POLITE.sub(" ", unhesitating(text)))).strip(" ,")
    plain = MEANWHILE.sub("", _ASKED_LAST.sub("", plain))
    if repairs(plain):
        repaired = mended(plain, household)
        return None if repaired is None else _composed(repaired, household, now) or Instead(text=repaired)
    if not plain:
        return None
    plain = time_last(heating_by_name(in_order(plain), household), now, household)
    each_of = apart(plain, household, now, MOST) or of_each_kind(plain)
    if each_of is not None:
        return Parts(texts=each_of)
    return _of_clauses(segment(plain), household, now) or (Instead(text=plain) if plain != text.strip(" ,") else None)


def _of_clauses(
    clauses: tuple[Clause, ...], household: Household, now: datetime
) -> Command | Parts | Instead | DirectAnswer | None:
    """Compose a request from its clauses."""
    kept = [each for each in clauses if each.kind != "courtesy"]
    commands = [each for each in kept if each.kind in ("command", "question", "words")]
    said = _unwanted(kept, household) or _refused(kept, commands)
    if said is not None:
        return said
    if not commands:
        return _uncommanded(kept, household)
    if len(commands) == 1:
        found = _single(kept, commands[0], household, now)
        return Instead(text=commands[0].text) if found is None and len(clauses) > 1 else found
    if len(commands) > MOST:
        return _TOO_MUCH
    texts = self_contained([_with_exception(each, kept) for each in commands], household)
    return Parts(texts=timed_alike(texts, commands, household, now))


def _beyond(text: str) -> DirectAnswer | None:
    """Return the answer to what is no request for a skill: an emergency, a call, to delete a person."""
    help_needed = advice(text)
    does = (
        help_needed is not None
        and "water main" in help_needed
        and any(each.kind == "command" for each in segment(text))
    )
    if help_needed is not None and not does:  # who wants the water off has it off
        return DirectAnswer(speech=help_needed, reason="an emergency", status="ok")
    refused = refusal_to_delete(text)
    if refused is not None:
        return DirectAnswer(speech=f"{refused} {_NOTHING}", reason="to delete a person, or everything")
    cannot = unable(text)
    if cannot is not None:
        return DirectAnswer(speech=f"Sorry, I cannot {cannot}. {_NOTHING}", reason="nothing it can do")
    if is_vague(text):
        return DirectAnswer(
            speech=f"When? Please say it again with a time. {_NOTHING}", reason="a vague time", status="failed"
        )
    return None


def _unwanted(clauses: list[Clause], household: Household) -> Instead | None:
    """Read "I don't need the desk lamp any more" as switching it off, where that is safe."""
    match = PROHIBITION.match(without_courtesy(clauses[0].text)) if clauses else None
    if match is None or not match["unwanted"] or match["unwanted"].startswith(("you ", "to ")):
        return None
    unwanted, *others = JOINT.split(match["unwanted"])
    others += [each.text for each in clauses[1:] if each.kind != "remark"]
    if not all(stays(each, household) for each in others):
        return None
    named = find_mentions(unwanted, household)
    kind = kind_of(named[0].kind) if len(named) == 1 and named[0].kind and not named[0].named else None
    if kind is not None and kind.domains <= GROUPS and re.search(r"\b(?:in here|here)\b", unwanted):
        return Instead(text=f"turn off the {named[0].kind} in here")
    found = household.match_devices(named[0].text, household.devices, exact_only=True) if len(named) == 1 else ()
    switched = found and {household.by_id[each.key].domain for each in found} <= GROUPS
    return Instead(text=f"turn off {named[0].text}") if switched else None


def _refused(clauses: list[Clause], commands: list[Clause]) -> DirectAnswer | None:
    """Return the answer where the request must not be done as it is; None where it may."""
    kinds = {each.kind for each in clauses}
    if "prohibition" in kinds and kinds <= {"prohibition", "remark"}:
        return DirectAnswer(speech="All right, I will not do that.", reason="a prohibition", status="ok")
    if kinds and kinds <= {"report", "remark", "prohibition"} and "report" in kinds:
        first = next(each for each in clauses if each.kind == "report")
        if _asked(first.text) is not None:
            return None
        if TO_OTHERS.match(without_courtesy(first.text)):
            return DirectAnswer(
                speech=f"Sorry, I cannot pass anything on to other people. {_NOTHING}", reason="for somebody else"
            )
        return DirectAnswer(
            speech=f"All right. {_NOTHING} Tell me if I shall do something.", reason="a report", status="ok"
        )
    if "report" in kinds and commands and TO_OTHERS.match(without_courtesy(clauses[0].text)):
        return DirectAnswer(
            speech=f"Sorry, I cannot pass anything on to other people. {_NOTHING}", reason="for somebody else"
        )
    return None


def _asked(text: str) -> Instead | None:
    state = asked_state(without_courtesy(text))
    return None if state is None else Instead(text=state)


def _uncommanded(clauses: list[Clause], household: Household) -> Instead | DirectAnswer | None:
    """Compose a request without a clause that begins as commands do."""
    waits = [each.text for each in clauses if each.kind == "condition" and _DEED.search(each.text)]
    if any(not OTHERWISE_TIMED.search(each) or _RINGS.match(each) for each in waits):
        return _unwatched()
    last = JOINT.split(clauses[-1].text)[-1] if clauses and clauses[-1].kind == "remark" else ""
    said = in_full(last, household)
    if said != last and is_command(said):
        return Instead(text=said)  # "nobody is watching, the tv need not be on"
    return _asked(clauses[0].text) if len(clauses) == 1 else None


def _single(
    clauses: list[Clause], command: Clause, household: Household, now: datetime
) -> Command | Parts | Instead | DirectAnswer | None:
    """Compose one action with its modifiers."""
    body = without_courtesy(command.text) if command.kind != "words" else command.text
    parts = halves(body, household)
    if parts is not None:
        ended = ends_itself(parts, now, household)
        return _modified(parts[0], clauses, household, now) if ended else Parts(texts=parts)
    if command.kind == "question" and any(each.kind == "condition" for each in clauses):
        return _unwatched()
    if command.kind == "question" and re.search(r"\b(?:\w+er|more|less) in\b.* or ", body, re.IGNORECASE):
        return None
    if command.kind == "question":
        listed, things = expand(body, household)
        return _asked(body) or (
            Command(texts=listed, things=things) if len(listed) > 1 else _alone(command, clauses, household)
        )
    if OTHERWISE_TIMED.match(_cut_condition(body, [])[0]):
        times = two_times(body, now)
        return Parts(texts=times) if times is not None else _alone(command, clauses, household)
    shared = in_percent(body) or below_zero(body) or in_halves(body) or in_hundreds(body)
    return _modified(body, clauses, household, now) if shared is None else Instead(text=shared)


def _modified(
    body: str, clauses: list[Clause], household: Household, now: datetime
) -> Command | Instead | DirectAnswer | None:
    """Compose an action with its conditions, exceptions and time."""
    body, conditions = _cut_condition(body, clauses)
    body, exceptions = cut_exception(body)
    exceptions += [without for each in clauses if each.kind == "exception" and (without := excepted(each.text))]
    prohibited = [PROHIBITION.match(without_courtesy(each.text)) for each in clauses if each.kind == "prohibition"]
    kept_out = [each[0] for each in prohibited if each and not (each["unwanted"] and _ENDS.search(body))]
    exceptions += [found[0].text for each in kept_out if (found := find_mentions(each, household))]
    timing, rest = take_timing(as_deed(body) if exceptions else body, now, household)
    for condition in conditions:
        waits = take_timing(condition, now, household, whole=True) if timing is None else (None, "")
        if waits[0] is None or waits[1]:
            return _unwatched()
        timing = waits[0]
    if timing is not None:
        rest = KEPT_ON.sub("turn ", rest)
    texts, things = expand(rest, household)
    names = tuple(name for each in exceptions for name in names_of(each))
    whole = Command(texts=texts, things=things, exceptions=names, timing=timing)
    if not whole.is_plain:
        return whole
    return None if len(clauses) == 1 else Instead(text=with_what_lacks(rest, clauses, household))


def _alone(command: Clause, clauses: list[Clause], household: Household) -> Instead | None:
    """Return the command without the remarks around it; None where there are none."""
    return Instead(text=with_what_lacks(command.text, clauses, household)) if len(clauses) > 1 else None


def _unwatched() -> DirectAnswer:
    return DirectAnswer(
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
