"""List the evaluations. Each measures one method on one corpus and returns flat figures.

Functions are named as "module:function", and imported when their evaluation runs.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.errors import BadConfig, NotReady, UnknownFormat

__all__ = ["EVALUATIONS", "Evaluation", "evaluate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Evaluation of one method, on one corpus or several."""

    help: str
    """Help text, one line."""
    corpora: Mapping[str, str]
    """Corpus -> "module:function" that evaluates on it; the first corpus is the default.

    A function that serves several corpora receives the name as its argument `corpus`.
    """


EVALUATIONS: dict[str, Evaluation] = {
    "signals": Evaluation(
        help="Rephrase and defect detection by reactions, against human labels.",
        corpora={"dstc2": "uptake.lab.evaluate.feedback:dstc2"},
    ),
    "rewrites": Evaluation(
        help="Wins and losses of the rewrite table; on SLURP, both microphones of an utterance are in the same half.",
        corpora={"slurp": "uptake.lab.evaluate.table_slurp:slurp", "dstc2": "uptake.lab.evaluate.table:dstc2"},
    ),
    "rewrite-slurp": Evaluation(
        help="Wins and losses of the online step: candidates from the user's history, the global index and the n-best "
        "list.",
        corpora={"slurp": "uptake.lab.evaluate.ranking.run:slurp"},
    ),
    "rewrite-bound": Evaluation(
        help="Wins and losses of a ranker trained on the simulator's truth: an upper bound.",
        corpora={"simulated": "uptake.lab.evaluate.ranking.with_truth:bound"},
    ),
    "home": Evaluation(
        help="Intent and frame accuracy of the assistant's readers on smart-home requests.",
        corpora={
            "ha_intents": "uptake.lab.evaluate.home:home",
            "unforeseen": "uptake.lab.evaluate.home_unforeseen:unforeseen",
            "german": "uptake.lab.evaluate.home_abroad:german",
            "spanish": "uptake.lab.evaluate.home_abroad:spanish",
        },
    ),
    "wordings": Evaluation(
        help="Frame accuracy of the assistant's readers on wordings of authors whom they were not trained on.",
        corpora={"authors": "uptake.lab.evaluate.wordings:authors"},
    ),
    "open": Evaluation(
        help="Intent accuracy of the assistant's readers on crowd-sourced wordings, and refusals out of scope.",
        corpora={"crowd": "uptake.lab.evaluate.open:crowd"},
    ),
    "slurp": Evaluation(
        help="Intent and slot accuracy of the statistical reader, on written sentences and recogniser output.",
        corpora={"slurp": "uptake.lab.evaluate.intents:slurp"},
    ),
    "labels": Evaluation(
        help="Accuracy of an intent model trained with labels from the log, on requests that failed before.",
        corpora={"slurp": "uptake.lab.evaluate.labels.run:slurp", "hwu64": "uptake.lab.evaluate.labels.run:hwu64"},
    ),
    "layers": Evaluation(
        help="Defect rates with global rewrites only, and with personal ones added, in simulated homes.",
        corpora=dict.fromkeys(("fitted", "book"), "uptake.lab.evaluate.layers:simulated"),
    ),
    "experiments": Evaluation(
        help="False alarms and power of experiments, and withdrawal of harmful rewrites, on simulated people.",
        corpora={
            "simulated": "uptake.lab.evaluate.experiments:simulated",
            "town": "uptake.lab.evaluate.withdrawal:town",
        },
    ),
    "poison": Evaluation(
        help="Log poisoning: wrong actions that simulated attackers achieve, and the cost of the defences.",
        corpora={"simulated": "uptake.lab.evaluate.poison.run:simulated"},
    ),
    "privacy": Evaluation(
        help="Wins and losses of differentially private releases by epsilon and number of users; attacks on them.",
        corpora={"slurp": "uptake.lab.evaluate.privacy.run:privacy"},
    ),
    "private-text": Evaluation(
        help="Anonymised texts: intents learned from them, identifiers left in them, users re-identified by them.",
        corpora={
            **dict.fromkeys(("hwu64", "clinc150", "snips"), "uptake.lab.evaluate.private_text.intents:intents"),
            "planted": "uptake.lab.evaluate.private_text.planted:recall",
            **dict.fromkeys(("dstc2", "star"), "uptake.lab.evaluate.private_text.linking:linking"),
        },
    ),
    "failure": Evaluation(
        help="First failure point of a turn: false wake, recognition, interpretation, entity, execution.",
        corpora={
            "dstc2": "uptake.lab.evaluate.failures.dstc2:dstc2",
            "simulated": "uptake.lab.evaluate.failures.simulated:simulated",
        },
    ),
    "rephrase": Evaluation(
        help="Rephrase detection by a model of whole dialogues, and by models of turn pairs.",
        corpora={"dstc2": "uptake.lab.evaluate.dialogues.rephrase:dstc2"},
    ),
    "defect": Evaluation(
        help="Defect detection: online, offline (with later turns), and learned without labels.",
        corpora={"dstc2": "uptake.lab.evaluate.dialogues.defect:dstc2"},
    ),
    "rewrite-dstc2": Evaluation(
        help="Wins and losses of repaired interpretations on real calls, trained with human labels and without.",
        corpora={"dstc2": "uptake.lab.evaluate.repair.run:rewrite_dstc2"},
    ),
    "rewrite-context": Evaluation(
        help="Contextual rewriting: requests completed from the dialogue before them.",
        corpora=dict.fromkeys(("cqr", "gecor", "canard"), "uptake.lab.evaluate.contextual.run:judged"),
    ),
    "goals": Evaluation(
        help="Goal segmentation, and detection of goals that were reached.",
        corpora=dict.fromkeys(("star", "sgd", "dstc2"), "uptake.lab.evaluate.goals.run:goals"),
    ),
    "goals-next": Evaluation(
        help="Prediction of the next service; detection of planted latent goals, and the value of suggesting them.",
        corpora={
            "sgd": "uptake.lab.evaluate.next_goals.sequences:sequences",
            "star": "uptake.lab.evaluate.next_goals.sequences:sequences",
            "town": "uptake.lab.evaluate.next_goals.town:town",
        },
    ),
    "annotators": Evaluation(
        help="Agreement of a model's labels with the truth, beside that of one annotator.",
        corpora={
            **dict.fromkeys(("star", "sgd", "dstc2"), "uptake.lab.evaluate.goals.annotators:annotators"),
            "conture": "uptake.lab.evaluate.goals.annotators_conture:conture",
        },
    ),
    "teach": Evaluation(
        help="Teaching: detection of unknown words, reading of definitions, recall of concepts and preferences.",
        corpora={
            "teach": "uptake.lab.evaluate.teaching.run:teach",
            "simulated": "uptake.lab.evaluate.teaching.town:simulated",
        },
    ),
    "routines": Evaluation(
        help="Routine detection in simulated homes with and without planted routines.",
        corpora={"simulated": "uptake.lab.evaluate.habits.routines:simulated"},
    ),
    "hunches": Evaluation(
        help="Hunches about devices, in simulated homes with and without habits.",
        corpora={"simulated": "uptake.lab.evaluate.habits.hunches:simulated"},
    ),
    "context": Evaluation(
        help="Choice of interpretation by situation: room, time, device, recent turns.",
        corpora={"context_cases": "uptake.lab.evaluate.situation.run:context"},
    ),
}
"""Every evaluation by its name."""


