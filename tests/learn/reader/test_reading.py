"""The reader: any length, fields nobody logged, no future online, and the same answers once it is served."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import session
from uptake.artifacts.readers import ReaderModel
from uptake.artifacts.store import ArtifactStore
from uptake.errors import ArtifactRefused
from uptake.learn.reader import NO_REPHRASE, Targets
from uptake.learn.reader.network import Options
from uptake.learn.reader.training import Teacher
from uptake.signals.reader_files import packed, unpacked
from uptake.text.encoders import HashedEncoder
from uptake.types import Interpretation, Session, Transcript

pytestmark = pytest.mark.slow


def dialogues(count, *, seed=0):
    """Half of the first requests fail and are said again in other words."""
    random = np.random.default_rng(seed)
    told, targets = [], []
    for at in range(count):
        name = random.choice(["jazz", "queen", "radio"])
        wrong = bool(at % 2)
        again = [f"no play some {name} please"] if wrong else []
        one = session(f"play {name}", *again, "what time is it", user=f"user-{at % 12}", failed={0} if wrong else ())
        first = Interpretation(intent="play", slots=(("what", name),), confidence=0.4 if wrong else 0.9)
        turns = (
            replace(one.turns[0], interpretation=first, alternatives=(Transcript(text=f"play {name}", score=-1.0),)),
        )
        told.append(replace(one, turns=turns + one.turns[1:]))
        count = len(one.turns)
        rephrase = [1 if wrong else NO_REPHRASE, *[NO_REPHRASE] * (count - 1)]
        boundary = [True, *[False] * (count - 2), True]
        targets.append(
            Targets(
                rephrase=tuple(rephrase),
                defect=(wrong, *[False] * (count - 1)),
                failure=("asr" if wrong else "correct", *["correct"] * (count - 1)),
                boundary=tuple(boundary),
                success=(not wrong,) * count,
            )
        )
    return told, targets


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("lightgbm")
    pytest.importorskip("torch")
    pytest.importorskip("onnxruntime")
    teacher = Teacher(
        encoder=HashedEncoder(),
        options=Options(passes=6, pretraining=1),
        folds=2,
        neural=True,
        tell=lambda _: None,
    )
    return teacher.fit(*dialogues(120))


def test_all_heads_are_learned(fitted):
    told, targets = dialogues(40, seed=1)
    read = fitted.reader.read(told)
    assert fitted.reader.heads == ("rephrase", "defect", "failure", "boundary", "success")
    right = [int(one.rephrase[0]) == aim.rephrase[0] for one, aim in zip(read, targets, strict=True)]
    assert np.mean(right) > 0.95
    assert np.mean([(one.defect[0] > 0.5) == aim.defect[0] for one, aim in zip(read, targets, strict=True)]) > 0.95
    assert (
        np.mean([one.failure[0].argmax() == 2 * aim.defect[0] for one, aim in zip(read, targets, strict=True)]) > 0.95
    )


def test_probabilities_are_probabilities(fitted):
    for one in fitted.reader.read(dialogues(10, seed=2)[0]):
        np.testing.assert_allclose(one.spans.sum(axis=1), 1.0)
        np.testing.assert_allclose(one.failure.sum(axis=1), 1.0, atol=1e-6)
        assert ((one.defect >= 0) & (one.defect <= 1)).all()


def test_rounding_the_weights_to_int8_hardly_moves_an_answer(fitted):
    assert fitted.reader.figures["neural.int8_gap"] <= 0.01


def test_a_session_is_read_alike_alone_and_among_others(fitted):
    told, _ = dialogues(7, seed=3)
    together = fitted.reader.read(told)
    for one, found in zip(told, together, strict=True):
        alone = fitted.reader.read([one])[0]
        np.testing.assert_allclose(alone.defect, found.defect, atol=1e-6)
        np.testing.assert_allclose(alone.spans, found.spans, atol=1e-6)


@pytest.mark.parametrize("member", ["light", "neural"])
def test_online_a_turn_is_judged_by_itself_and_the_past(fitted, member):
    reader = replace(fitted.reader, shares={"defect": {}, "online:defect": {member: 1.0}})
    told, _ = dialogues(20, seed=4)
    whole = reader.read(told, online=True)
    for one, found in zip(told, whole, strict=True):
        cut = replace(one, turns=one.turns[:1])
        np.testing.assert_allclose(reader.read([cut], online=True)[0].defect[0], found.defect[0], atol=1e-6)
    assert whole[0].spans is None


def test_the_live_score_of_a_turn_is_that_of_an_online_reading(fitted):
    light = replace(fitted.reader, shares={**fitted.reader.shares, "online:defect": {"light": 1.0}})
    for one in dialogues(20, seed=6)[0]:
        assert light.doubt(one) == pytest.approx(float(light.read([one], online=True)[0].defect[-1]))
    assert 0.0 <= light.doubt(session(*["play jazz"] * 300)) <= 1.0


@pytest.mark.parametrize("turns", [1, 2, 65, 1000])
def test_dialogues_of_any_length_are_read(fitted, turns):
    words = ["play jazz", "no play some jazz please", "what time is it"]
    found = fitted.reader.read([session(*(words[at % 3] for at in range(turns)))])[0]
    assert found.defect.shape == (turns,)
    assert found.spans.shape == (turns, 4)
    assert found.spans[-1, 0] == 1.0
    assert np.isfinite(found.defect).all()
    assert all(later == -1 or at < later < turns for at, later in enumerate(found.rephrase))


def test_fields_that_were_never_logged_are_no_obstacle(fitted):
    bare = session("play jazz", "", "play jazz", status=None)
    strange = session("öffne das fenster", "\u202e 🎵", language="de", response="", barge_in_ms=3.0)
    for one in fitted.reader.read([bare, strange, Session(session_id="x", turns=bare.turns[:1])]):
        assert np.isfinite(one.defect).all()
        assert np.isfinite(one.failure).all()


def test_equal_seeds_give_equal_readers(fitted):
    teacher = Teacher(neural=False, tell=lambda _: None)
    told, targets = dialogues(60)
    one, other = (teacher.fit(told, targets).reader.read(told[:5]) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first.defect, second.defect)


def test_a_second_recogniser_is_listened_to(fitted):
    told, targets = dialogues(60, seed=7)
    hearing = {turn.turn_id: (Transcript(text="something else", score=-1.0),) for one in told for turn in one.turns}
    teacher = Teacher(neural=False, hearing=hearing, tell=lambda _: None)
    reader = teacher.fit(told, targets).reader
    assert any(name.startswith("again:") for name in reader.members["light"].scorers["rephrase"].names)
    assert len(reader.read(told[:3], hearing=hearing)) == len(reader.read(told[:3])) == 3


def test_nothing_to_read_is_no_reading(fitted):
    assert fitted.reader.read([]) == []


def test_a_reader_that_was_published_reads_as_before(fitted, tmp_path):
    store = ArtifactStore(tmp_path)
    store.publish(packed(fitted.reader))
    served = unpacked(store.load(ReaderModel))
    told, _ = dialogues(8, seed=5)
    for online in (False, True):
        for one, other in zip(fitted.reader.read(told, online=online), served.read(told, online=online), strict=True):
            np.testing.assert_allclose(one.defect, other.defect, atol=1e-6)
            np.testing.assert_allclose(one.failure, other.failure, atol=1e-6)
    assert served.figures == fitted.reader.figures


def test_what_fewer_than_three_people_said_is_not_in_the_artifact(fitted, tmp_path):
    told, targets = dialogues(60)
    rare = replace(told[0].turns[0], request="call grandmother zenobia", alternatives=())
    told[0] = replace(told[0], turns=(rare, *told[0].turns[1:]))
    packed(Teacher(neural=False, tell=lambda _: None).fit(told, targets).reader).save(tmp_path)
    assert not any(b"zenobia" in path.read_bytes() for path in tmp_path.iterdir())
    assert any(b"queen" in path.read_bytes() for path in tmp_path.iterdir())


def test_parts_that_do_not_fit_are_refused(fitted):
    model = packed(fitted.reader)
    with pytest.raises(ArtifactRefused):
        unpacked(replace(model, arrays={}))
    with pytest.raises(ArtifactRefused):
        unpacked(replace(model, facts={"shares": {}}))
