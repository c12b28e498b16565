"""Tiny releases, made up by us, in the form in which each corpus is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["RELEASES", "dump", "lines"]

NOW = {"session-id": "voip-aa-20130402_100000", "caller-id": "aa"}
LATER = {"session-id": "voip-bb-20130402_110000", "caller-id": "bb"}


def dump(path: Path, content: Any) -> Path:
    """Write JSON, or text as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def lines(path: Path, *records: Any) -> Path:
    """Write JSON lines."""
    return dump(path, "".join(json.dumps(record) + "\n" for record in records))


def _log(name: dict[str, str], *heard: str) -> dict[str, Any]:
    clock = name["session-id"][-6:]
    return {
        **name,
        "session-date": "2013-04-02",
        "session-time": f"{clock[:2]}:{clock[2:4]}:{clock[4:]}",
        "system-specific": {"dialog-manager": 1, "acoustic-condition": 0},
        "turns": [
            {
                "turn-index": at,
                "output": {
                    "transcript": "what kind of food?",
                    "start-time": 10.0 * at,
                    "end-time": 10.0 * at + 2,
                    "dialog-acts": [{"act": "request", "slots": [["slot", "food"]]}],
                    "aborted": at == 1,
                },
                "input": {
                    "start-time": 10.0 * at + 3,
                    "end-time": 10.0 * at + 5,
                    "live": {
                        "asr-hyps": [{"asr-hyp": text, "score": -0.123456}, {"asr-hyp": "uh", "score": -7}],
                        "slu-hyps": [
                            {"slu-hyp": [{"act": "inform", "slots": [["food", "thai"]]}], "score": 0.9},
                            {"slu-hyp": [], "score": 0.1},
                        ],
                    },
                    "batch": {"asr-hyps": [{"asr-hyp": text, "score": -0.2}], "cnet": []},
                },
            }
            for at, text in enumerate(heard)
        ],
    }


def _label(name: dict[str, str], *said: str) -> dict[str, Any]:
    meant = [{"act": "inform", "slots": [["food", "thai"]]}]
    return {
        **name,
        "task-information": {
            "goal": {"text": "", "constraints": [], "request-slots": []},
            "feedback": {"success": True, "comments": None, "questionnaire": [["Was it good?", "agree"]]},
        },
        "turns": [
            {
                "turn-index": at,
                "transcription": text,
                "semantics": {"cam": "inform(food=thai)", "json": meant if "thai" in text else []},
                "goal-labels": {"food": "thai"},
                "method-label": "byconstraints",
                "requested-slots": [],
            }
            for at, text in enumerate(said)
        ],
    }


def dstc2(root: Path) -> None:
    """Two calls; the later one lies in the folder that comes first."""
    for folder, name, said in (
        ("Mar13_S0A0", LATER, ("noise", "thai")),
        ("Mar13_S1A0", NOW, ("thai food", "thai food noise", "i said thai")),
    ):
        call = root / "data" / folder / name["session-id"]
        dump(call / "log.json", _log(name, *("tie food" for _ in said)))
        dump(call / "label.json", _label(name, *said))


def getgoing(root: Path) -> None:
    """One call, and one whose caller is not known."""
    history = ["TTS <speak> Where to? <break/></speak>", "USER the zoo", "TTS Were the provided directions useful?"]
    for name, answer in (("c1", "USER Yeah."), ("c2", "USER Sun")):
        log = {"uuid": name, "history": [*history, answer]}
        dump(
            root / "PhoneLetsGo" / "logs" / name / "log.json",
            {**log, "start_time": "2019-07-11 13:15:08", "end_time": "2019-07-11 13:17:43"},
        )
    dump(root / "PhoneLetsGo" / "logs" / "c1" / "metadata.json", {"uuid": "c1", "number": "n1"})


def _slurp(name: str) -> Any:
    sentence = {
        "slurp_id": 7,
        "sentence": "wake me at six sharp",
        "sentence_annotation": "wake me at [time : six sharp]",
        "intent": "alarm_set",
        "action": "set",
        "scenario": "alarm",
        "tokens": [{"surface": word, "id": at} for at, word in enumerate("wake me at six sharp".split())],
        "recordings": [
            {"file": "audio-1500000000-headset.flac", "wer": 0.0, "ent_wer": 0.0, "status": "correct"},
            {"file": "audio-1500000000.flac", "wer": 0.2, "ent_wer": None, "status": "correct"},
        ],
        "entities": [{"span": [3, 4], "type": "time"}],
    }

    def write(root: Path) -> None:
        lines(root / "dataset" / "slurp" / f"{name}.jsonl", sentence)
        read = {"scenario": "alarm", "action": "set", "entities": [], "file": "audio-1500000000.flac"}
        for voice in ("multi_slurp", "multi", "google"):
            heard = {"text": "make me at six"} if voice == "multi_slurp" else {}
            lines(root / "experiments" / "predictions" / f"{voice}_hermit_predictions.jsonl", {**heard, **read})

    return write


def hwu64(root: Path) -> None:
    """One row to learn from, one to judge on, with a semicolon and quotation marks."""
    head = "answerid;scenario;intent;answer_annotation;answer_from_anno;answer_from_user\n"
    fold = root / "CrossValidation" / "autoGene" / "CrossValidation" / "KFold_1"
    dump(
        fold / "trainset" / "alarm_set.csv",
        head + '3;alarm;set;"wake me at [time : six]";"wake me at six";"Wake me; 6"\n',
    )
    dump(fold / "testset" / "csv" / "play_music.csv", head + '4;play;music;"play ""it""";"play it";"play it"\n')


