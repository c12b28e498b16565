"""Recognise a reminder that waits for something to happen, or something that is to be run then.

"Remind me to water the plants when I get home" and "run good morning when the door opens" are one request, however many
clauses they have. What the home can sense is looked up (`uptake.proactive.reminders`).

Limit: English.
"""

from __future__ import annotations

import json
import re

from uptake.assistant.clauses.answering.comparing import compared
from uptake.assistant.clauses.answering.running import running
from uptake.assistant.clauses.antecedents import is_unclear_both, with_antecedents
from uptake.assistant.clauses.beside import asked_after_a_remark
from uptake.assistant.clauses.calling_off import called_off
from uptake.assistant.clauses.clocks import read_clocks
from uptake.assistant.clauses.compose import DirectAnswer, Instead
from uptake.assistant.clauses.emergency import advice
from uptake.assistant.clauses.listing import added_to_list
from uptake.assistant.clauses.looked_up import looked_up
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.moving import moved_alarm, swapped_item
from uptake.assistant.clauses.rescheduling import rescheduled
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.timing import is_timed
from uptake.assistant.clauses.unable import is_of_itself
from uptake.assistant.clauses.wording.values.quantities import both_named, is_some_of
from uptake.assistant.clauses.wording.values.relative import changed_by
from uptake.assistant.clauses.words import is_command, repairs
from uptake.assistant.components import Components
from uptake.assistant.entities.household import Household
from uptake.assistant.incoming import Incoming
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.skills.lists.lists import list_names
from uptake.assistant.teaching.memory import concepts_of
from uptake.assistant.teaching.turns import is_taught, objects_to_a_use, speaker
from uptake.proactive.reminders.events import Thing, read_reminder
from uptake.teaching.concepts.uses import may_use
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["is_of_clocks", "is_read_whole", "on_its_own", "teaches_nothing", "waits_for"]

_WHICH_TWO = DirectAnswer(
    speech="Which two do you mean? I have done nothing.", reason="both of nothing", status="failed"
)
_WHICH_OF_THEM = DirectAnswer(
    speech="Which of them? Please name them. I have done nothing.",
    reason="some of several, and not which",
    status="failed",
)
_WRONG = regex(r"(?:no|oh|sorry|oops|whoops|nope|ah|wait|hang on|hold on|damn|wrong \w+)\b", re.IGNORECASE)
_TIMES = regex(
    r"\b(?:half|twice|double) (?:as (?:bright|loud|fast|high|strong|much)|the (?:brightness|volume|speed))\b"
    r"|\b(?:halve|double) the\b",
    re.IGNORECASE,
)
"""A share of a level, which is known."""
_NOT_WANTED = regex(
    r",? i (?:don't|do not) (?:want|like|need) (?:it|them|that) (?:too |so |to be )?\w+(?: \w+)?\W*$", re.I
)
"""Why something is to be done so, and no taste: "about a third, I don't want it glaring"."""
_WANTED_AT = regex(
    r"^for [\w']+(?: [\w']+)?,? (?:i|we)(?:'d like| would like| want| need) (?:the|my|our)\b|"
    r"\b(?:i|we)(?:'d| would)? (?:want|like|need) (?:the|my|our|all|every)\b.* (?:on|off|open|closed|shut|locked)"
    r" (?:by|at|before|in|until|till|for|from|after) ",
    re.IGNORECASE,
)
"""What is to be so at a time, and is no taste: "I want the heating off by ten"."""
_TOO = regex(
    r"(?:\b(?:is|are)|'s|'re) (?:just |way |much |far |a (?:bit|little) |rather |still |really )*too \w+", re.IGNORECASE
)
_TIMER = regex(
    r"(?:(?:please|set|start|put on|make|give me|i need|can you|could you|an?|another|one|the) )*(?:[\w-]+"
    r" ){0,2}(?:timer|alarm)"
    r"(?: for| of| at)? (?:an? (?=\W*$|(?:\w+ )?(?:half|quarter|couple|few|min|sec|hour|moment|day))|half |\d|(?:one|"
    r"two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty)\b)",
    re.IGNORECASE,
)
_ASIDE = regex(r"(?!that|this|it|i|we)\w", re.IGNORECASE)
"""Beginning of a remark beside a command that is of neither: "mute the tv, the phone's ringing"."""
_IT_IS = regex(r"(?:it|that|this)(?:'s| is| means)(?: like| when| to)? ", re.IGNORECASE)
_RUN = regex(
    r"(?:please |can you |could you )*(?:run|do|start) (?P<name>.+?) "
    r"(?P<at>(?:at|every|on|in|tomorrow|today|tonight|this|daily)\b.*)",
    re.IGNORECASE,
)
_SENSES = frozenset(
    "binary_sensor light switch cover lock media_player fan valve vacuum lawn_mower camera person input_boolean".split()
)


def is_of_clocks(text: str, turn: Incoming, components: Components) -> bool:
    """Tell whether a request is about timers, alarms or reminders, and every word of it is read."""
    return read_clocks(text, turn, components) is not None


def is_read_whole(text: str, turn: Incoming, components: Components) -> bool:
    """Tell whether a request is to be read as it was said: what was taught, or what is about timers and the like."""
    if is_taught(turn, text, components.memory) or is_of_clocks(text, turn, components):
        return True
    return turn.conversation.pending is None and added_to_list(text, list_names(components.memory)) is not None


