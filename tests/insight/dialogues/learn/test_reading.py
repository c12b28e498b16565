"""The reader: any length, fields nobody logged, no future online, and the same answers once it is served."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import session
from uptake.errors import ArtifactRefused
from uptake.insight.dialogues.artifact import ReaderModel, packed, unpacked
from uptake.insight.dialogues.learn import NO_REPHRASE, Targets
from uptake.insight.dialogues.learn.train import Teacher
from uptake.store.store import ArtifactStore
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
        targets.append(
            Targets(
                rephrase=tuple(rephrase),
                defect=(wrong, *[False] * (count - 1)),
            )
        )
    return told, targets


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("lightgbm")
    return Teacher(tell=lambda _: None).fit(*dialogues(120))


def test_all_heads_are_learned(fitted):
    told, targets = dialogues(40, seed=1)
    read = fitted.reader.read(told)
    assert fitted.reader.heads == ("rephrase", "defect")
    right = [int(one.rephrase[0]) == aim.rephrase[0] for one, aim in zip(read, targets, strict=True)]
    assert np.mean(right) > 0.95
    assert np.mean([(one.defect[0] > 0.5) == aim.defect[0] for one, aim in zip(read, targets, strict=True)]) > 0.95


def test_probabilities_are_probabilities(fitted):
    for one in fitted.reader.read(dialogues(10, seed=2)[0]):
        np.testing.assert_allclose(one.spans.sum(axis=1), 1.0)
        assert ((one.defect >= 0) & (one.defect <= 1)).all()


def test_a_session_is_read_alike_alone_and_among_others(fitted):
    told, _ = dialogues(7, seed=3)
    together = fitted.reader.read(told)
    for one, found in zip(told, together, strict=True):
        alone = fitted.reader.read([one])[0]
        np.testing.assert_allclose(alone.defect, found.defect, atol=1e-6)
        np.testing.assert_allclose(alone.spans, found.spans, atol=1e-6)


def test_online_a_turn_is_judged_by_itself_and_the_past(fitted):
    reader = fitted.reader
    told, _ = dialogues(20, seed=4)
    whole = reader.read(told, online=True)
    for one, found in zip(told, whole, strict=True):
        cut = replace(one, turns=one.turns[:1])
        np.testing.assert_allclose(reader.read([cut], online=True)[0].defect[0], found.defect[0], atol=1e-6)
    assert whole[0].spans is None


def test_the_live_score_of_a_turn_is_that_of_an_online_reading(fitted):
    reader = fitted.reader
    for one in dialogues(20, seed=6)[0]:
        assert reader.doubt(one) == pytest.approx(float(reader.read([one], online=True)[0].defect[-1]))
    assert 0.0 <= reader.doubt(session(*["play jazz"] * 300)) <= 1.0


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


@pytest.mark.long
def test_equal_seeds_give_equal_readers(fitted):
    teacher = Teacher(tell=lambda _: None)
    told, targets = dialogues(60)
    one, other = (teacher.fit(told, targets).reader.read(told[:5]) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first.defect, second.defect)


def test_a_second_recogniser_is_listened_to(fitted):
    told, targets = dialogues(60, seed=7)
    hearing = {turn.turn_id: (Transcript(text="something else", score=-1.0),) for one in told for turn in one.turns}
    teacher = Teacher(hearing=hearing, tell=lambda _: None)
    reader = teacher.fit(told, targets).reader
    assert any(name.startswith("again:") for name in reader.light.scorers["rephrase"].names)
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
    assert served.figures == fitted.reader.figures


def test_what_fewer_than_three_people_said_is_not_in_the_artifact(fitted, tmp_path):
    told, targets = dialogues(60)
    rare = replace(told[0].turns[0], request="call grandmother zenobia", alternatives=())
    told[0] = replace(told[0], turns=(rare, *told[0].turns[1:]))
    packed(Teacher(tell=lambda _: None).fit(told, targets).reader).save(tmp_path)
    assert not any(b"zenobia" in path.read_bytes() for path in tmp_path.iterdir())
    assert any(b"queen" in path.read_bytes() for path in tmp_path.iterdir())


def test_parts_that_do_not_fit_are_refused(fitted):
    model = packed(fitted.reader)
    with pytest.raises(ArtifactRefused):
        unpacked(replace(model, arrays={}))
    with pytest.raises(ArtifactRefused):
        unpacked(replace(model, facts={"light": {}}))


def test_a_reader_of_an_older_version_reads_as_before(fitted):
    model = packed(fitted.reader)
    older = {**model.facts, "shares": {head: {"light": 1.0} for head in ("rephrase", "defect", "online:defect")}}
    told, _ = dialogues(8, seed=5)
    read, again = (one.read(told)[0].defect for one in (fitted.reader, unpacked(replace(model, facts=older))))
    np.testing.assert_array_equal(read, again)


def test_a_reader_with_a_network_says_that_none_is_served(fitted):
    model = packed(fitted.reader)
    with pytest.raises(ArtifactRefused, match="uptake learn reader"):
        unpacked(replace(model, facts={**model.facts, "neural": {"heads": ["defect"]}}))
