"""Rewriting of heard requests: what counts as heard, whose past it is, and that every promised figure is there."""

import gzip
import json

import pytest

from uptake.errors import NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.ranking.cases import verdict
from uptake.lab.evaluate.ranking.people import Texts, as_heard, history, load
from uptake.lab.evaluate.ranking.run import HABITS
from uptake.rewriting.proposal import Candidate
from uptake.types import Interpretation, Request, Situation

SONGS = (
    "imagine dragons,barenaked ladies,maroon five,the rolling stones,daft punk,arctic monkeys,pink floyd,nina simone"
)
ROOMS = "kitchen,hallway,bedroom,living room,bathroom,basement,attic,garage"


def parsed(intent, slots):
    scenario, action = intent.split("_")
    return {"scenario": scenario, "action": action, "entities": [{"type": k, "filler": v} for k, v in slots]}


def sentence(number, words, value, intent, heard):
    text = f"{words} {value}"
    kind = "artist" if intent == "play_music" else "room"
    recordings = [
        {
            "file": f"audio-{number}-{at}.flac",
            "asr_text": one,
            "nlu_on_asr_slurp": parsed(intent, [(kind, one.removeprefix(words).strip())]),
            "nlu_on_asr_multi": parsed(intent, [(kind, value)]),
            "nlu_on_asr_google": parsed(intent, [(kind, value)]),
        }
        for at, one in enumerate(heard)
    ]
    return {
        "slurp_id": number,
        "sentence": text,
        "annotation": f"{words} [{kind} : {value}]",
        **parsed(intent, [(kind, value)]),
        "recordings": recordings,
    }


def corpus(root, *, openings):
    folder = root / "slurp_asr"
    folder.mkdir(parents=True)
    rows = []
    for opening in openings:
        for values, words, intent in ((SONGS, "play", "play_music"), (ROOMS, "light up the", "iot_lights")):
            for value in values.split(","):
                whole = f"{opening} {words} {value}"
                misheard = f"{opening} {words} {value[1:]}e"
                rows.append(sentence(len(rows), f"{opening} {words}", value, intent, [whole, misheard]))
    with gzip.open(folder / "part.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return root


def test_spelling_counts_as_heard_and_case_does_not():
    assert as_heard("What 's the TIME?") == "what 's the time"
    assert as_heard("?!") == "um"


def test_a_past_holds_other_requests_and_is_the_same_every_time():
    pool = [f"request {at}" for at in range(80)]
    past = history("request 3", pool, size=50, seed=1)
    assert len(past) == 50
    assert "request 3" not in past
    assert past == history("request 3", pool, size=50, seed=1)
    assert past != history("request 4", pool, size=50, seed=1)


def test_the_nearest_text_by_letters_and_sound_comes_first():
    found = Texts(["turn on the light", "play imagine dragons"], layer="personal")
    request = Request(text="play maj and dragons", user_id="ann")
    assert found(request, Situation(), 1)[0].text == "play imagine dragons"


@pytest.mark.parametrize(
    ("heard", "meant", "layer", "expected"),
    [
        ("play majin dragons", "play imagine dragons", "personal", "unasked"),
        ("play unk", "play jazz", "personal", "asked"),  # names another thing
        ("play unk", "play jazz", "global", "unasked"),
        ("look the door", "unlock the door", "personal", "asked"),
        ("set an alarm for six", "set an alarm for seven", "personal", "refused"),
    ],
)
def test_the_guard_says_what_would_happen_unasked(heard, meant, layer, expected):
    reading = Interpretation(intent="any", slots=(("what", meant.split()[-1]),))
    assert (
        verdict(heard, Candidate(text=meant, layer=layer, origins=(("texts", 0.8),), interpretation=reading))
        == expected
    )


def test_equal_recordings_are_counted_once(tmp_path):
    corpus(tmp_path, openings=["now", "now", "soon"])
    found = load(tmp_path)
    assert len(found) == 2 * 2 * (len(SONGS.split(",")) + len(ROOMS.split(",")))
    assert {(one.sentence.split()[0], one.times, len(one.voices)) for one in found} == {("now", 2, 3), ("soon", 1, 3)}


def test_a_root_without_recordings_is_said(tmp_path):
    with pytest.raises(NotReady, match="slurp_asr"):
        evaluate("rewrite-slurp", train=tmp_path, data=tmp_path)


@pytest.mark.long
@pytest.mark.slow
def test_every_figure_that_is_promised_is_there(tmp_path):
    train = corpus(tmp_path / "train", openings=["please", "now", "will you"])
    data = corpus(tmp_path / "data", openings=["kindly"])
    figures = evaluate("rewrite-slurp", train=train, data=data)
    assert figures["held_out"] is True
    layers = [f"{kind}_{habit}" for kind in ("personal", "both") for habit in HABITS]
    for layer in [*layers, "global", "hearing"]:
        for name in (layer, f"{layer}.baseline"):
            assert {f"{name}.win_loss", f"{name}.defect_reduction", f"{name}.losses"} <= figures.keys()
    assert figures["personal_h100.defect_reduction"] > 0.5  # what was said is in every history
    done = [figures[f"personal_h100.guard.{name}"] for name in ("wins", "asked_right", "refused_right")]
    assert sum(done) == pytest.approx(figures["personal_h100.wins"])
    same = evaluate("rewrite-slurp", train=data, data=data)
    assert same["held_out"] is False
    assert same["shared_callers"] == same["sentences"]