def star(root: Path) -> None:
    """One dialogue in which the wizard selects a task."""
    events = [
        {"Agent": "User", "Action": "utter", "Text": "a table please", "UnixTime": 1600000005},
        {"Agent": "Wizard", "Action": "request_suggestions", "Text": "hm", "UnixTime": 1600000007},
        {"Agent": "Wizard", "Action": "select_task", "UnixTime": 1600000008},
        {"Agent": "Wizard", "Action": "query", "APIName": "book", "Constraints": [], "UnixTime": 1600000009},
        {"Agent": "KnowledgeBase", "Action": "return_item", "APIName": "book", "TotalItems": 1},
        {
            "Agent": "Wizard",
            "Action": "pick_suggestion",
            "ActionLabel": "bye",
            "Text": "done",
            "UnixTime": 1600000011,
        },
    ]
    dump(
        root / "dialogues" / "12.json",
        {
            "DialogueID": 12,
            "AnonymizedUserWorkerID": "u",
            "Events": events,
            "Scenario": {"WizardCapabilities": [{"Domain": "restaurant", "Task": "book"}]},
            "UserQuestionnaire": [{"Question": "Did it work?", "Answer": True}],
            "WizardQuestionnaire": [],
        },
    )


def sgd(root: Path) -> None:
    """One dialogue with a call, and one schema."""
    date = {"act": "INFORM", "slot": "date", "values": ["today"], "canonical_values": ["2019-03-01"]}
    said = {"service": "W_1", "actions": [date], "slots": [], "state": {"active_intent": "GetWeather"}}
    done = {
        "service": "W_1",
        "actions": [{"act": "NOTIFY_SUCCESS", "slot": "", "values": []}],
        "service_call": {"method": "GetWeather", "parameters": {"date": "2019-03-01"}},
    }
    turns = [
        {"speaker": "USER", "utterance": "weather today?", "frames": [said]},
        {"speaker": "SYSTEM", "utterance": "sunny", "frames": [done]},
    ]
    dump(root / "train" / "dialogues_001.json", [{"dialogue_id": "1_00000", "services": ["W_1"], "turns": turns}])
    dump(root / "train" / "schema.json", [{"service_name": "W_1", "intents": [], "slots": []}])


def conture(root: Path) -> None:
    """One dialogue of one turn."""
    turn = {"user": "User: hi", "chatbot": "Chatbot: hello", "overall impression": 0}
    dump(root / "data" / "data.json", [{"dialog_id": 3, "turns": [turn], "dialog_ratings": []}])


def almond(root: Path) -> None:
    """A user's dialogue of two turns, and one that the authors wrote."""
    dump(
        root / "eval" / "weather" / "dev" / "annotated.txt",
        "====\n# recording/1\nU: weather?\nUT: $dialogue @x.execute;\nUT: @w.current();\n"
        "C: @w.current()\nC: #[results=[]]\nC: #[error=enum timeout];\nA: It failed.\nAT: $dialogue @x.sys_error;\n"
        "U: thanks\nUT: $dialogue @x.cancel;\n====\n# synthetic/2\nU: x\nUT: $dialogue @x.greet;\n====\n",
    )


def cqr(root: Path) -> None:
    """One dialogue; the request that needs its conversation is the second one."""
    said = [("driver", "gas station?", {}), ("assistant", "Shell.", {"poi": "Shell"}), ("driver", "go there", {})]
    dialogue = [{"turn": who, "data": {"utterance": text, "slots": slots}} for who, text, slots in said]
    rewrite = {"base_utt_idx": 2, "flag": "place", "gold_slots": ["Shell"], "reformulated_utt": "go to Shell"}
    dialogue.append({"turn": "assistant", "data": {"utterance": "ok"}, "reformulation": rewrite})
    scenario = {"uuid": "d1", "task": {"intent": "navigate"}}
    dump(root / "modified_kvret_dev_public.no_mturk_ids", [{"dialogue": dialogue, "scenario": scenario}])


def gecor(root: Path) -> None:
    """One turn with an ellipsis."""
    said = {
        "transcript": "thai?",
        "transcript_complete": "a thai place?",
        "transcript_with_ellipsis": "thai?",
        "transcript_with_coreference": "",
        "slu": [{"act": "inform", "slots": [["food", "thai"]]}],
    }
    dial = [{"turn": 0, "usr": said, "sys": {"sent": "none", "DA": []}}]
    dump(root / "CamRest676" / "CamRest676_annotated.json", [{"dialogue_id": 5, "dial": dial}])


def canard(root: Path) -> None:
    """One question."""
    one = {"History": ["A", "B"], "QuAC_dialog_id": "C_1", "Question": "who?", "Question_no": 1, "Rewrite": "who is A?"}
    dump(root / "data" / "release" / "dev.json", [one])


def ha_intents(root: Path) -> None:
    """A test in each of the two layouts."""
    tests = root / "tests" / "en"
    dump(
        tests / "light_HassTurnOn.yaml",
        "language: en\ntests:\n  - sentences: [lights on]\n    intent:\n      name: HassTurnOn\n"
        "      context: {area: Den}\n      slots: {domain: light, area: Den}\n",
    )
    dump(
        tests / "HassTurnOff" / "name_only.yaml",
        "language: en\nentities:\n  - name: Fan\n    domain: fan\ntests:\n"
        "  - sentences: [fan off, stop the fan]\n    slots: {name: Fan}\n",
    )
    dump(tests / "_fixtures.yaml", "language: en\nareas: []\n")


RELEASES = {
    "dstc2": dstc2,
    "getgoing": getgoing,
    "slurp_asr": _slurp("test"),
    "slurp_text": _slurp("devel"),
    "hwu64": hwu64,
    "star": star,
    "sgd": sgd,
    "conture": conture,
    "almond_logs": almond,
    "cqr_kvret": cqr,
    "gecor": gecor,
    "canard": canard,
    "ha_intents": ha_intents,
}
