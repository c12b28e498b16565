"""Attack `uptake log export --private`: re-identify people by their style.

The attacker holds an export in which each person is a pseudonym, and for everybody in it other texts under their name.
Each person's dialogues are split by turns: every other one is exported, the rest is known to the attacker. The attacker
has no key, so only the kind of a tag is used, and the known texts are anonymised likewise. Profiles are bags of words,
pairs of words and pieces of words (TF-IDF); a pseudonym is assigned to the nearest profile by cosine.

Source: writeprints reduced to nearest neighbours, after Narayanan et al., "On the Feasibility of Internet-Scale Author
Identification" (IEEE S&P 2012). Limit: people of these corpora acted on given tasks, which hides their style, or
repeated a task, which reveals them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import MissingExtra, NotReady
from uptake.lab import corpora
from uptake.lab.evaluate.harness import bounded, mean
from uptake.privacy.anonymise import Anonymiser
from uptake.release.export import public_words, word_noise
from uptake.types import Turn

__all__ = ["linked", "linking"]

EPSILONS = (20.0, 10.0, 5.0)
_KEY = b"evaluation, no secret"
_TAG = re.compile(r"\b([a-z]+)_[0-9a-f]{8}\b")
_ANY_WORD = r"\S+"
_LEAST = 4  # dialogues of a person who is looked for

Texts = dict[str, list[str]]


def linking(*, data: Path, corpus: str, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Measure how many people are found again in an export, as said, anonymised, and with metric noise.

    Args:
        data: Root that holds the folder of the corpus.
        corpus: dstc2 or star.
        seed: Of the noise and of the interval.
        tell: Is told what is being done.
    """
    say, rng = tell or (lambda _: None), np.random.default_rng(seed)
    known, exported = _halves(corpora.read(corpus, data / corpora.CORPORA[corpus].folder))
    clean = Anonymiser(_KEY, vocabulary=public_words())
    noises = {f"eps_{epsilon:g}": word_noise(epsilon, rng=rng) for epsilon in EPSILONS}
    figures: dict[str, Any] = {"people": len(known), "linked_by_chance": 1.0 / len(known)}
    for name in ("as_said", "anonymised", *noises):
        say(f"linking people of {corpus}: {name}")
        cut = str.casefold if name == "as_said" else clean
        before, after = (
            {one: [cut(text) for text in texts] for one, texts in part.items()} for part in (known, exported)
        )
        if name in noises:
            after = {one: noises[name].all(texts) for one, texts in after.items()}
        figures |= bounded(f"linked_{name}", mean(linked(before, after)), sorted(known), seed=seed)
    return figures


def linked(known: Texts, exported: Texts) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell for each person, in the order of their names, whether their nearest profile is their own."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union
    except ImportError as error:
        raise MissingExtra("linking needs scikit-learn: pip install 'uptake[train]'") from error
    people = sorted(known)
    left, right = ([_TAG.sub(r"\1_", " \n ".join(texts[one])) for one in people] for texts in (known, exported))
    profile = make_union(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY_WORD, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, max_features=20_000),
    ).fit([*left, *right])
    near = (profile.transform(right) @ profile.transform(left).T).toarray()
    return np.asarray(near.argmax(axis=1) == np.arange(len(people)))


def _halves(turns: Iterable[Turn]) -> tuple[Texts, Texts]:
    """Texts of each person with enough dialogues: what the attacker knows, and what is exported."""
    sessions: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for turn in turns:
        sessions[turn.user_id].setdefault(turn.session_id or turn.turn_id, []).append(turn.request)
    known: Texts = {}
    exported: Texts = {}
    for person, dialogues in sessions.items():
        if len(dialogues) >= _LEAST:
            texts = [said for _, said in sorted(dialogues.items())]
            known[person] = [text for said in texts[::2] for text in said]
            exported[person] = [text for said in texts[1::2] for text in said]
    if len(known) < 2:
        raise NotReady(f"linking needs two people with at least {_LEAST} dialogues each")
    return known, exported
