"""Laws of every artifact: loading gives back what was saved, nothing is pickled, nothing changes."""

from dataclasses import FrozenInstanceError, fields, replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.insight.failures.failing import small_failures
from tests.insight.goals.goals import small_goals
from tests.proactive.latent_goals.pairs import some_pairs
from tests.rewriting.contextual.talks import blank_carrier
from tests.rewriting.ranking.rankings import head, ranker
from tests.rewriting.repair import repairing
from tests.rewriting.table.tables import rewrite, table
from tests.understanding.intents.readings import small_model
from tests.understanding.labels.made_labels import some_labels
from uptake.catalogue import artifact_class, kinds
from uptake.insight.dialogues.artifact import ReaderModel
from uptake.ml.encoder.encoders import HashedEncoder
from uptake.proactive.hunches.artifact import Expectation, Expectations
from uptake.proactive.latent_goals.artifact import GoalPairs
from uptake.proactive.offers.artifact import Answered, OfferAnswers
from uptake.proactive.offers.standing import Tally
from uptake.proactive.routines.artifact import Routine, Routines
from uptake.protocols import Artifact
from uptake.rewriting.ranking.artifact import Person
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count as SaidCount
from uptake.rewriting.retrieval.history import UserHistory
from uptake.store.diff import difference
from uptake.store.store import ArtifactStore
from uptake.teaching.concepts.artifact import Concept, Concepts
from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.understanding.labels.artifact import Labels
from uptake.understanding.situation.artifact import EVERYBODY, ContextCounts, Count

EXAMPLES = {
    "rankers": [ranker(), ranker({"ann": Person(wins=2.0)}, personal=head())],
    "carriers": [blank_carrier()],
    "goal_labels": [small_goals()],
    "concepts": [
        Concepts(),
        Concepts(
            (
                Concept(phrase="é 😀", user_id="ann", alias_of="Lamp", at="2026"),
                Concept(phrase="x", user_id="bo", gone=True),
            )
        ),
    ],
    "preferences": [
        Preferences(),
        Preferences(
            (Preference(type="likes", value="é 😀", user_id="ann", confidence=0.5, until="2026-01-01T00:00:00+00:00"),)
        ),
    ],
    "contexts": [
        ContextCounts.from_counts([]),
        ContextCounts.from_counts(
            [Count(EVERYBODY, "room", "Kitchen", "|A|x=é 😀", 4), Count("user:ann", "always", "", "|A", 2)]
        ),
    ],
    "offer_answers": [
        OfferAnswers(),
        OfferAnswers.of(
            [
                Answered(user_id="", offer_id="routines:é 😀", tally=Tally(accepted=2, ignored=1)),
                Answered(user_id="ann", offer_id="x:y", tally=Tally(), withheld=3, came_anyway=1),
            ]
        ),
    ],
    "goal_pairs": [GoalPairs(), some_pairs()],
    "failures": [small_failures(), replace(small_failures(), bias=np.array([0.1, -0.2]), temperature=1.5)],
    "hunches": [
        Expectations(),
        Expectations.from_rows(
            [
                Expectation(home_id="é 😀", entity_id="cover.g", state="closed", days=9, of_days=9, share=0.9, by=0),
                Expectation(home_id="h", entity_id="light.l", state="off", days=9, of_days=9, share=0.9, after="x=on"),
            ],
            ["ann"],
        ),
    ],
    "index": [
        RequestIndex.of([]),
        RequestIndex.of(
            [
                IndexedRequest("play é 😀", 9, 40, reading="|play|x=é"),
                IndexedRequest("play e", 4, leads_to="play é 😀"),
            ],
            {"ann": UserHistory().plus([SaidCount("ü", "|A", 5, "08", "Hall", None, None, 2, 1)])},
        ),
        RequestIndex.of([IndexedRequest("play jazz", 3), IndexedRequest("dim", 4)]).with_vectors(HashedEncoder(dims=8)),
    ],
    "intents": [small_model(), small_model(slots=False)],
    "labels": [Labels(), some_labels()],
    "readers": [
        ReaderModel({"heads": []}, {}),
        ReaderModel(
            {"heads": ["defect"], "é 😀": 0.1},
            {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(1), "c": np.arange(2, dtype=np.int32)},
        ),
    ],
    "repairs": [repairing.model(), repairing.model(pieces=repairing.stump("mass", 0.5, -1.0, 1.0))],
    "routines": [
        Routines(),
        Routines.from_rows(
            [
                Routine(
                    routine_id="r",
                    home_id=None,
                    user_id="ann",
                    readings=("|A|name=é 😀", "|B"),
                    minute=420,
                    weekdays="workdays",
                    days=5,
                    of_days=10,
                    lift=3.5,
                )
            ],
            ["bo"],
        ),
    ],
    "rewrites": [table(), table(rewrite("a", "b"), rewrite("a", "c", "ann"), rewrite("é 😀", "ü"))],
}
each = pytest.mark.parametrize(
    "artifact", [one for kind in kinds() for one in EXAMPLES[kind]], ids=lambda one: f"{one.kind}-{len(one)}"
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
    saved = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert saved
    for path in saved:
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
    assert store.verify(type(artifact)).version == version


@each
def test_an_artifact_differs_from_the_empty_one_by_each_row_and_not_from_itself(artifact):
    if callable(getattr(artifact, "rows", None)):
        nothing = SimpleNamespace(rows=lambda: iter(()))
        assert not difference(artifact, artifact)
        assert len(difference(artifact, nothing).removed) == len(list(artifact.rows()))


@each
def test_an_artifact_without_a_stranger_is_the_same_or_cannot_tell(artifact):
    assert artifact.without("nobody who is in there") in (None, artifact)
