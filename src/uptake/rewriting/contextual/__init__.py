"""Write a request out by what was said before it."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="contextual",
    kind="carriers",
    help="Requests written out by what was said before them.",
    artifact="uptake.rewriting.contextual.artifact:ContextualRewriter",
)
