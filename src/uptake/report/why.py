"""Explain the evidence for a rewrite: what people said after the request, in counts and in one sentence."""

from __future__ import annotations

from uptake.report.rewrite_graph import Move, draw
from uptake.rewriting.table.artifact import Rewrite, RewriteTable

__all__ = ["draw_why", "evidence_in_words", "moves_of"]


def moves_of(table: RewriteTable, request: str) -> list[Move]:
    """Return the paths behind a request, nearest first, then by most moves."""
    graph = table.moves(request)
    if graph is None:
        return []
    moves = [Move(**row) for row in graph.to_pylist()]
    depth = {request: 0}
    for text in (waiting := [request]):
        for move in moves:
            if move.source == text and move.target not in depth:
                depth[move.target] = depth[text] + 1
                waiting.append(move.target)
    return sorted(moves, key=lambda move: (depth.get(move.source, 0), move.source, -move.moves, move.target))


def draw_why(request: str, rewrite: Rewrite | None, moves: list[Move]) -> str | None:
    """Draw the paths behind a request as SVG; None where nothing was learned for it."""
    if not moves:
        return None
    subtitle = evidence_in_words(rewrite) if rewrite else "left alone: no rewrite is good enough"
    return draw(moves, start=request, chosen=rewrite.acted_on if rewrite else None, subtitle=subtitle)


def evidence_in_words(row: Rewrite) -> str:
    """Say on how many users and sessions a rewrite rests, and what success it promises."""
    evidence = row.evidence
    return (
        f"{evidence.users} users in {evidence.sessions} sessions: success at least {evidence.success_after:.0%} "
        f"with the rewrite, at most {evidence.success_before:.0%} without"
    )
