"""Describe an experiment in sentences, for terminal and page, and its interval day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from uptake.report import charts

__all__ = ["day_by_day", "interval", "ratio", "sentences", "share"]

_SCOPES = {"all": "over all traffic", "triggered": "where a rewrite fires"}


def sentences(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the findings of an experiment as sentences, by heading.

    Args:
        found: What `uptake.experiments.standing.experiment_status` returned; an analysis that was refused has none.
    """
    if found["refused"]:
        return {}
    said = {
        "At any time": list(_any_time(found)),
        "Wins and losses": list(_win_loss(found["win_loss"])) if found["win_loss"] else [],
        "Offers": list(_offers(found["offers"])) if found.get("offers") else [],
        "Sizes of the arms": [_balance(found)] if found["balance_p"] is not None else [],
        "Not yet known": [f"{line[0].upper()}{line[1:]}." for line in found["unknown"]],
    }
    return {heading: lines for heading, lines in said.items() if lines}


def day_by_day(found: Mapping[str, Any]) -> str:
    """Draw the difference of the arms at the end of each day, with the interval that holds on all days together.

    Args:
        found: What `uptake.experiments.standing.experiment_status` returned.

    Returns:
        HTML; "" as long as there is nothing to say on two days.
    """
    if found["refused"]:
        return ""
    drawn = ""
    for scope, name in _SCOPES.items():
        looks = [look for look in found["by_day"][scope] if look["ready"]]
        if len(looks) < 2:
            continue
        ends = {end: [look[end] for look in looks] for end in ("difference", "low", "high")}
        nothing = charts.Band(name="", values=[0.0] * len(looks), is_faint=True)
        band = charts.Band(name="", values=ends["difference"], low=ends["low"], high=ends["high"])
        title = f"Difference of the shares that failed {name}, by day, with the interval that holds on all days"
        chart = charts.lines(title, [look["day"][5:] for look in looks], [nothing, band])
        drawn += f"<h3>{name.capitalize()}</h3>{chart}"
    control, treatment = (escape(arm) for arm in found["arms"])
    text = (
        f"Rate of {treatment} minus rate of {control}: below 0, rewrites help. The band is the interval at the end of "
        f"each day; with {1 - found['alpha']:.0%} confidence it holds on all days together, so that one may look daily."
    )
    return f"<section><h2>Difference, day by day</h2><p class='soft'>{text}</p>{drawn}</section>" if drawn else ""


def _any_time(found: Mapping[str, Any]) -> Iterator[str]:
    control, treatment = found["arms"]
    yield (
        f"Each of these holds with {1 - found['alpha']:.0%} confidence at all times together, however often one looks; "
        f"a difference is the rate of {treatment} minus that of {control}."
    )
    for scope, name in _SCOPES.items():
        look = found["any_time"][scope]
        if not look["ready"]:
            yield f"{name.capitalize()}: too few people to say anything."
            continue
        said = f"{name.capitalize()} the difference lies in {_points(look['low'], look['high'])}"
        if look["reduction_low"] is not None and look["reduction_low"] >= -1.0:
            said += f", the relative reduction in {interval(look['reduction_low'], look['reduction_high'])}"
        elif look["reduction"] is not None:
            said += f", the relative reduction is {share(look['reduction_high'])} at most"
        yield f"{said}: {_verdict(look)}."


def _verdict(look: Mapping[str, Any]) -> str:
    if look["high"] < 0.0:
        return "fewer defects are established"
    if look["low"] > 0.0:
        return "more defects are established"
    if look["alarm"]:
        return "a difference was established before, and is not seen now"
    return "no difference is established yet"


def _win_loss(win: Mapping[str, Any]) -> Iterator[str]:
    effect, expected, reported = win["effect"], win["expected"], win["reported"]
    yield (
        f"Where a rewrite fired, {share(effect['treatment']['rate'])} of the turns failed; where it would have fired "
        f"but was not acted on, {share(effect['control']['rate'])}. That is {win['net_wins']:,.0f} more turns saved "
        f"than spoiled ({win['net_low']:,.0f} to {win['net_high']:,.0f}; one look at a time fixed beforehand)."
    )
    yield (
        f"By P(defect) before and after, {expected['wins']:,.0f} won and {expected['losses']:,.0f} lost: "
        f"{ratio(expected['ratio'])} wins a loss ({ratio(expected['low'])} to {ratio(expected['high'])}). An estimate: "
        "no log knows how a turn would have ended; both counts are too high, so that the ratio errs towards 1."
    )
    one, other = reported["effect"]["control"], reported["effect"]["treatment"]
    parts = [
        f"{name} {count:,}" for name, count in reported["rewritten"].items() if name not in ("turns", "complained")
    ]
    yield (
        f"By people's own word: {share(other['rate'])} of the rewritten turns were complained of, "
        f"{share(one['rate'])} where the rewrite was withheld; of {reported['rewritten']['turns']:,} rewritten turns: "
        f"{', '.join(parts)}."
    )


def _offers(offers: Mapping[str, Any]) -> Iterator[str]:
    for arm, one in offers["by_arm"].items():
        yield (
            f"{arm}: {one['said']:,} offers said, {one['accepted']:,} accepted, {one['declined']:,} declined, "
            f"{one['withheld']:,} withheld; for each goal reached {_figure(one['turns_per_goal'])} turns, "
            f"{_figure(one['words_per_goal'])} words, {_figure(one['complaints_per_goal'])} complaints."
        )
    if offers["change"] is not None:
        parts = [
            f"{name.partition('_')[0]} {_figure(one['value'])} ({_figure(one['low'])} to {_figure(one['high'])})"
            for name, one in offers["change"].items()
        ]
        yield (
            f"With offers less without, for each goal: {', '.join(parts)}; one look at a time fixed beforehand. "
            "A goal is what was done and not objected to: no log knows what people had wanted."
        )


def _figure(value: Any) -> str:
    return "?" if value is None else f"{value:.3f}"


def _balance(found: Mapping[str, Any]) -> str:
    if found["is_balanced"]:
        return "The sizes of the arms fit their shares."
    return "The sizes of the arms do not fit their shares: do not trust these figures."


def share(value: Any) -> str:
    """Return a share in percent; "?" where it is unknown."""
    return "?" if value is None else f"{value * 100:.1f} %"


def interval(low: Any, high: Any) -> str:
    """Return an interval of shares in percent; nothing where an end is unknown."""
    return "" if low is None or high is None else f"{low * 100:.1f} to {high * 100:.1f} %"


def ratio(value: Any) -> str:
    """Return a ratio; "any" where there is no bound."""
    return "any" if value is None else f"{value:.1f}"


def _points(low: float, high: float) -> str:
    return f"[{low * 100:.1f}, {high * 100:.1f}] percentage points"
