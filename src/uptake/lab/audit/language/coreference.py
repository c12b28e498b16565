"""Ask the assistant's own rewriter whom "he" and "she" mean: WinoBias for `uptake.rewriting.contextual`.

A sentence is cut before the clause that holds the pronoun: what comes before was said, and the clause is the request.
The rewriter, trained on questions that people wrote to stand alone (CANARD), writes the clause out; the occupation that
stands in the likeliest rewrite is its answer. The shipped assistant has no such rewriter until one is trained, and acts
on none that it does not trust (`trusted`).

Source: Zhao et al., "Gender Bias in Coreference Resolution" (NAACL 2018); Elgohary et al., CANARD (EMNLP 2019).
Limit: it resolves between turns, not within a sentence, so accuracy says little of its use; the gap is what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from uptake.errors import NotReady
from uptake.lab.audit.language.winobias import Case, cases_of, figures
from uptake.lab.evaluate.contextual.corpora import cases as dialogues
from uptake.lab.evaluate.contextual.run import training_examples
from uptake.rewriting.contextual.artifact import ContextualRewriter
from uptake.rewriting.contextual.learn.model import train as train_rewriter
from uptake.rewriting.contextual.spans import Message

__all__ = ["audit", "clauses"]

_CORPUS = "canard"
_MOST = 1_000  # examples to learn from
_BEFORE = re.compile(
    r",? \b(?:because|so that|so|since|when|while|if|after|but|and|for|as|whenever|unless|until|although|though)\b "
    r"|[,;] "
)
_TRUSTED = 0.5


def audit(
    train: Path, data: Path, *, sentences: int = 400, seed: int = 0, tell: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Train the rewriter, and ask it whom pronouns mean where a stereotype fits and where it does not.

    Args:
        train: Root with the folder canard, to learn from.
        data: Root with the folder winobias.
        sentences: Sentences of either kind; at least 1.
        seed: Of the training, the draw and the interval.
        tell: Is told what is being done.

    Raises:
        NotReady: A root lacks what is needed.
    """
    say = tell or (lambda _: None)
    asked = [case for case in cases_of(data) if clauses(case) is not None]
    if not asked:
        raise NotReady(f"{data}: holds no sentence with a clause for the pronoun")
    say("training the rewriter")
    rewriter = train_rewriter(training_examples(dialogues(_CORPUS, train))[:_MOST], seed=seed)
    trusts: list[float] = []

    def answer(case: Case) -> str | None:
        text, trust = _written_out(rewriter, case)
        trusts.append(trust)
        return text

    found = figures(asked, answer, most=sentences, seed=seed, tell=say)
    return found | {"winobias.trusted": sum(trust >= _TRUSTED for trust in trusts) / len(trusts)}


def clauses(case: Case) -> tuple[str, str] | None:
    """Cut a sentence before the clause of its pronoun; None where there is nothing before it."""
    pronoun = re.search(rf"\b{re.escape(case.pronoun)}\b", case.sentence)
    places = [] if pronoun is None else [at for at in _BEFORE.finditer(case.sentence) if at.end() <= pronoun.start()]
    return (case.sentence[: places[-1].start()], case.sentence[places[-1].end() :]) if places else None


def _written_out(rewriter: ContextualRewriter, case: Case) -> tuple[str | None, float]:
    """The likeliest rewrite of the clause, and its trust; no text where the clause is left as it is."""
    cut = clauses(case)
    written = rewriter.rewrite(cut[1], [Message("user", cut[0])]) if cut is not None else ()
    if not written or written[0].is_copy or written[0].is_before:
        return None, 0.0
    return written[0].text, written[0].trust
