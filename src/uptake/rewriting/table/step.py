"""Propose the wording that worked for this user, or for others, after this very request.

The rewrite table was learned offline; this step looks the normalised request up, personal rewrites before global ones.

Source: the serving side of Ponnusamy et al. (arXiv:1911.02557): a table looked up before understanding. Limit: exact
requests only; new requests are not found (see `uptake.rewriting.retrieval.near`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from uptake.protocols import Preflight
from uptake.rewriting.table.artifact import RewriteTable
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["ExactRewrite"]


@dataclass(frozen=True, slots=True)
class ExactRewrite:
    """Step that proposes the rewrite of exactly this request.

    >>> from uptake.rewriting.table.artifact import Rewrite
    >>> from uptake.types import Evidence
    >>> evidence = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)
    >>> step = ExactRewrite(RewriteTable.from_rows([Rewrite("play jas", "play jazz", evidence)]))
    >>> step(Request(text="Play jas!", user_id="ann"), Situation()).reason
    '5 users in 9 sessions: success at least 80% with it, at most 20% without'
    """

    table: RewriteTable
    version: str | None = None

    name: ClassVar[str] = "rewrite"

    @property
    def rests_on(self) -> object:
        """Return what answers by the text and the person of a request alone: the step itself."""
        return self

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        found = self.table.lookup(normalize(request.text), request.user_id)
        if found is None:
            return None
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
