"""Laws of every artifact: loading gives back what was saved, nothing is pickled, nothing changes."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from tests.artifacts import repairing
from tests.artifacts.failing import small_failures
from tests.artifacts.goals import small_goals
from tests.artifacts.made_labels import some_labels
from tests.artifacts.rankings import head, ranker
from tests.artifacts.readings import small_model
from tests.artifacts.tables import rewrite, table
from tests.artifacts.talks import blank_carrier
from uptake.artifacts import KINDS, artifact_class
from uptake.artifacts.contexts import EVERYBODY, ContextCounts, Count
from uptake.artifacts.index import Known, RequestIndex
from uptake.artifacts.labels import Labels
from uptake.artifacts.ranker import Person
from uptake.artifacts.readers import ReaderModel
from uptake.artifacts.shelves import Count as SaidCount
from uptake.artifacts.shelves import Shelf
from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.artifacts.store import ArtifactStore
from uptake.protocols import Artifact
from uptake.text.encoders import HashedEncoder

EXAMPLES = {
    "rankers": [ranker(), ranker({"ann": Person(wins=2.0)}, personal=head())],
    "carriers": [blank_carrier()],
    "goal_labels": [small_goals()],
    "contexts": [
        ContextCounts.from_counts([]),
        ContextCounts.from_counts(
            [Count(EVERYBODY, "room", "Kitchen", "|A|x=é 😀", 4), Count("user:ann", "always", "", "|A", 2)]
        ),
    ],
    "failures": [small_failures(), replace(small_failures(), bias=np.array([0.1, -0.2]), temperature=1.5)],
    "index": [
        RequestIndex.of([]),
        RequestIndex.of(
            [Known("play é 😀", 9, 40, reading="|play|x=é"), Known("play e", 4, leads_to="play é 😀")],
            {"ann": Shelf().plus([SaidCount("ü", "|A", 5, "08", "Hall", None, None, 2, 1)])},
        ),
        RequestIndex.of([Known("play jazz", 3), Known("dim", 4)]).with_vectors(HashedEncoder(dims=8)),
    ],
    "intents": [small_model(), small_model(slots=False)],
    "labels": [Labels(), some_labels()],
    "readers": [
        ReaderModel({"heads": []}, {}),
        ReaderModel(
            {"heads": ["defect"], "é 😀": 0.1},
            {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(1), "c": np.arange(2, dtype=np.int32)},
            b"onnx",
        ),
    ],
    "repairs": [repairing.model(), repairing.model(pieces=repairing.stump("mass", 0.5, -1.0, 1.0))],
    "rewrites": [table(), table(rewrite("a", "b"), rewrite("a", "c", "ann"), rewrite("é 😀", "ü"))],
    "sounds": [SoundIndex.from_requests([KnownRequest("play imagine dragons", 9, 40), KnownRequest("stop", 20, 90)])],
}
each = pytest.mark.parametrize(
    "artifact", [one for kind in KINDS for one in EXAMPLES[kind]], ids=lambda one: f"{one.kind}-{len(one)}"
)


@each
def test_an_artifact_says_what_it_is(artifact):
    assert isinstance(artifact, Artifact)
    assert artifact_class(artifact.kind) is type(artifact)
    assert artifact.schema_version >= 1


@each
def test_loading_gives_back_what_was_saved_and_saving_again_the_same_bytes(artifact, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    artifact.save(first)
    loaded = type(artifact).load(first)
    assert loaded == artifact
    loaded.save(second)
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


@each
def test_nothing_is_pickled(artifact, tmp_path):
    artifact.save(tmp_path)
    for path in tmp_path.iterdir():
        assert path.suffix in (".npy", ".parquet", ".json", ".crfsuite", ".onnx")
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)


@each
def test_an_artifact_cannot_be_changed(artifact):
    with pytest.raises(FrozenInstanceError):
        setattr(artifact, fields(artifact)[0].name, None)
    with pytest.raises(TypeError):
        hash(artifact)


@each
def test_an_artifact_goes_through_the_store(artifact, tmp_path):
    store = ArtifactStore(tmp_path)
    version = store.publish(artifact)
    assert store.load(type(artifact)) == artifact
    assert store.verify(artifact.kind).version == version
