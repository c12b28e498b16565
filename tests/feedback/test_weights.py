"""The weights of the light scorers: fitted, written, read, and better than edit distance."""

import numpy as np
import pytest

from tests.builders import session
from uptake.errors import BadConfig, NotReady
from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import DEFECT_OFFLINE, DEFECT_ONLINE, REPHRASE, judge
from uptake.feedback.weights import PRIOR, fit, fit_scorer, parse, shipped, written
from uptake.ml.folds import grouped_folds
from uptake.ml.metrics import roc_auc
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

AGAIN = [
    ("play harry porter", "play harry potter"),
    ("weather paris", "what's the weather like in paris"),
    ("turn on bedroom lamp", "switch on the lamp in the bedroom"),
    ("call my mum", "please call my mum now"),
    ("play bare naked ladies", "play the barenaked ladies"),
    ("set an alarm for six thirty", "alarm 6:30 please"),
    ("add milk", "add milk to my shopping list"),
    ("find a thai restaurant", "thai food"),
]
OTHER = [
    ("play jazz", "what time is it"),
    ("turn on the light", "thank you goodbye"),
    ("set an alarm for six", "set a reminder for the dentist"),
    ("what's the time", "what's the weather"),
    ("play the news", "pause the vacuum"),
    ("yes", "yes"),
    ("volume up", "volume down"),
    ("lock the door", "good night"),
]


def test_the_light_scorer_beats_edit_distance_on_the_golden_pairs():
    frame = TurnFrame.of([session(*said, status=None) for said in AGAIN + OTHER])
    truth = np.array([True] * len(AGAIN) + [False] * len(OTHER))
    edit = [edit_similarity(*map(normalize, said)) for said in AGAIN + OTHER]
    light = judge(frame).rephrased[::2]
    assert roc_auc(truth, light) > 0.95 > roc_auc(truth, edit)


def test_the_shipped_weights_know_their_features_and_where_they_come_from():
    weights = shipped()
    assert (weights.rephrase.names, weights.defect_online.names) == (REPHRASE, DEFECT_ONLINE)
    assert weights.defect_offline.names == DEFECT_OFFLINE
    assert {"corpus", "date", "command", "rephrase_definition", "defect_definition"} <= set(weights.provenance)
    assert weights.provenance["defect_offline_calibration_error"] < 0.05


def test_writing_and_reading_gives_the_same_file():
    assert written(parse(written(shipped()))) == written(shipped())


@pytest.mark.parametrize(
    "text", ["", "schema_version = 99", "schema_version = 1\n[rephrase]\nthreshold = 1", "no toml"]
)
def test_other_files_are_refused(text):
    with pytest.raises(BadConfig):
        parse(text)


def test_a_fit_recovers_what_made_the_labels_and_keeps_priors_that_no_data_contradict():
    generator = np.random.default_rng(0)
    features = np.column_stack([generator.normal(size=4000), np.zeros(4000)])
    labels = generator.random(4000) < 1 / (1 + np.exp(1.0 - 2.0 * features[:, 0]))
    found = fit(["signal", "undone"], features, labels)
    assert found.weights == pytest.approx([2.0, PRIOR["undone"]], abs=0.2)
    assert found.intercept == pytest.approx(-1.0, abs=0.25)


def test_what_is_unknown_moves_nothing():
    generator = np.random.default_rng(1)
    features = generator.random((300, 2))
    scorer = fit_scorer(["doubt", "edit"], features, features[:, 1] > 0.5)
    unknown = np.array([[np.nan, 0.9], [np.nan, 0.1]])
    assert scorer.probability(unknown) == pytest.approx(scorer.plain.probability(unknown[:, [1]]))
    assert scorer.full.probability(np.full((1, 2), np.nan)) == pytest.approx(1 / (1 + np.exp(-scorer.full.intercept)))


def test_folds_keep_a_person_on_one_side_and_cover_everybody():
    users = [f"user{number % 7}" for number in range(50)]
    seen = []
    for inside, outside in grouped_folds(users, folds=3):
        assert not {users[at] for at in inside} & {users[at] for at in outside}
        seen.extend(outside.tolist())
    assert sorted(seen) == list(range(50))
    with pytest.raises(NotReady):
        list(grouped_folds(["ann", "ann"]))


@pytest.mark.long
@pytest.mark.data
@pytest.mark.slow
def test_fitting_again_gives_the_shipped_file(data_root):
    from uptake.lab.train.feedback import shipped_weights

    assert shipped_weights(data_root, date=shipped().provenance["date"]) == written(shipped())
