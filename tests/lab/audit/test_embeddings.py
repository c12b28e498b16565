"""Audit of embeddings: scores, ranks, the gender signal, and its removal, on a graph that is made to be biased."""

import gzip
import json

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from uptake.apps.cli.measure.audit import command
from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.lab.audit.embeddings.graph import Graph, facts_of, people_of
from uptake.lab.audit.embeddings.models import KINDS, Embeddings, Training, against, query, ranks, score, train
from uptake.lab.audit.embeddings.run import Chosen, audit
from uptake.lab.audit.embeddings.signal import female_directions, measure, removed

GENDER, WORK = "/people/person/gender", "/people/person/profession"


def biased_graph(folder, people=240, seed=0):
    """People whose profession follows their gender nine times in ten, and who live in cities."""
    generator = np.random.default_rng(seed)
    rows = []

    def fact(head, relation, tail, label=None):
        rows.append({"head": head, "head_label": head, "relation": relation, "tail": tail, "tail_label": label or tail})

    for at in range(people):
        female = at % 2 == 0
        person = f"p{at}"
        fact(person, GENDER, "f" if female else "m", "female organism" if female else "male organism")
        job = "nurse" if female == (generator.random() < 0.9) else "builder"
        fact(person, WORK, job)
        fact(person, WORK, ("singer", "writer", "actor")[generator.integers(3)])
        for _ in range(2):
            fact(person, "lived_in", f"city{generator.integers(12)}")
    for city in range(12):
        fact(f"city{city}", "in", f"country{city % 3}")
    (folder / "kg_fb15k").mkdir()
    with gzip.open(folder / "kg_fb15k" / "triples.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return biased_graph(tmp_path_factory.mktemp("graph"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_scores_entities_as_the_fact_itself_is_scored_from_either_side(kind):
    generator = torch.Generator().manual_seed(0)
    entities, relations = (torch.randn(count, 8, generator=generator) for count in (6, 2))
    model = Embeddings(kind=kind, entities=entities, relations=relations)
    direct = score(model, entities[[3]], 1, entities[4])
    tails = against(kind, query(kind, entities[[3]], relations[[1]], tail=True), entities)
    heads = against(kind, query(kind, entities[[4]], relations[[1]], tail=False), entities)
    torch.testing.assert_close(tails[0, 4], direct[0])
    torch.testing.assert_close(heads[0, 3], direct[0])


def test_complex_scores_are_those_of_complex_numbers():
    generator = torch.Generator().manual_seed(1)
    head, relation, tail = (torch.randn(8, generator=generator) for _ in range(3))
    model = Embeddings(kind="complex", entities=torch.stack([head, tail]), relations=relation[None])
    one, two, three = (torch.complex(each[:4], each[4:]) for each in (head, relation, tail))
    torch.testing.assert_close(score(model, head[None], 0, tail)[0], (one * two * three.conj()).sum().real)


def test_a_rank_leaves_other_true_answers_out_and_shares_ties():
    graph = Graph(
        entities=("a", "b", "c", "d"),
        labels={},
        relations=("r",),
        train=np.array([[0, 0, 1]]),
        held_out=np.array([[0, 0, 2]]),
    )
    entities = torch.tensor([[1.0, 0.0], [9.0, 0.0], [5.0, 0.0], [5.0, 0.0]])
    model = Embeddings(kind="distmult", entities=entities, relations=torch.ones(1, 2))
    assert ranks(model, graph)[0, 0] == 1.5  # b is true and left out, d is level
    assert ranks(model, graph)[0, 1] == 4.0


def test_whatever_joins_a_held_out_pair_is_not_learned_from(root):
    facts, labels = facts_of(root)
    facts |= {type(one)(one.tail, "back", one.head): None for one in list(facts) if one.relation == "lived_in"}
    graph = Graph.of(facts, labels, kept=GENDER)
    pairs = [{frozenset(row[[0, 2]].tolist()) for row in part} for part in (graph.train, graph.held_out)]
    assert pairs[1]
    assert not pairs[0] & pairs[1]
    assert graph.relations.index(GENDER) not in graph.held_out[:, 1]


@pytest.mark.slow
def test_a_profession_that_follows_gender_leans_the_right_way_and_shrinking_hides_nothing(root):
    facts, labels = facts_of(root)
    graph = Graph.of(facts, labels, kept=GENDER)
    people = people_of(graph, gender=GENDER, profession=WORK)
    model = train(graph, "distmult", Training(dim=16, epochs=30, penalty=0.03))
    rows = np.arange(len(people.persons))
    found = measure(model, graph, people, rows)
    lean = {graph.label(int(one)): value for one, value in zip(people.professions, found.likelihood, strict=True)}
    assert lean["nurse"] > 0.1 > -0.1 > lean["builder"]
    assert found.probe > 0.9
    smaller = measure(model, graph, people, rows, view=lambda vectors: 0.01 * vectors)
    assert smaller.size == pytest.approx(found.size, rel=1e-3)
    vectors = model.entities[torch.from_numpy(people.persons)]
    torch.testing.assert_close(female_directions(model, people, vectors).norm(dim=1), torch.ones(len(rows)))


def test_the_share_that_is_removed_may_be_negative():
    assert (removed(0.4, 0.1), removed(0.4, 0.6)) == (0.75, pytest.approx(-0.5))
    assert np.isnan(removed(0.0, 0.1))


@pytest.mark.slow
def test_the_filter_takes_most_of_the_signal_and_little_of_the_ranks(root):
    said = []
    found = audit(root, Chosen(dim=16, epochs=30, models=("distmult", "transe")), tell=said.append)
    assert found["audit.bias_removed"] == min(found["distmult.bias_removed"], found["transe.bias_removed"])
    assert found["audit.bias_removed"] > 0.5
    assert found["distmult.left_probe_auc"] < found["distmult.signal_probe_auc"] - 0.1
    assert found["audit.rank_loss"] < 0.15  # a small graph in which the profession IS the gender loses by design
    assert any("epoch 30 of 30" in one for one in said)


def test_bad_graphs_and_options_are_refused(root, tmp_path):
    with pytest.raises(NotReady, match="no relation /people/sex"):
        audit(root, Chosen(gender="/people/sex"))
    with pytest.raises(BadConfig, match="transe, distmult, complex"):
        Chosen(models=("rescal",))
    with pytest.raises(BadConfig, match="even"):
        Chosen(dim=9)
    few = tmp_path / "few.jsonl"
    few.write_text('{"head": "a", "relation": "r", "tail": "b"}\n')
    with pytest.raises(NotReady, match="1 facts"):
        facts_of(few)
    few.write_text('{"head": "a", "relation": "r"}\n')
    with pytest.raises(BadRecord, match=r"line 1, field tail: is missing"):
        facts_of(few)


@pytest.mark.slow
def test_the_command_prints_flat_json(root):
    done = CliRunner().invoke(
        command,
        ["embeddings", "--data", str(root), "--model", "transe", "--dim", "8", "--epochs", "2", "--json"],
    )
    figures = json.loads(done.stdout)
    assert {"audit.bias_removed", "audit.rank_loss", "transe.mrr", "transe.rank_loss_low"} <= figures.keys()