def on_its_own(
    text: str, turn: Incoming, components: Components, *, ask_at: float
) -> tuple[Interpretation, ...] | Instead | DirectAnswer | None:
    """Return the readings of a request that its clauses do not tell, or what to say to it; None where it is no such.

    It calls off what is planned, moves an alarm, changes something by an amount, or waits for something to happen.
    """
    timed = read_clocks(text, turn, components) or added_to_list(text, list_names(components.memory))
    if timed is not None:
        return timed
    anew = rescheduled(text, turn.conversation, components.resolver.household, turn.now)
    if anew is not None:
        return anew
    found = called_off(text, turn, components.memory) or waits_for(text, turn, components)
    if found is not None:
        return (found,)
    moved = moved_alarm(text, turn, components.memory) or swapped_item(text, components.memory)
    if moved is not None:
        return moved
    household = components.resolver.household
    which = _which(text, household, turn.situation.context.room)
    if which is None and is_unclear_both(with_antecedents(text, turn.conversation, household)):
        return _WHICH_TWO
    room = turn.situation.context.room
    asked = which or running(text, room, household) or compared(text, room, components)
    return asked or changed_by(text, turn, components) or looked_up(text, turn, components, ask_at=ask_at)


def _which(text: str, household: Household, room: str | None) -> Instead | DirectAnswer | None:
    """Return the request with the names of "both lamps", or ask which of several are meant."""
    if is_some_of(text):
        return _WHICH_OF_THEM
    both = both_named(text, household, room)
    return None if both is None else Instead(text=both) if both else _WHICH_TWO


_SAYS_HOW = regex(r"\b(?:if|when|whenever) (?:it sounds like|i say|we say|you hear)\b", re.IGNORECASE)
"""What tells how a word is to be taken, whatever it corrects."""


def teaches_nothing(text: str, turn: Incoming, components: Components) -> bool:
    """Tell whether a request teaches no words: an emergency, something for later, or a correction of itself.

    What answers a question about a meaning may correct it: "no wait, the fan at thirty".
    """
    pending = turn.conversation.pending
    if pending is not None and pending.kind == "teach":
        return advice(text) is not None
    wanted = _WANTED_AT.search(text) is not None or (_NOT_WANTED.search(text) is not None and is_command(text))
    wanted = wanted or asked_after_a_remark(text, components.resolver.household) is not None
    wanted_then = wanted and find_mentions(text, components.resolver.household)
    if is_of_itself(text) or wanted_then or is_of_clocks(turn.request.text, turn, components):
        return True
    if objects_to_a_use(text, turn, components.recorder):
        return False
    if _names_what_was_taught(text, turn, components):
        return advice(text) is not None
    if _TIMER.match(text) or is_some_of(text) or _has_a_reason(text, components.resolver.household):
        return True
    corrects = repairs(text) and (is_command(text) or _WRONG.match(text) is not None) and not _SAYS_HOW.search(text)
    return (
        corrects
        or _TOO.search(text) is not None
        or _TIMES.search(text) is not None
        or advice(text) is not None
        or is_timed(text, turn.now, components.resolver.household)
    )


def _names_what_was_taught(text: str, turn: Incoming, components: Components) -> bool:
    """Tell whether a request says words that somebody taught; a reason or a correction beside them changes nothing."""
    return may_use(text, concepts_of(components.memory).visible(speaker(turn)))


_SAYS_WHAT = regex(r"\b(?:means?|meant|call(?:s|ed)?|nam(?:es?|ed)|known as|(?:i|we) say)\b", re.IGNORECASE)
"""What tells how a word is to be taken: "(lights off), that's what clear the table means"."""


def _has_a_reason(text: str, household: Household) -> bool:
    """Tell whether a command that names a thing of the home, or a remark of something else, ends in its reason."""
    front, _, why = text.partition(", ")
    if not (is_command(front) and clause_kind(why) == "remark") or _SAYS_WHAT.search(why):
        return False
    is_aside = _ASIDE.match(why) is not None
    return is_aside or (bool(find_mentions(front, household)) and not is_command(_IT_IS.sub("", why)))


def waits_for(text: str, turn: Incoming, components: Components) -> Interpretation | None:
    """Return the reading of a reminder that waits for something to happen; None where a request is none."""
    user_id, devices = turn.request.user_id, components.home.devices
    things = [
        Thing(one.entity_id, (one.name, *one.aliases), one.device_class) for one in devices if one.domain in _SENSES
    ]
    own = {f"person.{user_id}".casefold(), user_id.casefold()}
    me = next(
        (one.entity_id for one in things if one.entity_id.startswith("person.")
         and own & {one.entity_id.casefold(), one.forms[0].casefold()}),
        None,
    )  # fmt: skip
    runs = [
        row.phrase for rows in concepts_of(components.memory).visible(user_id).values() for row in rows if row.deeds
    ]
    timed = _RUN.match(text.strip(" .!"))
    is_taught = timed is not None and normalize(timed["name"]) in map(normalize, runs)
    if timed is not None and is_taught and read_moment(timed["at"], turn.now) is not None:
        return Interpretation(intent="SetReminder", slots=(("run", timed["name"]), ("at", timed["at"])))
    asked = read_reminder(text, things, runs, me)
    if asked is None or (asked.unknown and read_moment(asked.unknown, turn.now) is not None):
        return None
    slots = [("text", asked.text)] if asked.text else [("run", asked.run)]
    if asked.place:
        slots += [("place", asked.place), ("event", "leave" if asked.leaves else "arrive")]
    elif asked.event is not None:
        event = asked.event
        slots.append(("on", json.dumps([list(event.entities), list(event.states), event.words])))
    else:
        slots.append(("unknown", asked.unknown))
    return Interpretation(intent="SetReminder", slots=tuple(slots))
