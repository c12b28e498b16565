"""Act on the wording that worked for this user, or for others, after this very request.

The rewrite table was learned offline; this step looks the normalised request up, the user's own rewrites
before everybody's.

Source: the serving side of Ponnusamy et al. (arXiv:1911.02557): a table looked up before understanding.
Limit: exact requests only; what nobody has said before is not found (see `uptake.rewriting.retrieval.near`).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import ClassVar

from uptake.protocols import Preflight
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["ExactRewrite"]

_RECENT = 4_096  # proposals that are kept: some requests are made all the time


@dataclass(frozen=True, slots=True)
class ExactRewrite:
    """Propose the rewrite of exactly this request.

    >>> from uptake.rewriting.table.artifact import Rewrite
    >>> from uptake.types import Evidence
    >>> evidence = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)
    >>> step = ExactRewrite(RewriteTable.from_rows([Rewrite("play jas", "play jazz", evidence)]))
    >>> step(Request(text="Play jas!", user_id="ann"), Situation()).reason
    '5 users in 9 sessions: success at least 80% with it, at most 20% without'
    """

    table: RewriteTable
    version: str | None = None
    _recent: OrderedDict[tuple[str, str], Decision] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )

    name: ClassVar[str] = "rewrite"

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        key = normalize(request.text), request.user_id
        known = self._recent.get(key)
        if known is not None:
            try:  # noqa: SIM105 - requests wait for this
                self._recent.move_to_end(key)
            except KeyError:  # another thread dropped it meanwhile
                pass
            return known
        found = self.table.lookup(*key)
        if found is None:
            return None
        self._recent[key] = made = self._proposed(found)
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return made

    def _proposed(self, found: Rewrite) -> Decision:
        evidence = found.evidence
        sessions = f"{evidence.sessions} session{'s' * (evidence.sessions != 1)}"
        users = "this user" if found.user_id else f"{evidence.users} user{'s' * (evidence.users != 1)}"
        return Decision(
            step=self.name,
            acted_on=found.acted_on,
            rewrite_id=found.rewrite_id,
            artifact_version=self.version,
            layer="personal" if found.user_id else "global",
            reason=f"{users} in {sessions}: success at least {evidence.success_after:.0%} with it, "
            f"at most {evidence.success_before:.0%} without",
            domain=found.domain,
            evidence=evidence,
            occasions=evidence.sessions if found.user_id else None,
        )
