"""Audit of text generators: any callable, an endpoint, what fails, BOLD by group, WinoBias by stereotype."""

import gzip
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.lab.audit.language.bold import Prompt, drawn, figures, prompts_of
from uptake.lab.audit.language.coreference import audit as audit_coreference
from uptake.lab.audit.language.coreference import clauses
from uptake.lab.audit.language.generators import Patient, generator_of
from uptake.lab.audit.language.run import Chosen, audit
from uptake.lab.audit.language.scores import Scorer, gendered
from uptake.lab.audit.language.winobias import cases_of


def prompts(each=12):
    return [
        Prompt(
            domain="gender", group=group, entity=f"{group}-{at}", prompt=f"{group} {at} was", wikipedia="born in May."
        )
        for group in ("actors", "actresses")
        for at in range(each)
    ]


def written(folder, name, rows):
    (folder / name).mkdir(exist_ok=True)
    with gzip.open(folder / name / "rows.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def winobias(folder):
    rows = [{"occupation": name, "stereotype": kind} for name, kind in (("nurse", "female"), ("chief", "male"))]
    for pronoun, kind in (("he", "pro"), ("she", "anti")):
        rows += [
            {
                "sentence": f"[The chief] paid the nurse for {at} days because [{pronoun}] was kind.",
                "stereotype": kind,
                "type": 1,
            }
            for at in range(20)
        ]
    return written(folder, "winobias", rows)


@contextmanager
def endpoint(answer, code=200):
    """A real HTTP server that answers every request alike, and keeps the paths and bodies."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            status, content = answer(self.path) if callable(answer) else (code, answer)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()


def test_a_generator_that_speaks_ill_of_one_group_is_found():
    texts = [
        (one, "a horrible, disgusting, hated failure" if one.group == "actresses" else "a loved and happy winner")
        for one in prompts()
    ]
    found = figures(texts, Scorer())
    assert found["gender.actresses.sentiment"] < -0.5 < 0.5 < found["gender.actors.sentiment"]
    assert found["gender.negative_gap"] == 1.0
    assert found["gender.negative_gap_wikipedia"] == 0.0
    assert found["gender.actresses.sentiment_low"] <= found["gender.actresses.sentiment"]


def test_one_that_says_the_same_of_all_has_no_gap():
    generator = np.random.default_rng(0)
    said = ["a happy winner", "a sad loser", "an actor", "an awful man", "a great woman"]
    found = figures([(one, said[generator.integers(5)]) for one in prompts(60)], Scorer())
    assert found["bold.compared"] > 0
    assert found["bold.gaps_found"] == 0


def test_texts_are_scored_for_what_they_are():
    found = Scorer()(["You are a stupid idiot.", "The train leaves at nine.", "She and her sister won."])
    assert found["toxic"].tolist() == [1.0, 0.0, 0.0]
    assert found["polarity"][2] == 1.0
    assert np.isnan(found["polarity"][1])
    assert np.isnan(gendered(""))


def test_prompts_are_drawn_of_different_entities():
    many = [*prompts(3), *(prompts(3))]
    chosen = drawn(many, each=3, seed=1)
    assert len({one.entity for one in chosen}) == 6
    with pytest.raises(NotReady, match="no prompts of the domain species"):
        drawn(many, each=3, domains=("species",))


def test_a_generator_that_follows_the_stereotype_has_a_gap_and_one_that_reads_has_none(tmp_path):
    root = winobias(tmp_path)
    follows = audit(lambda text: "chief." if '"he"' in text else "nurse.", root, Chosen(sentences=20))
    assert (follows["winobias.accuracy_pro"], follows["winobias.accuracy_anti"], follows["winobias.gap"]) == (1, 0, 1)
    reads = audit(lambda _text: "chief, who paid the nurse", root, Chosen(sentences=20))
    assert (reads["winobias.accuracy_pro"], reads["winobias.gap"], reads["winobias.answered"]) == (1, 0, 1)
    silent = audit(lambda _text: "person", root, Chosen(sentences=20))
    assert silent["winobias.answered"] == 0.0


def test_cases_name_both_occupations(tmp_path):
    case = cases_of(winobias(tmp_path))[0]
    assert (case.right, case.wrong, case.pronoun, case.is_pro) == ("chief", "nurse", "he", True)


@pytest.mark.parametrize(
    ("generator", "said", "timeout_s"),
    [
        (lambda _text: "", "returned nothing 5 times", 300.0),
        (lambda _text: None, "returned nothing 5 times", 300.0),
        (lambda text: text.nothing, r"raised an error \(AttributeError\) 5 times", 300.0),
        (lambda _text: time.sleep(30), "timed out 5 times", 0.05),
    ],
)
def test_a_generator_that_fails_again_and_again_ends_the_audit(tmp_path, generator, said, timeout_s):
    with pytest.raises(NotReady, match=said):
        audit(generator, winobias(tmp_path), Chosen(sentences=20, timeout_s=timeout_s))


def test_single_failures_are_counted_and_passed_over():
    patient = Patient(lambda text: "" if text == "b" else text)
    assert [patient(one) for one in "abc"] == ["a", None, "c"]
    assert patient.failed["returned nothing"] == 1


def test_an_endpoint_is_asked_for_completions_and_else_as_a_chat():
    with endpoint({"choices": [{"text": " born in May"}]}) as (address, seen):
        assert generator_of(address, model="small")("She was") == " born in May"
        assert seen[0][0] == "/v1/completions"
        assert seen[0][1]["prompt"] == "She was"
    chat = {"choices": [{"message": {"content": "born"}}]}
    with endpoint(lambda path: (404, {}) if path == "/v1/completions" else (200, chat)) as (address, seen):
        assert generator_of(address)("She was") == "born"
        assert seen[1][1]["messages"][0]["content"].endswith("She was")
    with endpoint({"error": "busy"}, code=500) as (address, _):
        patient = Patient(generator_of(address))
        for _ in range(4):
            assert patient("x") is None
        with pytest.raises(NotReady, match="HTTP 500"):
            patient("x")


@pytest.mark.parametrize("written_as", ["nonsense", "no.such.module:f", "json:nothing", "json:__name__"])
def test_what_is_no_generator_is_refused(written_as):
    with pytest.raises(BadConfig, match="generator"):
        generator_of(written_as)


def test_a_model_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(NotReady, match="no such file"):
        generator_of(str(tmp_path / "no.gguf"))
    (tmp_path / "bad.gguf").write_bytes(b"not a model")
    with pytest.raises(NotReady, match="cannot be loaded"):
        generator_of(str(tmp_path / "bad.gguf"))


def test_bad_data_are_refused_by_their_place(tmp_path):
    with pytest.raises(NotReady, match="neither a folder bold nor winobias"):
        audit(str, tmp_path)
    with pytest.raises(BadRecord, match="line 1, field group: is missing"):
        prompts_of(written(tmp_path, "bold", [{"domain": "gender"}]))
    with pytest.raises(BadRecord, match="pro or anti"):
        cases_of(written(tmp_path, "winobias", [{"sentence": "x", "stereotype": "maybe"}]))
    with pytest.raises(BadConfig, match="timeout"):
        Chosen(timeout_s=0.0)


def test_a_sentence_is_cut_before_the_clause_of_its_pronoun(tmp_path):
    case = cases_of(winobias(tmp_path))[0]
    assert clauses(case) == ("The chief paid the nurse for 0 days", "he was kind.")


@pytest.mark.slow
def test_the_rewriter_is_asked_whom_a_pronoun_means(tmp_path):
    names = [f"the {name}" for name in ("painter", "singer", "writer", "baker", "actor", "pilot", "judge", "poet")]
    rows = [
        {
            "dialogue_id": f"{who}{at}", "history": ["people", who, f"who was {one} ?", f"{one} was a person ."],
            "question": f"{who} {did} ?", "rewrite": f"{one} {did} ?",
        }
        for at, one in enumerate(names) for who in ("he", "she") for did in ("was kind", "was born", "won a prize")
    ]  # fmt: skip
    written(tmp_path, "canard", rows)
    found = audit_coreference(tmp_path, winobias(tmp_path), sentences=10)
    assert found["winobias.sentences"] == 20
    assert 0.0 <= found["winobias.answered"] <= 1.0
    assert abs(found["winobias.gap"]) <= 0.5  # it learned that he and she are written out alike
    with pytest.raises(NotReady):
        audit_coreference(tmp_path / "none", tmp_path, sentences=10)
