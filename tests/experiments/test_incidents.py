"""incidents and budgets: what went wrong once is refused, and no release changes a domain over night."""

import json

import pytest

from uptake.errors import ArtifactRefused, BadConfig, BadRecord
from uptake.experiments.budgets import changes, refuse_over_budget
from uptake.experiments.incidents import ANYTHING, Incident, IncidentFile, refuse_repeats, repeated_incidents
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Evidence

EVIDENCE = Evidence(users=9, sessions=20, success_before=0.2, success_after=0.9)


def table(*pairs, user=None):
    return RewriteTable.from_rows([Rewrite(request, to, EVIDENCE, user_id=user) for request, to in pairs])


@pytest.fixture
def file(tmp_path):
    kept = IncidentFile(tmp_path / "incidents.json")
    kept.add(Incident("inc-1", "Turn off the hall light!", ("turn on the hall light",), note="2026-02-03"))
    kept.add(Incident("inc-2", "call mum", (ANYTHING,)))
    return kept


def test_an_artifact_that_repeats_an_incident_is_refused_in_ids_alone(file):
    bad = table(("turn off the hall light", "turn on hall light"), ("call mum", "call tom"), ("play jas", "play jazz"))
    with pytest.raises(ArtifactRefused, match="repeats 2 of 2 known incidents: inc-1") as refused:
        refuse_repeats(file.read(), ExactRewrite(bad))
    assert "hall" not in str(refused.value)
    assert "mum" not in str(refused.value)


def test_an_artifact_that_repeats_none_passes(file):
    assert refuse_repeats(file.read(), ExactRewrite(table(("play jas", "play jazz")))) == 2
    assert refuse_repeats((), ExactRewrite(table())) == 0


def test_somebodys_own_rewrite_repeats_only_their_incident(file):
    own = ExactRewrite(table(("call mum", "call tom"), user="ann"))
    assert refuse_repeats(file.read(), own) == 2
    file.add(Incident("inc-3", "call mum", ("call tom",), "ann"))
    assert [each.incident for each in repeated_incidents(file.read(), [own])] == ["inc-3"]


def test_what_is_near_is_asked_too():
    index = RequestIndex.of([IndexedRequest("play imagine dragons", 9, 20)])
    incident = Incident("inc-9", "play imagined dragons", ("play imagine dragons",))
    with pytest.raises(ArtifactRefused, match="step near"):
        refuse_repeats([incident], NearRewrite(index))


def test_a_file_is_read_as_it_was_written_and_a_broken_one_says_where(file):
    again = file.read()
    assert [one.id for one in again] == ["inc-1", "inc-2"]
    assert again[0].request == "turn off the hall light"
    for body, said in (
        ("{", "JSON"),
        (json.dumps({"incidents": {}}), "incidents"),
        (json.dumps({"incidents": [{"id": "x", "request": "", "never": "y"}]}), r"incidents\[0\]"),
        (json.dumps({"incidents": [{"id": "x", "request": "y"}]}), r"incidents\[0\]"),
        (json.dumps({"format": 9, "incidents": []}), "newer uptake"),
    ):
        file.path.write_text(body)
        with pytest.raises(BadRecord, match=said):
            file.read()
    file.path.unlink()
    assert file.read() == ()


def test_a_release_may_change_only_so_much_of_a_domain():
    asked = [("play jas", "ann", "music")] * 30 + [("play jazz", "bo", "music")] * 70
    asked += [("lights on", "ann", None)] * 100
    before, after = [ExactRewrite(table())], [ExactRewrite(table(("play jas", "play jazz")))]
    found = changes(asked, before, after)
    assert [(row.domain, row.requests, row.changed, row.share) for row in found] == [
        ("music", 100, 30, 0.3),
        ("(unknown)", 100, 0, 0.0),
    ]
    refuse_over_budget(found, budgets={"music": 0.3})
    with pytest.raises(ArtifactRefused, match=r"music changes 30.0% of 100 requests \(budget 5.0%\)"):
        refuse_over_budget(found)
    with pytest.raises(BadConfig):
        refuse_over_budget(found, budget=2.0)
    assert changes(asked, after, after)[0].changed == 0
