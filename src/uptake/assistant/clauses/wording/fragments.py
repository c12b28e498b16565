"""Say as commands the pieces of a request that name a thing and how it is to be: "kettle on, lamp in warm white, dim".

A piece is read as a name and then values, each by what the thing can take: a state, a share of its range, degrees, a
colour. Values that follow alone, "say twenty percent", are of the thing that was named last. What a piece holds beside
its name and its values makes it no fragment, and it stays as it was said.

Limit: English; colours and shares from closed lists.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT, begins_with_time, clause_kind
from uptake.assistant.clauses.wording.pieces import (
    COLOUR,
    ENDS,
    Piece,
    all_understood,
    domains_meant,
    stand_apart,
    unvague,
)
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.shares import FULL, SHARES
from uptake.text.patterns import regex

__all__ = ["as_commands", "made", "valued"]

_SHARES = SHARES | FULL | {"a crack": 10}
_SHARED = regex(rf"\b({'|'.join(sorted(_SHARES, key=len, reverse=True))})\b", re.IGNORECASE)
_VALUES = regex(
    r"\s*[,]?\s*(?:(?P<hedge>please|thanks|thank you|about|around|roughly|say|maybe|perhaps|just|only|nice and"
    r"|quite|very"
    r"|really|fairly|pretty|a bit|rather|sort of|make it|make that|let's say|to|at|in|of|its|the|all the way|turned"
    r"|switched|set|put|right|right up|again|now|brightness|bright(?=ness)|power|speed|volume|strength|way"
    r"|colou?r|light"
    r"|on(?= (?:full|max|low|half|a )))\b"
    rf"|(?P<share>{'|'.join(_SHARES)})(?P<shut> (?:closed|shut|down))?(?: (?:open|up))?\b"
    r"|(?P<number>\d+(?:\.\d+)?)(?P<unit> ?%| ?percent| per cent| ?degrees?| ?°)?(?P<closed> (?:closed|shut))?"
    r"(?: open)?(?![\w:.])(?! ?(?:minutes?|hours?|seconds?|[ap]m|o'clock))"
    r"|(?P<state>on|off|out|up|down|open|closed|shut|locked|muted)\b"
    rf"|(?P<colour>{COLOUR})\b"
    r"|(?P<dim>dim(?:med)?|low|soft)\b|(?P<bright>bright)\b)",
    re.IGNORECASE,
)
_WHERE = regex(
    r"\s+(?P<where>in here|here|in this room|(?:in|on) the [\w']+(?: room)?|upstairs|downstairs|everywhere)\b",
    re.IGNORECASE,
)
_WHEN = regex(
    r"\s+(?P<when>(?:in|for|at|until|till|from|tomorrow|tonight|every|by|around)\b.*\d.*"
    r"|(?:at|until) (?:noon|midnight|(?:half|quarter|a quarter) \w+)\b.*|tomorrow\b.*|tonight\b.*)",
    re.IGNORECASE,
)
_AND_THIS = regex(r"\s+(?:too|as well|also)\W*", re.IGNORECASE)
_FREE = regex(
    r"(?:remind|remember|note|announce|broadcast|add|write|text|message|email|play|say|tell|ask|call|search|look"
    r"|teach|define|translate|spell)\b|.*\b(?:list|timers?|alarms?|reminders?|called)\b",
    re.IGNORECASE,
)
_OWN = regex(r"(?:an?|another) (?:[\w-]+ ){0,3}?(?:timer|alarm)\b(?! list)[\w :.-]*", re.IGNORECASE)
"""A timer or an alarm beside things of the home: "oven to 180 and a timer for 25 minutes"."""
_NICE_AND = regex(r"\bnice and (?=\w)", re.IGNORECASE)
_HALVES = regex(r"\b[\w-]+ and (?:a half|a quarter|three quarters)\b", re.IGNORECASE)
_TAIL = regex(r"(?:,? (?:right )?(?:now|please|thanks|thank you|cheers|ta))+$", re.IGNORECASE)
_SAY = regex(r"say \S+(?: \S+)?$", re.IGNORECASE)
_NO_FRAGMENTS = frozenset({"question", "condition", "prohibition", "report", "exception"})
_NEVER_OPENED = frozenset({"lock", "valve", "binary_sensor", "sensor", "camera", "person"})
_PERCENT = frozenset({"light", "cover", "fan", "media_player"})
_DEGREES = {"climate": (5, 35), "oven": (50, 300)}
_TO = regex(r"\b(?:to|at|open)\b", re.IGNORECASE)
_OVEN = regex(r"\boven\b", re.IGNORECASE)
_HUNDREDS = regex(
    r"\b(?P<one>one|two) (?=(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b)", re.IGNORECASE
)
_HOURS = 12  # of a clock face: "the lamp at nine" is a time


def as_commands(text: str, household: Household) -> str:
    """Return a request with its fragments as commands; as it is where it has none that are better said in full.

    Args:
        text: The request.
        household: Names of the home.
    """
    if text.rstrip().endswith("?") or not find_mentions(text, household):
        return text
    pieces = _pieces(_HALVES.sub(lambda each: in_digits(each[0]), _NICE_AND.sub("", text)), household)
    if pieces is None:
        return text
    done = unvague(_joined(pieces, household))
    fragments = [each for each in done if each.commands]
    if not any(each.valued for each in fragments) and not stand_apart(done):
        return text  # the readers know a state, and halves that share a verb
    if not fragments or not all_understood(done, household):
        return text
    said = "".join(f"{each.joint if at else ''}{', '.join(each.commands) or each.text}" for at, each in enumerate(done))
    return said.strip()


def made(what: str, state: str) -> str:
    """Return the command that brings a thing into a state.

    >>> made("the fan", "off"), made("the blinds", "shut"), made("the lamp", "brighter")
    ('turn off the fan', 'close the blinds', 'make the lamp brighter')
    """
    state = state.lower()
    if state.endswith("er"):
        return f"make {what} {state}"
    if state in ("up", "down"):
        covers = re.search(r"\b(?:blinds?|curtains?|shades?|shutters?|drapes|awning|door|window|garage)$", what, re.I)
        return f"{'open' if state == 'up' else 'close'} {what}" if covers else f"turn {what} {state}"
    verb = {"open": "open", "closed": "close", "shut": "close", "locked": "lock", "unlocked": "unlock"}.get(state)
    return f"{verb} {what}" if verb else f"turn {'on' if state == 'running' else state} {what}"


def valued(thing: str, words: str, domains: frozenset[str]) -> tuple[str, ...]:
    """Return the commands for values that are said of a thing and nothing else; () where words hold anything else."""
    return _commands(thing, f" {words}", domains)


def _pieces(text: str, household: Household) -> list[Piece] | None:
    """Split a request into its pieces; None where one of them forbids reading any as a fragment."""
    pieces: list[Piece] = []
    start, joint = 0, ""
    ends = [(match.start(), match.end(), match[0]) for match in JOINT.finditer(text)]
    for end, after, mark in [*ends, (len(text), len(text), "")]:
        words = text[start:end].strip(" .!")
        if words:
            bare = without_courtesy(words)
            if _OWN.fullmatch(bare) and (pieces or after < len(text)):
                pieces.append(Piece(text=f"set {bare}", joint=joint))
                start, joint = after, mark
                continue
            free = _FREE.match(bare) and not (pieces and _SAY.match(bare))
            if clause_kind(words) in _NO_FRAGMENTS or (free and not ENDS.match(bare)):
                return None
            pieces.append(_piece(words, joint, household))
        start, joint = after, mark
    return pieces


def _piece(words: str, joint: str, household: Household) -> Piece:
    bare = _TAIL.sub("", without_courtesy(words) or words)
    found = find_mentions(bare, household)
    alone = found[0] if len(found) == 1 else None
    if alone is None or is_command(words) or begins_with_time(words):
        return Piece(text=words, joint=joint, named=alone.text if alone is not None else "")
    if alone.start > 0:
        return Piece(text=words, joint=joint, named="" if clause_kind(words) in ("remark", "courtesy") else alone.text)
    rest = bare[alone.end :]
    if not rest.strip() or _AND_THIS.fullmatch(rest):
        return Piece(text=alone.text, joint=joint, named=alone.text, is_bare=True)
    where = _WHERE.match(rest)
    thing = alone.text
    if where is not None and not alone.place:
        thing, rest = f"{thing} {where['where']}", rest[where.end() :]
    commands = _commands(thing, rest, domains_meant(alone, household))
    return Piece(
        text=words,
        joint=joint,
        named=thing,
        commands=commands,
        valued=any(each.startswith("set ") for each in commands),
    )


def _commands(thing: str, rest: str, domains: frozenset[str]) -> tuple[str, ...]:
    """Return the commands that bring a thing to all the values that are said of it; () where words are left."""
    said, values = _in_digits_of(rest), list[re.Match[str]]()
    at = 0
    while at < len(said) and said[at:].strip(" .!,"):
        match = _VALUES.match(said, at)
        is_timed = any(each["state"] for each in values) and _WHEN.match(said, at) and not _is_level(said[at:], domains)
        if match is None or match.end() == at or is_timed or _WHERE.match(said, at):
            break
        values.append(match)
        at = match.end()
    left = said[at:]
    when, where = _WHEN.match(left), _WHERE.match(left)
    states = [match["state"].lower() for match in values if match["state"]]
    if where is not None and not left[where.end() :].strip(" .!"):
        thing, left = f"{thing} {where['where']}", ""
    tail = ""
    if when is not None and states and len(states) == sum(not match["hedge"] for match in values):
        tail, left = f" {when['when']}", ""
    if left.strip(" .!"):
        return ()
    found = _of_values(thing, said, values, domains)
    return tuple(f"{each}{tail}" for each in found)


def _is_level(said: str, domains: frozenset[str]) -> bool:
    """Tell whether "at 180" is how warm something is to be, and no time."""
    match = re.match(r"\s*at (\d+)(?![\d:])(?! ?(?:[ap]\.?m|o'clock|hours))", said)
    return match is not None and float(match[1]) > (_HOURS if domains == {"climate"} else 2 * _HOURS)


def _in_digits_of(rest: str) -> str:
    """Write the numbers of some words in digits, but for shares, which have words of their own."""
    said = _HUNDREDS.sub(r"\g<one> hundred and ", rest)
    return "".join(each if at % 2 else _digits(each) for at, each in enumerate(_SHARED.split(said)))


def _digits(words: str) -> str:
    front, back = words[: len(words) - len(words.lstrip())], " " if words.endswith(" ") else ""
    return f"{front}{in_digits(words)}{back}"


def _of_values(thing: str, said: str, values: list[re.Match[str]], domains: frozenset[str]) -> tuple[str, ...]:
    """Return one command for each value that tells something new."""
    if len(domains) != 1 or domains & _NEVER_OPENED:
        return ()
    domain = "oven" if domains == {"switch"} and _OVEN.search(thing) else next(iter(domains))
    states = [match["state"].lower() for match in values if match["state"]]
    shares = [_share(match, domain) for match in values if match["share"] or match["number"]]
    colours = [match["colour"] for match in values if match["colour"]]
    if None in shares or len(shares) > 1 or len(states) > 1 or (colours and domain != "light"):
        return ()
    bare = next((match for match in values if match["number"] and not match["unit"]), None)
    if bare is not None and float(bare["number"]) <= _HOURS and domain not in _DEGREES and " at " in f" {said}":
        return ()  # it may be a time
    if domain == "cover" and states in (["down"], ["closed"], ["shut"]) and not _TO.search(said):
        shares = [100 - share for share in shares if share is not None]  # "down two thirds"
    found = [_set_to(thing, share, domain) for share in shares if share is not None]
    found += [f"set {thing} to {colour}" for colour in colours]
    if not found and domain == "light":
        found += [f"set {thing} to low" for match in values if match["dim"]]  # also where it is off
        found += [f"make {thing} brighter" for match in values if match["bright"]]
    state = "off" if states == ["out"] else "".join(states)
    if state and (not found or state == "off"):
        if state in ("open", "up") and re.search(r"\b(?:garage|door|gate|window)\b", thing, re.IGNORECASE):
            return ()
        found.append(f"mute {thing}" if state == "muted" else made(thing, state))
    return tuple(dict.fromkeys(found)) if len(found) < 2 or state != "off" else ()


def _share(match: re.Match[str], domain: str) -> float | None:
    """Return the level that is said, in percent or degrees; None where the thing takes no such."""
    if match["share"]:
        level: float = _SHARES[" ".join(match["share"].lower().split())]
        shut = match["shut"]
        degrees = False
    else:
        level, shut = float(match["number"]), match["closed"]
        degrees = (match["unit"] or "").strip().startswith(("degree", "°"))
        percent = bool(match["unit"]) and not degrees
        if domain in _DEGREES:
            return level if not percent and _DEGREES[domain][0] <= level <= _DEGREES[domain][1] else None
    if domain not in _PERCENT or degrees or level > 100 or (shut and domain != "cover"):
        return None
    return 100 - level if shut else level


def _set_to(thing: str, level: float, domain: str) -> str:
    if domain in _DEGREES:
        return f"set {thing} to {level:g} degrees"
    if domain == "media_player":
        return f"set the volume of {thing} to {level:g} percent"
    speed = " speed" if domain == "fan" else ""
    return f"set {thing}{speed} to {level:g} percent"


def _joined(pieces: list[Piece], household: Household) -> list[Piece]:
    """Give things that stand alone the values of the next fragment, and values that stand alone the last thing."""
    done: list[Piece] = []
    for each in pieces:
        before = done[-1] if done else None
        if each.is_bare and before is not None and before.commands and before.named:
            commands = tuple(_of_another(command, before.named, each.named) for command in before.commands)
            done.append(
                Piece(text=each.text, joint=each.joint, named=each.named, commands=commands, valued=before.valued)
            )
            continue
        if not each.commands and not each.named and before is not None and before.named:
            values = _alone(each.text, before, household)
            if values:
                done.append(Piece(text=each.text, joint=", ", named=before.named, commands=values, valued=True))
                continue
        done.append(each)
        if each.commands:
            _backwards(done)
    return done


def _backwards(done: list[Piece]) -> None:
    """Give the things in front of a fragment its values: "the kettle and the coffee maker on"."""
    last = done[-1]
    at = len(done) - 2
    while at >= 0 and done[at].is_bare:
        commands = tuple(_of_another(command, last.named, done[at].named) for command in last.commands)
        done[at] = Piece(
            text=done[at].text, joint=done[at].joint, named=done[at].named, commands=commands, valued=last.valued
        )
        at -= 1


def _of_another(command: str, named: str, other: str) -> str:
    return command.replace(named, other, 1)


def _alone(words: str, before: Piece, household: Household) -> tuple[str, ...]:
    """Return the commands for values that say nothing of what they are of; () where they are more, or bare numbers."""
    found = find_mentions(before.named, household)
    domains = domains_meant(found[0], household) if len(found) == 1 else frozenset()
    said = _in_digits_of(words)
    match = _VALUES.match(said)
    told = [each for each in _VALUES.finditer(said) if not each["hedge"]]
    if match is None or not told or any(each["state"] for each in told):
        return ()
    if not before.commands and any(each["number"] and not each["unit"] for each in told):
        return ()
    return valued(before.named, words, domains)
