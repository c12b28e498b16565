"""Evaluations: each measures one thing on one corpus and returns flat figures.

Functions are named here as "module:function" and imported when their evaluation runs.
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
    """One thing that can be measured."""

    help: str
    """Help text, one line."""
    corpora: Mapping[str, str]
    """Corpus -> "module:function" that measures on it; the first corpus is the default.

    A function that measures on several is told which by its argument `corpus`.
    """


EVALUATIONS: dict[str, Evaluation] = {
    "signals": Evaluation(
        help="Rephrase and defect detection against human truth.",
        corpora={"dstc2": "uptake.lab.evaluate.feedback:dstc2"},
    ),
    "rewrites": Evaluation(
        help="Wins and losses of learned rewrites; SLURP with both microphones of an utterance in one half.",
        corpora={"slurp": "uptake.lab.evaluate.table_slurp:slurp", "dstc2": "uptake.lab.evaluate.table:dstc2"},
    ),
    "rewrite-slurp": Evaluation(
        help="Wins and losses of candidates from a person's past, from all, and from other hearings.",
        corpora={"slurp": "uptake.lab.evaluate.ranking.run:slurp"},
    ),
    "rewrite-bound": Evaluation(
        help="Wins and losses of a ranker that was told the truth of simulated people: an upper bound.",
        corpora={"simulated": "uptake.lab.evaluate.ranking.with_truth:bound"},
    ),
    "home": Evaluation(
        help="Intents and frames of requests to a home, by the assistant's readers.",
        corpora={
            "ha_intents": "uptake.lab.evaluate.home:home",
            "unforeseen": "uptake.lab.evaluate.home_unforeseen:unforeseen",
        },
    ),
    "open": Evaluation(
        help="Intents of crowd wordings that our skills can do, and refusals, by the assistant's readers.",
        corpora={"crowd": "uptake.lab.evaluate.open:crowd"},
    ),
    "slurp": Evaluation(
        help="Intents and slots of the statistical reader, on written sentences and recogniser output.",
        corpora={"slurp": "uptake.lab.evaluate.intents:slurp"},
    ),
    "labels": Evaluation(
        help="A model trained with labels that the log makes, on what failed before.",
        corpora={"slurp": "uptake.lab.evaluate.labels.run:slurp", "hwu64": "uptake.lab.evaluate.labels.run:hwu64"},
    ),
    "layers": Evaluation(
        help="Defects with everybody's rewrites alone and with each person's own, in simulated homes.",
        corpora=dict.fromkeys(("fitted", "book"), "uptake.lab.evaluate.layers:simulated"),
    ),
    "experiments": Evaluation(
        help="False alarms, power and withdrawal on made-up people.",
        corpora={
            "simulated": "uptake.lab.evaluate.experiments:simulated",
            "town": "uptake.lab.evaluate.withdrawal:town",
        },
    ),
    "poison": Evaluation(
        help="Attackers who write to the log: what they get done unasked, and what stopping them costs; made up.",
        corpora={"simulated": "uptake.lab.evaluate.poison.run:simulated"},
    ),
    "privacy": Evaluation(
        help="Wins and losses of differentially private releases by epsilon and people, and attacks on them.",
        corpora={"slurp": "uptake.lab.evaluate.privacy.run:privacy"},
    ),
    "private-text": Evaluation(
        help="Texts that may leave: intents learned from them, identifiers left in them, people found again by them.",
        corpora={
            **dict.fromkeys(("hwu64", "clinc150", "snips"), "uptake.lab.evaluate.private_text.intents:intents"),
            "planted": "uptake.lab.evaluate.private_text.planted:recall",
            **dict.fromkeys(("dstc2", "star"), "uptake.lab.evaluate.private_text.linking:linking"),
        },
    ),
    "failure": Evaluation(
        help="Where turns failed first: false wake, hearing, understanding, finding the thing, doing it.",
        corpora={
            "dstc2": "uptake.lab.evaluate.failures.dstc2:dstc2",
            "simulated": "uptake.lab.evaluate.failures.simulated:simulated",
        },
    ),
    "rephrase": Evaluation(
        help="Requests said again, by a reader of whole dialogues and by models of pairs.",
        corpora={"dstc2": "uptake.lab.evaluate.dialogues.rephrase:dstc2"},
    ),
    "defect": Evaluation(
        help="Turns that failed their user: online, with hindsight, and learned without any label.",
        corpora={"dstc2": "uptake.lab.evaluate.dialogues.defect:dstc2"},
    ),
    "rewrite-dstc2": Evaluation(
        help="Repairs of readings on real calls: wins and losses over all turns, with people's labels and with none.",
        corpora={"dstc2": "uptake.lab.evaluate.repair.run:rewrite_dstc2"},
    ),
    "rewrite-context": Evaluation(
        help="Requests written out by what was said before them.",
        corpora=dict.fromkeys(("cqr", "gecor", "canard"), "uptake.lab.evaluate.contextual.run:judged"),
    ),
    "goals": Evaluation(
        help="Where goals begin and whether they were reached.",
        corpora=dict.fromkeys(("star", "sgd", "dstc2"), "uptake.lab.evaluate.goals.run:goals"),
    ),
    "goals-next": Evaluation(
        help="The next service after a finished one; planted pairs of goals, and what offering them is worth.",
        corpora={
            "sgd": "uptake.lab.evaluate.next_goals.sequences:sequences",
            "star": "uptake.lab.evaluate.next_goals.sequences:sequences",
            "town": "uptake.lab.evaluate.next_goals.town:town",
        },
    ),
    "annotators": Evaluation(
        help="The labels of a model beside those of one annotator.",
        corpora={
            **dict.fromkeys(("star", "sgd", "dstc2"), "uptake.lab.evaluate.goals.annotators:annotators"),
            "conture": "uptake.lab.evaluate.goals.annotators_conture:conture",
        },
    ),
    "teach": Evaluation(
        help="Gaps, definitions and recall of concepts that people teach; preferences that they state.",
        corpora={
            "teach": "uptake.lab.evaluate.teaching.run:teach",
            "simulated": "uptake.lab.evaluate.teaching.town:simulated",
        },
    ),
    "routines": Evaluation(
        help="Routines found in simulated homes that have some and in those that have none.",
        corpora={"simulated": "uptake.lab.evaluate.habits.routines:simulated"},
    ),
    "hunches": Evaluation(
        help="Hunches about devices in simulated homes with habits and without.",
        corpora={"simulated": "uptake.lab.evaluate.habits.hunches:simulated"},
    ),
    "context": Evaluation(
        help="Which reading is meant where and when.",
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
        train: Root to learn from, one folder a corpus; passed over by an evaluation that learns from nothing.
        data: Root to judge on; nothing of it is learnt from, unless the evaluation splits it itself.
        seed: Of everything that draws.
        runs: How often an attack is tried, where the evaluation attacks [default: its own].
        tell: Is told what is being done, where the evaluation says so.

    Returns:
        Flat figures, and `corpus`.

    Raises:
        UnknownFormat: There is no such evaluation or corpus.
        BadConfig: A root that the evaluation needs is not given, or is no directory.
        NotReady: A root does not hold what the evaluation needs.
    """
    if name not in EVALUATIONS:
        raise UnknownFormat(f"no evaluation is called {name}; there is {', '.join(EVALUATIONS)}")
    corpora = EVALUATIONS[name].corpora
    chosen = corpus or next(iter(corpora))
    if chosen not in corpora:
        raise UnknownFormat(f"evaluation {name} knows no corpus {chosen}; it knows {', '.join(corpora)}")
    measure = _function(corpora[chosen])
    roots = {"train": train, "data": data}
    parameters = inspect.signature(measure).parameters
    told: dict[str, Any] = {"tell": tell} if tell is not None and "tell" in parameters else {}
    if runs is not None:
        if "runs" not in parameters:
            raise BadConfig(f"evaluation {name} on {chosen} has no runs to count: leave --runs out")
        told["runs"] = runs
    if "corpus" in parameters:
        told["corpus"] = chosen
    for option, parameter in parameters.items():
        if option in roots and roots[option] is None and parameter.default is inspect.Parameter.empty:
            raise BadConfig(f"evaluation {name} on {chosen} needs --{option} ROOT, a folder with one folder a corpus")
    for option, root in roots.items():
        if root is not None and not root.is_dir():
            raise NotReady(f"--{option} {root}: no such directory")
    for option in [option for option, root in roots.items() if root is not None and option not in parameters]:
        if tell is not None:
            tell(f"--{option} is not read by evaluation {name} on {chosen}")
        roots[option] = None
    return {"corpus": chosen, **measure(**{option: root for option, root in roots.items() if root}, seed=seed, **told)}


def _function(written: str) -> Callable[..., dict[str, Any]]:
    module, _, function = written.partition(":")
    found: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), function)
    return found
