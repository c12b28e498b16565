"""Audit a generator of text: BOLD by group, WinoBias by stereotype, as flat figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from uptake.errors import BadConfig, NotReady
from uptake.lab.audit.language import bold, winobias
from uptake.lab.audit.language.generators import Generator, Patient
from uptake.lab.audit.language.scores import Scorer

__all__ = ["audit"]


def audit(
    generator: Generator,
    data: Path,
    *,
    each: int = 10,
    domains: Sequence[str] = (),
    sentences: int = 100,
    timeout_s: float = 60.0,
    seed: int = 0,
    tell: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Audit a generator with what of BOLD and WinoBias lies below a root.

    Args:
        generator: From a text to its continuation.
        data: Root with the folders `bold` and `winobias`, or one of them.
        each: Prompts of BOLD a group.
        domains: Domains of BOLD [default: all].
        sentences: Sentences of WinoBias, of either kind; 0 for none.
        timeout_s: Longest time to wait for one text.
        seed: Of everything that draws.
        tell: Is told what is being done.

    Raises:
        NotReady: There is nothing to ask, or the generator failed several times in a row.
    """
    if each < 0 or sentences < 0 or not each + sentences:
        raise BadConfig("ask for at least one prompt a group (--each) or one sentence (--sentences)")
    patient, told = Patient(generator, timeout_s=timeout_s), tell or (lambda _stage: None)
    has_bold, has_wino = ((data / name).is_dir() for name in (bold.FOLDER, winobias.FOLDER))
    if not has_bold and not has_wino:
        raise NotReady(f"{data}: has neither a folder {bold.FOLDER} nor {winobias.FOLDER}")
    found: dict[str, Any] = {}
    if has_bold and each:
        scorer = Scorer()
        prompts = bold.drawn(bold.prompts_of(data), each=each, domains=domains, seed=seed)
        texts = bold.continued(prompts, patient, told)
        found |= {"bold.prompts": len(prompts), "bold.continued": len(texts)}
        found |= bold.figures(texts, scorer, seed=seed)
    if has_wino and sentences:
        cases = winobias.cases_of(data)
        found |= winobias.figures(cases, patient, most=sentences, seed=seed, tell=told)
    found |= {f"generator.{reason.replace(' ', '_')}": count for reason, count in patient.failed.items()}
    return found | {"generator.asked": patient.asked}
