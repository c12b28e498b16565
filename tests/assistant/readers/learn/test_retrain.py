"""Labels as sentences of the reading model, the gate before it is served, and serving it."""

import pytest

from tests.understanding.intents.readings import small_model
from uptake.assistant.readers import Vocabulary
from uptake.assistant.readers.bundled import bundled_parts
from uptake.assistant.readers.learn.retrain import Gate, retrained, sample_of
from uptake.assistant.readers.statistical import ServedReader, StatisticalReader
from uptake.assistant.readers.vocabulary import Name
from uptake.assistant.skills import Skills
from uptake.errors import NotReady
from uptake.store.store import ArtifactStore
from uptake.types import Situation
from uptake.understanding.labels.artifact import Labels

SHIPPED, FRAMES, CALIBRATION = bundled_parts()
HOME = Vocabulary(
    [
        Name(said="reading lamp", meant="Reading Lamp", kind="name", domain="light"),
        Name(said="kitchen", meant="Kitchen", kind="area"),
    ]
)


def sample(text, intent, **values):
    return sample_of(text, intent, values, frames=FRAMES, vocabulary=HOME)


def reader():
    return StatisticalReader(SHIPPED, FRAMES, HOME, calibration=CALIBRATION)


def test_names_become_placeholders_and_what_a_wording_fixes_goes_into_the_label():
    found = sample("flick on the reading lamp", "HassTurnOn", name="Reading Lamp", domain="light")
    assert found.text == "flick on the devicelight"
    assert found.label.split("|")[0] == "HassTurnOn"
    assert [(name, found.text[start:end]) for name, start, end in found.slots if name == "name"] == [
        ("name", "devicelight")
    ]


def test_a_value_is_found_by_what_it_means():
    found = sample("make the reading lamp fifty percent", "HassLightSet", name="Reading Lamp", brightness="50")
    assert ("brightness", "fifty") in [(name, found.text[start:end]) for name, start, end in found.slots]


def test_a_label_whose_value_is_not_said_or_whose_intent_is_unknown_makes_no_sentence():
    assert sample("make it brighter", "HassLightSet", name="Reading Lamp", brightness="50") is None
    assert sample("book a flight", "BookFlight") is None


def test_a_gate_lets_through_what_is_no_worse():
    figures = {"old_test": 100, "old_before": 0.9, "old_after": 0.9, "labels_test": 9, "labels_before": 0.2}
    assert Gate(**figures, old_passed=True, labels_after=0.5).passed
    assert not Gate(**figures, old_passed=False, labels_after=0.5).passed
    assert not Gate(**figures, old_passed=True, labels_after=0.1).passed


def test_too_few_labels_are_refused_with_how_many_are_needed():
    with pytest.raises(NotReady, match="at least 20"):
        retrained(Labels(), vocabulary=HOME, skills=Skills())


def test_a_published_model_is_read_with_from_the_next_request_on_and_a_rollback_undoes_it(tmp_path):
    store = ArtifactStore(tmp_path)
    served = ServedReader(reader(), store)
    before = served.read("switch on the reading lamp", Situation())
    first = store.publish(SHIPPED)
    assert served.read("switch on the reading lamp", Situation()) == before
    assert served.version == first


def test_a_model_that_knows_other_labels_is_passed_over(tmp_path):
    store = ArtifactStore(tmp_path)
    store.publish(small_model())
    served = ServedReader(reader(), store)
    served.read("switch on the reading lamp", Situation())
    assert served.version is None
    assert "labels" in served.note


def test_a_broken_model_leaves_the_one_before(tmp_path):
    store = ArtifactStore(tmp_path)
    served = ServedReader(reader(), store)
    version = store.publish(SHIPPED)
    (tmp_path / "intents" / version / "idf.npy").write_bytes(b"no")
    assert served.read("switch on the reading lamp", Situation())
    assert "refused" in served.note or "goes on" in served.note


def test_words_of_what_was_taught_are_no_longer_unaccounted_for():
    taught = FRAMES.with_words({"HassTurnOn|domain=light": ["glorp"], "nobody": ["x"]})
    label = "HassTurnOn|domain=light"
    assert (FRAMES.unaccounted(label, "glorp"), taught.unaccounted(label, "glorp")) == (["glorp"], [])
    assert taught.evidence == FRAMES.evidence
