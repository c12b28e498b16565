"""Draw what people said next as a layered graph, in one self-contained SVG.

Columns are moves away from the request; success and failure are in the last one. Moves that skip columns run through
free places of the columns between, so that no line crosses a box. The order within a column follows the neighbours
(barycentres), which keeps crossings few. After Sugiyama, Tagawa and Toda (1981).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import NamedTuple

from uptake.rewriting.table.artifact import FAILURE, OTHER, SUCCESS

__all__ = ["Move", "draw", "shown"]

_BOX, _ROW, _GAP, _MARGIN, _TOP = 232, 70, 170, 32, 96  # pixels: box width, row pitch, gap between columns, …
_HEIGHT = 46
_TIMES = "\u00d7"
_LABEL = (70, 19)  # pixels a label keeps clear, across and down
_SHARES = (0.66, 0.5, 0.78, 0.34, 0.84, 0.24)  # where along a gap a label may stand, best first
_ENDS = [SUCCESS, FAILURE]
_WORDS = {SUCCESS: "success", FAILURE: "failure", OTHER: "other wordings"}
_STYLE = """
 text{font-family:Inter,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:#1f2933}
 .title{font-size:19px;font-weight:600}.sub{font-size:13px;fill:#52606d}
 .name{font-size:14px;font-weight:500}.small{font-size:11.5px;fill:#52606d}
 .count{font-size:11.5px;fill:#3e4c59}
 .box{fill:#f5f7fa;stroke:#9aa5b1;stroke-width:1.2}.start{fill:#e3effd;stroke:#2f6fd0;stroke-width:2}
 .chosen{fill:#e6f6ec;stroke:#1f9254;stroke-width:2.4}.other{fill:#fff;stroke:#9aa5b1;stroke-dasharray:5 4}
 .success{fill:#1f9254;stroke:none}.failure{fill:#c0392b;stroke:none}
 .move{fill:none;stroke:#9aa5b1;stroke-opacity:.75}.to-success{stroke:#1f9254}.to-failure{stroke:#d9796e}
 .way{stroke:#2f6fd0;stroke-opacity:.95}.back{stroke-dasharray:6 4}
 text.light{fill:#fff}
"""


class Move(NamedTuple):
    """Transition from one wording to the next, with its numbers of users and turns."""

    source: str
    target: str
    users: int
    moves: int


@dataclass(slots=True, eq=False)
class _Node:
    """Box, or a bend (`text` is None) at which a long line passes a column."""

    text: str | None
    column: int
    y: float = 0.0
    before: list[tuple[_Node, Move]] = field(default_factory=list)
    after: list[tuple[_Node, Move]] = field(default_factory=list)

    @property
    def x(self) -> float:
        return _MARGIN + self.column * (_BOX + _GAP)

    @property
    def middle(self) -> float:
        return self.y + _HEIGHT / 2

    def port(self, other: _Node, side: list[tuple[_Node, Move]], move: Move) -> float:
        """Return where on its side the line of a move begins: lines leave in the order of their ends."""
        order = sorted(side, key=lambda line: (line[0].y, line[1]))
        apart = min(11.0, (_HEIGHT - 14) / max(1, len(order) - 1))
        return self.middle + (order.index((other, move)) - (len(order) - 1) / 2) * apart


class _Line(NamedTuple):
    """Transition with the nodes it passes, from left to right."""

    move: Move
    path: list[_Node]
    backward: bool
    """Whether the move goes from right to left."""


def draw(moves: Sequence[Move], *, start: str, chosen: str | None, subtitle: str = "", most: int = 10) -> str:
    """Draw the moves that lead away from a request.

    Args:
        moves: Counts; those from `start` come first.
        start: The request.
        chosen: What it is rewritten to; its way there is drawn in blue.
        subtitle: One line below the title.
        most: Most wordings that are drawn, by moves; the rest is left out and the drawing says so.

    Returns:
        The text of an SVG file.
    """
    kept, left_out = _most_moved(moves, start, chosen, most)
    columns, lines = _layers(kept, start)
    height = _place(columns) + 34
    width = 2 * _MARGIN + len(columns) * _BOX + (len(columns) - 1) * _GAP
    widest = max((move.moves for move in kept), default=1)
    labels = _Labels()
    lines.sort(key=lambda line: (line.move.moves, line.move))
    curves = [_curve(line, widest, (start, chosen), labels) for line in lines]
    boxes = [_box(node, start, chosen) for column in columns for node in column if node.text is not None]
    more = f"; {left_out} rarer wordings are not drawn" if left_out else ""
    legend = f"5{_TIMES} by 3: five times in all, by three users{more}. Dashed: back to an earlier wording."
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img">',
            f"<title>What people said after “{escape(start)}”</title><style>{_STYLE}</style>",
            '<defs><marker id="tip" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto" '
            'markerUnits="userSpaceOnUse"><path d="M0 0L9 4L0 8z" fill="#7b8794"/></marker>'
            '<marker id="tip-back" markerWidth="9" markerHeight="8" refX="1" refY="4" orient="auto" '
            'markerUnits="userSpaceOnUse"><path d="M9 0L0 4L9 8z" fill="#7b8794"/></marker></defs>',
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<text class="title" x="{_MARGIN}" y="40">What people said after “{escape(_short(start, 60))}”</text>',
            f'<text class="sub" x="{_MARGIN}" y="63">{escape(subtitle)}</text>',
            *curves,
            *boxes,
            *labels.texts,
            f'<text class="small" x="{_MARGIN}" y="{height - 18:.0f}">{escape(legend)}</text>',
            "</svg>\n",
        ]
    )


def _most_moved(moves: Iterable[Move], start: str, chosen: str | None, most: int) -> tuple[list[Move], int]:
    """Return the moves among the wordings that matter most, and how many wordings were left out."""
    moves = list(moves)
    weight: dict[str, int] = {}
    for move in moves:
        weight[move.target] = weight.get(move.target, 0) + move.moves
    always = {start, SUCCESS, FAILURE} | ({chosen} if chosen else set())
    rest = sorted((text for text in weight if text not in always), key=lambda text: (-weight[text], text))
    shown = always | set(rest[:most])
    return [move for move in moves if move.source in shown and move.target in shown], len(rest[most:])


def _layers(moves: Sequence[Move], start: str) -> tuple[list[list[_Node]], list[_Line]]:
    """Return columns of nodes, bends included, and the lines between them."""
    depth = {start: 0}
    for text in (waiting := [start]):
        for move in moves:
            if move.source == text and move.target not in depth and move.target not in _ENDS:
                depth[move.target] = depth[text] + 1
                waiting.append(move.target)
    last = max(depth.values()) + 1
    ends = [end for end in _ENDS if any(move.target == end for move in moves)]
    depth |= dict.fromkeys(ends, last)
    columns: list[list[_Node]] = [[] for _ in range(last + bool(ends))]
    nodes = {text: _Node(text, column) for text, column in depth.items()}
    for node in nodes.values():
        columns[node.column].append(node)
    lines = []
    for move in moves:
        if move.source in nodes and move.target in nodes and move.source != move.target:
            lines.append(_connect(move, nodes, columns))
    return columns, lines


def _connect(move: Move, nodes: dict[str, _Node], columns: list[list[_Node]]) -> _Line:
    """Return a line with a bend in every column it passes; a move backwards is laid out as if it went forwards."""
    backward = nodes[move.source].column > nodes[move.target].column
    left, right = sorted((nodes[move.source], nodes[move.target]), key=lambda node: node.column)
    if left.column == right.column:
        return _Line(move, [nodes[move.source], nodes[move.target]], False)
    bends = [_Node(None, column) for column in range(left.column + 1, right.column)]
    for bend in bends:
        columns[bend.column].append(bend)
    path = [left, *bends, right]
    for one, other in pairwise(path):
        one.after.append((other, move))
        other.before.append((one, move))
    return _Line(move, path, backward)


def _place(columns: list[list[_Node]]) -> float:
    """Give every node its place; returns the height it takes."""
    for column in columns:
        _spread(column)
    for sweep in range(12):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            ends = column is columns[-1] and column[-1].text in _ENDS
            column.sort(key=lambda node: _ENDS.index(str(node.text)) if ends else _barycentre(node, forward=forward))
            _spread(column)
    tallest = max(len(column) for column in columns)
    for column in columns:
        stretch = 1.0 if column[0].text not in _ENDS or len(column) == 1 else max(1.0, (tallest - 1) * 0.6)
        for node in column:
            node.y = _TOP + ((tallest - 1) / 2 + node.y * stretch) * _ROW
    return _TOP + tallest * _ROW


def _spread(column: list[_Node]) -> None:
    for at, node in enumerate(column):
        node.y = at - (len(column) - 1) / 2


def _barycentre(node: _Node, *, forward: bool) -> float:
    neighbours = node.before if forward else node.after
    return sum(each.y for each, _ in neighbours) / len(neighbours) if neighbours else node.y


class _Labels:
    """Counts beside the lines, each at the first free place along its line."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._taken: list[tuple[float, float]] = []

    def add(self, text: str, places: Sequence[tuple[float, float]]) -> None:
        free = [
            (x, y) for x, y in places if all(abs(x - a) > _LABEL[0] or abs(y - b) > _LABEL[1] for a, b in self._taken)
        ]
        x, y = (free or places)[0]
        self._taken.append((x, y))
        wide = 6.4 * len(text) + 10
        self.texts.append(
            f'<rect x="{x - wide / 2:.0f}" y="{y - 9:.0f}" width="{wide:.0f}" height="18" rx="9" fill="#fff" '
            f'fill-opacity=".93"/><text class="count" text-anchor="middle" x="{x:.0f}" y="{y + 4:.0f}">{text}</text>'
        )


def _curve(line: _Line, widest: int, way: tuple[str, str | None], labels: _Labels) -> str:
    """Return the curve of one move; its label goes to `labels`."""
    move, path = line.move, line.path
    kind = {SUCCESS: " to-success", FAILURE: " to-failure"}.get(move.target, "")
    kind += " way" if (move.source, move.target) == way else ""
    thick = 1.4 + 7.0 * (move.moves / widest) ** 0.5
    tip, places = "", []
    if path[0].column == path[1].column:  # round the right-hand side of its column
        x, y, end = path[0].x + _BOX, path[0].middle, path[1].middle
        data = f"M{x:.0f} {y:.0f}C{x + 60:.0f} {y:.0f} {x + 60:.0f} {end:.0f} {x:.0f} {end:.0f}"
        places, tip = [(x + 45, (y + end) / 2)], ' marker-end="url(#tip)"'
    else:
        data = ""
        for one, other in pairwise(path):
            x, y = one.x + _BOX, one.middle if one.text is None else one.port(other, one.after, move)
            to, end = other.x, other.middle if other.text is None else other.port(one, other.before, move)
            data += f"{'L' if data else 'M'}{x:.0f} {y:.0f}"
            data += f"C{x + _GAP / 2:.0f} {y:.0f} {to - _GAP / 2:.0f} {end:.0f} {to:.0f} {end:.0f}"
            if other.text is None:
                places.insert(0, (to + _BOX / 2, end))
            places += [(x + share * _GAP, y + (end - y) * _ease(share)) for share in _SHARES]
    if line.backward:
        kind, tip = f"{kind} back", ' marker-start="url(#tip-back)"'
    by = f" by {move.users}" if move.users else ""  # nobody counts the users of wordings that are not shown
    labels.add(f"{move.moves}{_TIMES}{by}", places)
    return f'<path class="move{kind}" d="{data}" stroke-width="{thick:.1f}"{tip}/>'


def _ease(share: float) -> float:
    """Return the height of the curve at a share of its width (nearly)."""
    return 3 * share**2 - 2 * share**3


def _box(node: _Node, start: str, chosen: str | None) -> str:
    text = node.text or ""
    kind = {SUCCESS: "success", FAILURE: "failure", OTHER: "other", start: "start"}.get(text, "box")
    kind = "chosen" if text == chosen else kind
    light = " light" if kind in ("success", "failure") else ""
    small = {"start": "the request", "chosen": "the rewrite"}.get(kind, "")
    x, y = node.x + _BOX / 2, node.y + (21 if small else 28)
    below = (
        f'<text class="small" text-anchor="middle" x="{x:.0f}" y="{node.y + 37:.0f}">{small}</text>' if small else ""
    )
    return (
        f'<g><title>{escape(shown(text))}</title><rect class="{kind}" x="{node.x:.0f}" y="{node.y:.0f}" '
        f'width="{_BOX}" height="{_HEIGHT}" rx="10"/><text class="name{light}" text-anchor="middle" x="{x:.0f}" '
        f'y="{y:.0f}">{escape(_short(shown(text), 31))}</text>{below}</g>'
    )


def shown(text: str) -> str:
    """Return the label of a wording: itself, but for success, failure and what is not shown."""
    return _WORDS.get(text, text)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
