"""Draw charts as inline SVG, without a library: lines with bands, bars, intervals, and small multiples.

A chart is text that is placed in a page: it takes its colours from the page's style (`STYLE`), light or dark, has a
label for screen readers, and shows values as titles on hover. It has no scripts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["STYLE", "Band", "Interval", "bars", "intervals", "lines"]

STYLE = """
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font:12px/1 var(--font);fill:var(--soft)}
@media(max-width:640px){section>svg text{font-size:19px}}
svg .name{fill:var(--ink)}svg .value{fill:var(--ink);font-weight:600}
svg .grid{stroke:var(--line);stroke-width:1}svg .zero{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:3 3}
svg .line{fill:none;stroke-width:2.4;stroke-linejoin:round;stroke-linecap:round}
svg .line.faint{stroke-width:1.4;stroke-dasharray:2 4}
svg .mark{stroke:var(--card);stroke-width:1.5}svg .band{stroke:none;fill-opacity:.15}
svg .track{fill:var(--line);fill-opacity:.55}svg .whisker{stroke-width:2.4;stroke-linecap:round}
svg .note{stroke:var(--bad);stroke-width:1.4;stroke-dasharray:4 3}
.c0{stroke:var(--c0);fill:var(--c0)}.c1{stroke:var(--c1);fill:var(--c1)}.c2{stroke:var(--c2);fill:var(--c2)}
.c3{stroke:var(--c3);fill:var(--c3)}.good{stroke:var(--good);fill:var(--good)}.bad{stroke:var(--bad);fill:var(--bad)}
path.line.c0,path.line.c1,path.line.c2,path.line.c3{fill:none}rect.c0,rect.c1,rect.c2,rect.c3,rect.good,rect.bad{stroke:none}
path.band.c0,path.band.c1,path.band.c2,path.band.c3{stroke:none}
"""
"""Style of the charts; a page defines --font, --ink, --soft, --line, --card, --c0 to --c3, --good and --bad."""

Place = Callable[[float], float]

_WIDE = 720
_COLOURS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Line of a chart, with the interval around it."""

    name: str
    """Label of the series."""
    values: Sequence[float]
    """One value a place; NaN leaves a gap."""
    low: Sequence[float] | None = None
    """Lower ends of the intervals."""
    high: Sequence[float] | None = None
    """Upper ends."""
    is_faint: bool = False
    """Whether it stays in the background: few people stand behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Row of a chart of intervals."""

    name: str
    """Label of the row."""
    value: float
    low: float
    high: float
    note: str = ""
    """Text at the end of the row."""
    kind: str = "c1"
    """Colour: c0 to c3, good or bad."""


def lines(
    title: str,
    places: Sequence[str],
    bands: Sequence[Band],
    *,
    percent: bool = True,
    marks: Sequence[tuple[int, str]] = (),
    size: tuple[int, int] = (_WIDE, 260),
) -> str:
    """Return lines over days, each with its band.

    Args:
        title: What the chart shows, for those who cannot see it.
        places: Labels along the bottom.
        bands: The lines, at most four.
        percent: Whether values are shares.
        marks: (place, text) of vertical lines.
        size: Width and height, in pixels.
    """
    wide, height = size
    left, top, bottom = 52, 14, 28
    right = 96 if any(band.name for band in bands) else 12
    low, high, step = _range([bound for band in bands for bound in _bounds(band)])
    reach = max(len(places) - 1, 1)

    def x(at: float) -> float:
        return left + (wide - left - right) * (at / reach if len(places) > 1 else 0.5)

    def y(value: float) -> float:
        return top + (height - top - bottom) * (1.0 - (value - low) / (high - low))

    drawn = [_grid((low, high, step), left, wide - right, y, percent)]
    every = max(1, math.ceil(len(places) * 80 / wide))
    drawn += [
        f'<text x="{x(at):.1f}" y="{height - 8}" text-anchor="middle">{escape(places[at])}</text>'
        for at in range(0, len(places), every)
    ]
    drawn += [_mark(x(at), text, top, height - bottom) for at, text in marks]
    taken: list[float] = []
    for number, band in enumerate(bands[:_COLOURS]):
        drawn.append(_band(band, number, x, y))
        drawn.append(_line(band, number, places, x, y, percent))
        drawn.append(_label(band, number, wide - right + 10, y, taken))
    return _svg(title, wide, height, drawn)


