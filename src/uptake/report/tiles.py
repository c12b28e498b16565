"""Select the main figures of a report, one per tile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from uptake.report.experiment import interval, ratio, share

__all__ = ["Tile", "main_figures", "tiles"]


class Tile(NamedTuple):
    """Figure with its description."""

    name: str
    """What it counts, for whoever links to what stands behind it."""
    value: str
    what: str
    around: str
    """Its interval, or what it is part of."""
    tone: str = ""
    """"good" or "bad" where that is established."""


def main_figures(report: Mapping[str, Any]) -> Iterator[Tile]:
    """List the main figures.

    Args:
        report: What `uptake.report.overview.overview` returned.
    """
    sizes, rate = report["sizes"], report["rate"]
    yield Tile("failed", share(rate["rate"]), "of turns failed their user", interval(rate["low"], rate["high"]))
    experiment = report["experiment"] or {}
    effect = experiment.get("scopes", {}).get("all", {}).get("effect")
    if effect:
        good, bad = (effect["reduction_low"] or 0.0) > 0.0, (effect["reduction_high"] or 0.0) < 0.0
        around = interval(effect["reduction_low"], effect["reduction_high"])
        tone = "good" if good else "bad" if bad else ""
        yield Tile("effect", share(effect["reduction"]), "fewer failed turns than without rewrites", around, tone)
    if win := experiment.get("win_loss"):
        expected = win["expected"]
        around = f"{expected['wins']:,.0f} wins, {expected['losses']:,.0f} losses"
        yield Tile("wins", ratio(expected["ratio"]), "wins per loss, estimated", around)
    around = f"and {sizes['personal_rewrites']:,} of single people"
    yield Tile("rewrites", f"{sizes['rewrites']:,}", "rewrites served", around)
    yield Tile("withdrawn", f"{len(report['withdrawn']):,}", "rewrites withdrawn", "because they hurt")
    asked, paused = (sum(row["state"] == state for row in report["canaries"]) for state in ("asking", "paused"))
    yield Tile("asked", f"{asked:,}", "rewrites asked about first", f"and {paused:,} paused")
    around = "because single people complained"
    yield Tile("suspended", f"{report['suspended']:,}", "rewrites suspended", around)


def tiles(report: Mapping[str, Any]) -> str:
    """Render the main figures as HTML."""
    drawn = "".join(
        f'<div class="tile"><b class="{one.tone}">{escape(one.value)}</b>'
        f"<span>{escape(one.what)}<br>{escape(one.around)}</span></div>"
        for one in main_figures(report)
    )
    return f'<div class="tiles">{drawn}</div>'
