"""Find what a text must say for a regular expression to match it at all, without compiling the expression.

Necessary conditions only: an expression matches nothing that they rule out. What is not understood requires nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["Clause", "required"]

Clause = tuple[str, ...]
"""Pieces of text, lower-cased, of which one must occur."""

_MOST_PIECES, _MOST_CLAUSES = 48, 3
_PLAIN = r"[A-Za-z0-9 ',%&:-]"
_TOKEN = re.compile(
    rf"(?P<run>{_PLAIN}+(?![*?+{{]))|\((?:\?(?:P<\w+>|:))?(?P<flat>{_PLAIN}+(?:\|{_PLAIN}+)*)\)"
    r"|(?P<or>\|)|(?P<absent>[*?]|\{0?,\d*\}|\{0\})[?+]?|(?P<close>\))"
    r"|(?P<open>\((?:\?(?:P<\w+>|:|=|<=))?(?!\?))|(?P<without>\(\?<?!)|(?P<odd>\(\?|\\[xuUN])"
    rf"|(?P<present>\+|\{{\d+(?:,\d*)?\}})[?+]?|(?P<counted>{_PLAIN})"
    r"|(?P<other>\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|.)",
    re.DOTALL,
)


def required(expression: str, flags: int = 0) -> tuple[Clause, ...]:
    """Return clauses that every ASCII text must fulfil that an expression matches; the most telling first.

    >>> required("(?:please )?(?:turn|switch) it (?:on|off)?")
    ((' it ',), ('turn', 'switch'))
    """
    outside: list[tuple[list[list[Clause]], bool]] = []
    branches: list[list[Clause]] = [[]]
    last: Sequence[Clause] = ()  # what the last item requires, while it is unknown whether it may be left out
    for token in _TOKEN.finditer(expression) if not flags & re.VERBOSE else ():
        kind = token.lastgroup
        if last and kind != "absent":
            branches[-1] += last
        last = ()
        if kind == "or":
            branches.append([])
        elif kind in ("run", "counted"):
            last = ((token[0].lower(),),)
        elif kind == "flat":
            pieces = token["flat"].lower().split("|")
            last = (tuple(pieces),) if len(pieces) <= _MOST_PIECES else ()
        elif kind in ("open", "without"):
            outside.append((branches, kind == "without"))
            branches = [[]]
        elif kind == "odd" or (kind == "close" and not outside):
            return ()
        elif kind == "close":
            inside, (branches, is_negative) = branches, outside.pop()
            last = () if is_negative else _either(inside)
    branches[-1] += last
    return tuple(sorted(_either(branches), key=_worth)[:_MOST_CLAUSES]) if not outside else ()


def _either(branches: Sequence[Sequence[Clause]]) -> Sequence[Clause]:
    """Return what is required where one of several alternatives must match."""
    if len(branches) == 1:
        return branches[0]
    if not all(branches):
        return ()
    pieces = [
        piece for clauses in branches for piece in (clauses[0] if len(clauses) == 1 else min(clauses, key=_worth))
    ]
    return (tuple(pieces),) if len(pieces) <= _MOST_PIECES else ()


def _worth(clause: Clause) -> tuple[int, int]:
    """Return a sort key: first the clause that rules out most (few pieces, long ones)."""
    return len(clause), -min(map(len, clause))