def bars(
    title: str, rows: Sequence[tuple[str, float, str]], *, kind: str = "c1", label_px: int = 190, wide: int = _WIDE
) -> str:
    """Return horizontal bars: (name, length, text at the end), longest first as given.

    Args:
        title: What the chart shows.
        rows: The bars.
        kind: Colour: c0 to c3, good or bad.
        label_px: Room for the names, in pixels.
        wide: Width, in pixels.
    """
    longest = max((length for _, length, _ in rows), default=0.0) or 1.0
    room, drawn = wide - label_px - 104, []
    for at, (name, length, text) in enumerate(rows):
        top, long = 6 + at * 30, max(room * length / longest, 1.5)
        drawn.append(
            f"<g><title>{escape(name)}: {escape(text)}</title>"
            f'<text class="name" x="{label_px - 12}" y="{top + 15}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect class="track" x="{label_px}" y="{top}" width="{room}" height="20" rx="4"/>'
            f'<rect class="{kind}" x="{label_px}" y="{top}" width="{long:.1f}" height="20" rx="4"/>'
            f'<text class="value" x="{label_px + room + 10}" y="{top + 15}">{escape(text)}</text></g>'
        )
    return _svg(title, wide, 10 + 30 * len(rows), drawn)


def intervals(title: str, rows: Sequence[Interval]) -> str:
    """Return shares with their intervals, one a row, on a common axis that shows zero."""
    ends = [end for row in rows for end in (row.low, row.high, row.value) if math.isfinite(end)]
    low, high, step = _range([*ends, 0.0], floor=None)
    label_px, right, height = 190, 130, 34 * len(rows) + 34

    def x(value: float) -> float:
        return label_px + (_WIDE - label_px - right) * (min(max(value, low), high) - low) / (high - low)

    drawn = []
    for tick in _ticks(low, high, step):
        kind = "zero" if abs(tick) < step / 1e6 else "grid"
        drawn.append(f'<line class="{kind}" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="4" y2="{height - 26}"/>')
        drawn.append(f'<text x="{x(tick):.1f}" y="{height - 8}" text-anchor="middle">{_number(tick, True)}</text>')
    for at, row in enumerate(rows):
        middle, name, note = 22 + 34 * at, escape(_short(row.name)), escape(row.note)
        around = f"{_number(row.value, True)} [{_number(row.low, True)}, {_number(row.high, True)}]"
        span = f'x1="{x(row.low):.1f}" x2="{x(row.high):.1f}" y1="{middle}" y2="{middle}"'
        drawn.append(
            f"<g><title>{escape(row.name)}: {around}</title>"
            f'<text class="name" x="{label_px - 12}" y="{middle + 4}" text-anchor="end">{name}</text>'
            f'<line class="whisker {row.kind}" {span}/>'
            f'<circle class="mark {row.kind}" cx="{x(row.value):.1f}" cy="{middle}" r="6"/>'
            f'<text class="value" x="{_WIDE - right + 12}" y="{middle + 4}">{note}</text></g>'
        )
    return _svg(title, _WIDE, height, drawn)


def _svg(title: str, wide: int, height: float, drawn: Sequence[str]) -> str:
    name = escape(title, quote=True)
    inside = "".join(drawn)
    return f'<svg role="img" viewBox="0 0 {wide} {height:.0f}" aria-label="{name}"><title>{name}</title>{inside}</svg>'


def _bounds(band: Band) -> list[float]:
    """Return the values of a band and the ends of its intervals, without what would squeeze everything else flat."""
    values = [value for value in band.values if not math.isnan(value)]
    spread = (max(values) - min(values)) if values else 0.0
    ends = [end for each in (band.low, band.high) if each for end in each if not math.isnan(end)]
    most = max(values, default=0.0) + max(3.0 * spread, 0.1)
    return values + [min(end, most) for end in ends]


