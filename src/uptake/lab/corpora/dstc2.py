"""DSTC2: real calls to a restaurant line, real recogniser lists, human transcription and meaning.

A `Turn` is what a caller said and the system's reaction that followed it; the prompt before the first
request belongs to no turn. Times are the call's date and time plus the offset in the call; the corpus
names no zone, so UTC is assumed. The live recogniser and the live understanding are the log; the human
transcription and the human acts are `Turn.truth`, noise marks included.

Source: Henderson, Thomson and Williams, "The Second Dialog State Tracking Challenge", SIGDIAL 2014.
Limit: the second recogniser (`asr_batch`) has no place in a turn; `second_hearing` gives it apart. `status` is
inferred: an empty reading is "failed", a reaction that says "can't help" is "unsupported", anything else "ok".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.rewriting.repair.turn import Act
from uptake.rewriting.repair.turn import acts_done as parse_action
from uptake.rewriting.repair.turn import meaning_of as acts
from uptake.types import Context, Interpretation, Status, Transcript, Truth, Turn

__all__ = [
    "COURTESY_ACTS",
    "Act",
    "Dstc2",
    "action",
    "acts",
    "asked",
    "interpretation",
    "misunderstood",
    "parse_action",
    "second_hearing",
]

COURTESY_ACTS = frozenset({"hello", "ack", "thankyou", "bye", "reqmore"})
"""Acts that name no wish; a reading that differs only by them was not a misunderstanding."""

_CALL = frozenset({"dialogue_id", "date", "time", "caller", "feedback", "turns"})
_PAIR = frozenset({"dialogue_id", "turn_a", "turn_b", "kind", "gap_s"})
_CALLER = Context(device_type="phone")


def interpretation(meant: Iterable[Act], *, confidence: float | None = None) -> Interpretation:
    """Write a set of acts as one interpretation; `acts` reads it back, nothing is lost but order.

    >>> interpretation([("inform", "food", "thai"), ("bye", "", "")]).key
    '|bye+inform|inform.food=thai'
    """
    unique = sorted(set(meant))
    names = sorted({act for act, _, _ in unique})
    filled = {act for act, slot, _ in unique if slot}
    slots = tuple((f"{act}.{slot}", value) for act, slot, value in unique if slot or act in filled)
    return Interpretation(intent="+".join(names), slots=slots, confidence=confidence)


def action(done: Iterable[Act]) -> str:
    """Write the system's acts, in order, as one string: "offer(name=la mimosa);inform(area=north)".

    >>> parse_action(action([("request", "slot", "area"), ("reqmore", "", "")]))
    (('request', 'slot', 'area'), ('reqmore', '', ''))
    """
    safe = " '"
    return ";".join(
        f"{quote(act, safe)}({quote(slot, safe)}={quote(value, safe)})" if slot else f"{quote(act, safe)}()"
        for act, slot, value in done
    )


def asked(done: Iterable[Act]) -> tuple[str, ...]:
    """Return the slots that the system's acts ask about (request, explicit confirmation, choice), in order."""
    slots = []
    for act, slot, value in done:
        if act == "request":
            slots.append(value)
        elif act in ("expl-conf", "select"):
            slots.append(slot)
    return tuple(slots)


def misunderstood(turn: Turn, *, asked_slots: tuple[str, ...]) -> bool:
    """Tell whether the reading that was acted on is not what was meant: the definition, written once.

    The top live interpretation differs from the human acts after the courtesy acts (hello, ack, thankyou,
    bye, reqmore) are dropped from both and `this=dontcare` takes the slot that the system had asked for.

    Args:
        turn: A turn of this corpus, with its truth.
        asked_slots: What `asked` finds in the prompt before the turn.

    Raises:
        BadRecord: The turn carries no human acts.
    """
    if turn.truth is None or turn.truth.interpretation is None:
        raise BadRecord("is needed to say whether a turn was misunderstood", field="truth.interpretation")
    return _wish(acts(turn.interpretation), asked_slots) != _wish(acts(turn.truth.interpretation), asked_slots)


def second_hearing(record: Mapping[str, Any]) -> dict[str, tuple[Transcript, ...]]:
    """Return the n-best lists of the second recogniser, which ran later, by turn_id of one call.

    Turns of which it has nothing are left out.

    Raises:
        BadRecord: A field is missing or of the wrong type.
    """
    call, found = fields.text(record, "dialogue_id"), {}
    for at, one in enumerate(fields.items(record, "turns")):
        raw = _Raw.of(one, at)
        if raw.user.get("asr_batch"):
            heard = tuple(_transcripts(raw.user, f"{raw.within}.user", "asr_batch"))
            found[f"{call}/{raw.index}"] = heard
    return found


def _wish(meant: frozenset[Act], asked_slots: tuple[str, ...]) -> frozenset[Act]:
    first = asked_slots[0] if asked_slots else "this"
    return frozenset(
        (act, first if (slot, value) == ("this", "dontcare") else slot, value)
        for act, slot, value in meant
        if act not in COURTESY_ACTS
    )


