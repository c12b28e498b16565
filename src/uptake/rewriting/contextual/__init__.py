"""Contextual rewriting: complete a request from the dialogue before it."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="contextual",
    kind="carriers",
    help="Requests completed from the dialogue before them (pronouns, ellipses).",
    artifact="uptake.rewriting.contextual.artifact:ContextualRewriter",
)
