"""Dialogues: STAR, the Schema-Guided Dialogue collection, ConTurE, and what people said to Almond."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.lab.corpora.files import OnBad, Place
from uptake.lab.corpora.releases.release import Release, entries

__all__ = ["RELEASES"]

_EVENT = {"Agent": "agent", "Action": "action", "Text": "text", "ActionLabel": "label", "APIName": "api"}
_UNSEEN = "request_suggestions"
"""Suggestions that a wizard asked for; the user never saw them."""
_SPEAKERS = {"USER": "U", "SYSTEM": "S"}
_FROM_PEOPLE = ("log/", "log-dev/", "recording/", "online/")
"""Beginnings of identifiers of what people said; the rest was written by the authors."""


def _star(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    events = list(entries(record, "Events"))
    began = next((fields.number(one, "UnixTime", within=at) for at, one in events if "UnixTime" in one), 0.0)
    scenario = fields.part(record, "Scenario")
    capabilities = entries(scenario, "WizardCapabilities", within="Scenario")
    yield {
        "dialogue_id": int(fields.number(record, "DialogueID")),
        "user": fields.text(record, "AnonymizedUserWorkerID"),
        "tasks": [fields.text(one, "Task", within=at) for at, one in capabilities],
        "user_questionnaire": [
            [fields.text(one, "Question", within=at), one.get("Answer")]
            for at, one in entries(record, "UserQuestionnaire")
        ],
        "events": [_event(one, at, began) for at, one in events if one.get("Action") != _UNSEEN],
    }


def _event(event: Mapping[str, Any], within: str, began: float) -> dict[str, Any]:
    found = {ours: fields.text(event, theirs, within=within) for theirs, ours in _EVENT.items() if theirs in event}
    time = fields.number(event, "UnixTime", within=within) - began if event.get("UnixTime") is not None else None
    return {"t": time, **found}


def _sgd(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a dialogue; the files of schemas are as they should be."""
    if "service_name" in record:
        yield record
        return
    turns = []
    for at, one in entries(record, "turns"):
        speaker = _SPEAKERS.get(fields.text(one, "speaker", within=at))
        if speaker is None:
            raise BadRecord('must be "USER" or "SYSTEM"', field=f"{at}.speaker")
        frames = [_frame(frame, there) for there, frame in entries(one, "frames", within=at)]
        turns.append({"speaker": speaker, "text": fields.text(one, "utterance", within=at), "frames": frames})
    yield {
        "dialogue_id": fields.text(record, "dialogue_id"),
        "services": fields.items(record, "services"),
        "turns": turns,
    }


def _frame(frame: Mapping[str, Any], within: str) -> dict[str, Any]:
    """Return the actions, each with its first value (where there is one, as the service writes it), and the calls."""
    found: dict[str, Any] = {"service": fields.text(frame, "service", within=within), "acts": []}
    for at, one in entries(frame, "actions", within=within):
        values = one.get("canonical_values") or one.get("values") or [""]
        found["acts"].append([fields.text(one, "act", within=at), one.get("slot") or "", str(values[0])])
    if (state := frame.get("state")) is not None:
        found["intent"] = fields.text(state, "active_intent", within=f"{within}.state")
    if (call := frame.get("service_call")) is not None:
        found["call"] = fields.text(call, "method", within=f"{within}.service_call")
        found["params"] = call.get("parameters")
    return found


def _same(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield record


def _blocks(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
    """Yield the dialogues of an `annotated.txt`: lines that begin with U, UT, C, A or AT, between lines of "====".

    The file's folder is the part of the collection, and the folder above names the skill.
    """
    known = {"device": file.parent.parent.name, "official_split": file.parent.name}
    block: list[str] = []
    begun = 1
    with file.open(encoding="utf-8") as stream:
        try:
            for number, line in enumerate([*stream, "===="], start=1):
                if not line.startswith("===="):
                    block.append(line.rstrip("\n"))
                    continue
                if any(one.strip() for one in block):
                    yield Place({**known, "lines": block}, str(file), begun)
                block, begun = [], number + 1
        except UnicodeDecodeError as error:
            raise BadRecord("is not UTF-8") from error


def _almond(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a dialogue of a user: UT lines are a turn's program, the A and AT after it a reply and its program."""
    name, turns = "", []
    for line in record["lines"]:
        mark, _, text = line.partition(" ")
        if mark == "#" and not name:
            name = text.strip()
        elif mark == "U:":
            turns.append({"user": text, "program": [], "agent": None, "agent_program": [], "calls": []})
        elif turns and mark in ("UT:", "AT:", "C:"):
            turns[-1][{"UT:": "program", "AT:": "agent_program", "C:": "calls"}[mark]].append(text.strip())
        elif turns and mark == "A:":
            turns[-1]["agent"] = text
    if not name:
        raise BadRecord('must name its dialogue in a line "# …"', field="lines")
    if not name.startswith(_FROM_PEOPLE):
        return
    for turn in turns:
        calls = turn.pop("calls")
        turn.update({part: " ".join(turn[part]) for part in ("program", "agent_program")})
        if any("#[error=" in call for call in calls[-3:]):
            turn["error"] = True
    source = name.partition("/")[0]
    known = {part: record[part] for part in ("device", "official_split")}
    yield {"id": name, "source": source, **known, "turns": turns}


RELEASES = (
    Release(folder="star", marks=("**/dialogues/*.json",), records=_star, identifier="dialogue_id"),
    Release(folder="sgd", marks=("**/dialogues_*.json", "**/schema.json"), records=_sgd, identifier="dialogue_id"),
    Release(folder="conture", marks=("**/data.json",), records=_same, identifier="dialog_id"),
    Release(folder="almond_logs", marks=("**/annotated.txt",), records=_almond, identifier="id", read=_blocks),
)
"""Releases of dialogues."""