def evaluate(  # noqa: PLR0913 - one a choice of the caller
    name: str,
    *,
    corpus: str | None = None,
    train: Path | None = None,
    data: Path | None = None,
    seed: int = 0,
    runs: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Run one evaluation.

    Args:
        name: A key of `EVALUATIONS`.
        corpus: One of its corpora [default: the first].
        train: Root of training data, one folder per corpus; ignored by an evaluation that trains nothing.
        data: Root of test data. Nothing is learned from it, unless the evaluation splits it itself.
        seed: Random seed.
        runs: Number of repetitions, for evaluations that repeat attacks [default: the evaluation's own].
        tell: Called with each stage, if the evaluation reports stages.

    Returns:
        Flat figures, and `corpus`.

    Raises:
        UnknownFormat: There is no such evaluation or corpus.
        BadConfig: A root that the evaluation needs is not given.
        NotReady: A root is no directory, or lacks a file that the evaluation needs.
    """
    if name not in EVALUATIONS:
        raise UnknownFormat(f"unknown evaluation {name}; expected one of {', '.join(EVALUATIONS)}")
    corpora = EVALUATIONS[name].corpora
    chosen = corpus or next(iter(corpora))
    if chosen not in corpora:
        raise UnknownFormat(f"evaluation {name} has no corpus {chosen}; expected one of {', '.join(corpora)}")
    measure = _function(corpora[chosen])
    roots = {"train": train, "data": data}
    parameters = inspect.signature(measure).parameters
    told: dict[str, Any] = {"tell": tell} if tell is not None and "tell" in parameters else {}
    if runs is not None:
        if "runs" not in parameters:
            raise BadConfig(f"evaluation {name} on {chosen} repeats nothing: leave --runs out")
        told["runs"] = runs
    if "corpus" in parameters:
        told["corpus"] = chosen
    for option, parameter in parameters.items():
        if option in roots and roots[option] is None and parameter.default is inspect.Parameter.empty:
            raise BadConfig(f"evaluation {name} on {chosen} needs --{option} ROOT, a folder with one folder per corpus")
    for option, root in roots.items():
        if root is not None and not root.is_dir():
            raise NotReady(f"--{option} {root}: no such directory")
    for option in [option for option, root in roots.items() if root is not None and option not in parameters]:
        if tell is not None:
            tell(f"evaluation {name} on {chosen} does not use --{option}")
        roots[option] = None
    return {"corpus": chosen, **measure(**{option: root for option, root in roots.items() if root}, seed=seed, **told)}


def _function(written: str) -> Callable[..., dict[str, Any]]:
    module, _, function = written.partition(":")
    found: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), function)
    return found
