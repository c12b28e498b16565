"""The words that tests of artifacts are written in: `rewrite("a", "b")`, `table(...)`, and Hypothesis tables."""

from __future__ import annotations

from hypothesis import strategies as st

from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.types import Evidence

EVIDENCE = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)


def rewrite(request: str, acted_on: str, user: str | None = None, **evidence) -> Rewrite:
    """A rewrite; five users in nine sessions believe in it unless told otherwise."""
    fields = {name: getattr(EVIDENCE, name) for name in EVIDENCE.__slots__} | evidence
    return Rewrite(request, acted_on, Evidence(**fields), user)


def table(*rows: Rewrite, moves=None) -> RewriteTable:
    """A table of these rewrites."""
    return RewriteTable.from_rows(rows, moves=moves)


texts = st.text(min_size=1, max_size=12)
chances = st.floats(0.0, 1.0)
evidences = st.builds(
    Evidence,
    users=st.integers(0, 2**32 - 1),
    sessions=st.integers(0, 2**32 - 1),
    success_before=chances,
    success_after=chances,
)
rows = st.builds(Rewrite, texts, texts, evidences, st.none() | texts, st.none() | st.text(max_size=5)).filter(
    lambda row: row.request != row.acted_on
)
row_lists = st.lists(rows, max_size=30, unique_by=lambda row: row.key)