@dataclass(frozen=True, slots=True)
class Dstc2:
    """Calls of the second Dialog State Tracking Challenge."""

    name: ClassVar[str] = "dstc2"
    folder: ClassVar[str] = "dstc2"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"call": _CALL, "pair": _PAIR}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one call, in order.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        began = fields.moment(f"{fields.text(record, 'date')} {fields.text(record, 'time')}", field="date, time")
        raw = [_Raw.of(one, at) for at, one in enumerate(fields.items(record, "turns"))]
        success = fields.part(record, "feedback").get("success")
        for at, heard in enumerate(raw):
            reaction = raw[at + 1] if at + 1 < len(raw) else None
            turn = _turn(record, heard, reaction, began=began)
            truth = replace(turn.truth or Truth(), goal_success=success if isinstance(success, bool) else None)
            wrong = misunderstood(replace(turn, truth=truth), asked_slots=asked(heard.prompt_acts))
            yield replace(turn, truth=replace(truth, defect=wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """One turn as the corpus has it: the prompt, then what the caller said."""

    index: int
    within: str
    system: Mapping[str, Any]
    user: Mapping[str, Any]
    prompt_acts: tuple[Act, ...]

    @classmethod
    def of(cls, record: Any, at: int) -> _Raw:
        within = f"turns[{at}]"
        if not isinstance(record, Mapping):
            raise BadRecord("must be an object", field=within)
        system = fields.part(record, "system", within=within)
        return cls(
            index=int(fields.number(record, "turn", within=within)),
            within=within,
            system=system,
            user=fields.part(record, "user", within=within),
            prompt_acts=tuple(_acts(fields.items(system, "acts", within=f"{within}.system"), f"{within}.system.acts")),
        )

    def time(self, side: str, name: str) -> float:
        """Return seconds since the call began."""
        return fields.number(getattr(self, side), name, within=f"{self.within}.{side}")


def _turn(record: Mapping[str, Any], heard: _Raw, reaction: _Raw | None, *, began: datetime) -> Turn:
    call, user = fields.text(record, "dialogue_id"), heard.user
    alternatives = tuple(_alternatives(user, f"{heard.within}.user"))
    readings = tuple(_readings(user, f"{heard.within}.user"))
    best = readings[0] if readings and readings[0].intent else None
    meant = _acts(fields.items(user, "acts", within=f"{heard.within}.user"), f"{heard.within}.user.acts")
    return Turn(
        turn_id=f"{call}/{heard.index}",
        user_id=fields.text(record, "caller"),
        session_id=call,
        said_at=began + timedelta(seconds=heard.time("user", "start")),
        language="en",
        request=alternatives[0].text,
        alternatives=alternatives,
        spoken_ms=_ms(heard.time("user", "end") - heard.time("user", "start")),
        interpretation=best,
        runners_up=readings[1:],
        context=_CALLER,
        truth=Truth(
            request=fields.text(user, "transcription", within=f"{heard.within}.user"),
            interpretation=interpretation(meant),
        ),
        **_reaction(reaction, understood=best is not None),
    )


def _reaction(reaction: _Raw | None, *, understood: bool) -> dict[str, Any]:
    """Return the system's next action as arguments of `Turn`."""
    if reaction is None:
        return {}
    cut_in = fields.flag(reaction.system, "barged_in", within=f"{reaction.within}.system")
    refused = any(act.startswith("canthelp") for act, _, _ in reaction.prompt_acts)
    status: Status = "failed" if not understood else "unsupported" if refused else "ok"
    began = reaction.time("system", "start")
    return {
        "action": action(reaction.prompt_acts),
        "status": status,
        "response": fields.text(reaction.system, "text", within=f"{reaction.within}.system"),
        "response_ms": _ms(reaction.time("system", "end") - began),
        "barge_in_ms": _ms(reaction.time("user", "start") - began) if cut_in else None,
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)


def _acts(written: list[Any], field: str) -> Iterator[Act]:
    try:
        for act, slots in written:
            yield from ((str(act), str(slot), str(value)) for slot, value in slots) if slots else [(str(act), "", "")]
    except (TypeError, ValueError) as error:
        raise BadRecord("must be a list of [act, [[slot, value], ...]]", field=field) from error


def _alternatives(user: Mapping[str, Any], within: str) -> Iterator[Transcript]:
    found = tuple(_transcripts(user, within, "asr_live"))
    if not found:
        raise BadRecord("must hold at least one hypothesis", field=f"{within}.asr_live")
    yield from found


def _transcripts(user: Mapping[str, Any], within: str, name: str) -> Iterator[Transcript]:
    try:
        for text, score in fields.items(user, name, within=within):
            yield Transcript(text=str(text), score=float(score))
    except (TypeError, ValueError) as error:
        if isinstance(error, BadRecord):
            raise
        raise BadRecord("must be a list of [text, score]", field=f"{within}.{name}") from error


def _readings(user: Mapping[str, Any], within: str) -> Iterator[Interpretation]:
    """Return the live readings, best first; the reading "nothing was meant" has the intent ""."""
    field = f"{within}.slu_live"
    try:
        for written, probability in fields.items(user, "slu_live", within=within):
            yield interpretation(_acts(written, field), confidence=float(probability))
    except (TypeError, ValueError) as error:
        if isinstance(error, BadRecord):
            raise
        raise BadRecord("must be a list of [acts, probability]", field=field) from error
