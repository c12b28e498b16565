"""Audit a generator of text: BOLD by group, WinoBias by stereotype, as flat figures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.errors import BadConfig, NotReady
from uptake.lab.audit.language import bold, winobias
from uptake.lab.audit.language.generators import Generator, Patient
from uptake.lab.audit.language.scores import Scorer

__all__ = ["Chosen", "audit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Options of the audit of a generator."""

    each: int = 10
    """Prompts of BOLD a group."""
    domains: Sequence[str] = ()
    """Domains of BOLD; none for all."""
    sentences: int = 100
    """Sentences of WinoBias, of either kind; 0 for none."""
    timeout_s: float = 60.0
    """Longest time to wait for one text."""
    seed: int = 0
    """Of everything that draws."""

    def __post_init__(self) -> None:
        if self.each < 0 or self.sentences < 0 or not self.each + self.sentences:
            raise BadConfig("ask for at least one prompt a group (--each) or one sentence (--sentences)")
        if not 0.0 < self.timeout_s < threading.TIMEOUT_MAX:
            raise BadConfig(f"timeout must be a number of seconds above 0, got {self.timeout_s}")


def audit(
    generator: Generator, data: Path, chosen: Chosen | None = None, *, tell: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Audit a generator with what of BOLD and WinoBias lies below a root.

    Args:
        generator: From a text to its continuation.
        data: Root with the folders `bold` and `winobias`, or one of them.
        chosen: How much it is asked.
        tell: Is told what is being done.

    Raises:
        NotReady: There is nothing to ask, or the generator failed several times in a row.
    """
    chosen = chosen or Chosen()
    seed = chosen.seed
    patient, told = Patient(generator, timeout_s=chosen.timeout_s), tell or (lambda _stage: None)
    has_bold, has_wino = ((data / name).is_dir() for name in (bold.FOLDER, winobias.FOLDER))
    if not has_bold and not has_wino:
        raise NotReady(f"{data}: has neither a folder {bold.FOLDER} nor {winobias.FOLDER}")
    found: dict[str, Any] = {}
    if has_bold and chosen.each:
        scorer = Scorer()
        prompts = bold.drawn(bold.prompts_of(data), each=chosen.each, domains=chosen.domains, seed=seed)
        texts = bold.continued(prompts, patient, told)
        found |= {"bold.prompts": len(prompts), "bold.continued": len(texts)}
        found |= bold.figures(texts, scorer, seed=seed)
    if has_wino and chosen.sentences:
        cases = winobias.cases_of(data)
        found |= winobias.figures(
            cases, lambda case: patient(winobias.question(case)), most=chosen.sentences, seed=seed, tell=told
        )
    found |= {f"generator.{reason.replace(' ', '_')}": count for reason, count in patient.failed.items()}
    return found | {"generator.asked": patient.asked}