def _range(values: Sequence[float], *, floor: float | None = 0.0) -> tuple[float, float, float]:
    """Return (low, high, step) of an axis that holds all values at round numbers."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if floor is not None and low >= floor:
        low = floor
    high = high if high > low else low + 1.0
    raw = (high - low) / 5.0
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(times * unit for times in (1.0, 2.0, 2.5, 5.0, 10.0) if times * unit >= raw * (1 - 1e-9))
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def _ticks(low: float, high: float, step: float) -> list[float]:
    return [low + step * at for at in range(round((high - low) / step) + 1)]


def _grid(axis: tuple[float, float, float], left: float, right: float, place: Place, percent: bool) -> str:
    return "".join(
        f'<line class="grid" x1="{left}" x2="{right}" y1="{place(tick):.1f}" y2="{place(tick):.1f}"/>'
        f'<text x="{left - 8}" y="{place(tick) + 4:.1f}" text-anchor="end">{_number(tick, percent)}</text>'
        for tick in _ticks(*axis)
    )


def _number(value: float, percent: bool) -> str:
    if not math.isfinite(value):
        return "?"
    if percent:
        return f"{value * 100:.3g} %" if abs(value) < 0.1 else f"{value * 100:.0f} %"
    return f"{value:.3g}"


def _mark(x: float, text: str, top: float, bottom: float) -> str:
    return (
        f'<g><title>{escape(text)}</title><line class="note" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
        f'<text x="{x + 5:.1f}" y="{top + 10}">{escape(text)}</text></g>'
    )


def _pieces(values: Sequence[float]) -> list[list[int]]:
    """Return runs of places that have a value."""
    runs: list[list[int]] = [[]]
    for at, value in enumerate(values):
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(at)
    return [run for run in runs if run]


def _band(band: Band, number: int, x: Place, y: Place) -> str:
    if band.low is None or band.high is None:
        return ""
    low, high, drawn = band.low, band.high, ""
    for run in _pieces(band.values):
        there = [f"{x(at):.1f} {y(high[at]):.1f}" for at in run]
        back = [f"{x(at):.1f} {y(low[at]):.1f}" for at in reversed(run)]
        drawn += f'<path class="band c{number}" d="M{"L".join(there + back)}Z"/>'
    return drawn


def _line(band: Band, number: int, places: Sequence[str], x: Place, y: Place, percent: bool) -> str:
    faint = " faint" if band.is_faint else ""
    drawn = "".join(
        f'<path class="line c{number}{faint}" d="M{"L".join(f"{x(at):.1f} {y(band.values[at]):.1f}" for at in run)}"/>'
        for run in _pieces(band.values)
    )
    radius = 2 if len(band.values) > 40 else 4
    for run in [] if band.is_faint else _pieces(band.values):
        for at in run:
            shown = f"{band.name}, {places[at]}: {_number(band.values[at], percent)}"
            drawn += (
                f'<circle class="mark c{number}" cx="{x(at):.1f}" cy="{y(band.values[at]):.1f}" r="{radius}">'
                f"<title>{escape(shown)}</title></circle>"
            )
    return drawn


def _label(band: Band, number: int, x: float, y: Place, taken: list[float]) -> str:
    """Return the name of a line beside its end, moved down where another one stands there."""
    known = [value for value in band.values if not math.isnan(value)]
    if not known or not band.name:
        return ""
    height = y(known[-1])
    while any(abs(height - other) < 15 for other in taken):
        height += 5
    taken.append(height)
    return (
        f'<rect class="c{number}" x="{x}" y="{height - 5:.1f}" width="10" height="10" rx="3"/>'
        f'<text class="name" x="{x + 15}" y="{height + 4:.1f}">{escape(_short(band.name, 12))}</text>'
    )


def _short(text: str, most: int = 28) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
