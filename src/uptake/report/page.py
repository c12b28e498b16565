"""Render a report as one self-contained page: no scripts, nothing fetched, light and dark, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from uptake.insight.failures.summary import tables_of_points
from uptake.report import charts
from uptake.report.charts import Band, Interval
from uptake.report.experiment import day_by_day, interval, sentences, share
from uptake.report.tiles import tiles

__all__ = ["STYLE", "effect", "failing", "learned", "over_time", "page", "shifts", "withdrawn"]

STYLE = """
:root{color-scheme:light dark;--font:Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
--page:#f4f5f8;--card:#fff;--ink:#1d2433;--soft:#5d6779;--line:#e3e7ee;--accent:#3557d6;
--c0:#8a94a6;--c1:#3557d6;--c2:#c77700;--c3:#7a4bc4;--good:#14854f;--bad:#c23a34}
@media(prefers-color-scheme:dark){:root{--page:#12151c;--card:#1a1f29;--ink:#e8ecf4;--soft:#9aa5b8;--line:#2b3240;
--accent:#8aa4ff;--c0:#8e99ad;--c1:#8aa4ff;--c2:#f0b057;--c3:#c3a2ff;--good:#54cf94;--bad:#ff8078}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 var(--font);-webkit-font-smoothing:antialiased}
main{max-width:1060px;margin:0 auto;padding:36px 20px 64px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px;letter-spacing:-.02em}
h2{font-size:20px;margin:0 0 4px;letter-spacing:-.01em}h3{font-size:15px;margin:26px 0 8px}
p{margin:0 0 14px;max-width:96ch}.soft{color:var(--soft)}.small{font-size:13.5px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:24px 26px 20px;margin:20px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(172px,1fr));gap:14px;margin:24px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 18px}
.tile b{display:block;font-size:30px;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13.5px}.tile .good{color:var(--good)}.tile .bad{color:var(--bad)}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:8px 34px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:500;text-align:left;font-size:13px}
th,td{padding:8px 12px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}td.n,th.n{text-align:right;white-space:nowrap}
.said{font-weight:500}.warn{border-left:4px solid var(--bad);padding:8px 14px;background:var(--page);border-radius:6px}
footer{color:var(--soft);font-size:13.5px;margin-top:26px}
@media(max-width:640px){.two{grid-template-columns:1fr}.wide table{min-width:600px}section{padding:18px 16px}}
@media print{body{background:#fff}section,.tile{break-inside:avoid}}
"""
"""Style of the page, the console's too: colours, type, tables."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_BY = {
    "signals": "A defect is estimated from what people did next (a calibrated probability a turn).",
    "verdict": "A defect is what people's reactions say, as a yes or no a turn.",
    "truth": "Defects are the truth that this log's maker knows.",
}


def page(report: Mapping[str, Any], *, made_at: str = "", title: str = "What was learned, and what it did") -> str:
    """Return the report as one HTML page.

    Args:
        report: What `uptake.report.overview.overview` returned.
        made_at: When it was made, for the foot.
        title: Headline.
    """
    sections = (
        over_time(report),
        effect(report),
        learned(report),
        withdrawn(report),
        _canaries(report),
        failing(report),
        _groups(report["groups"]),
        shifts(report),
        _reading(report),
    )
    sizes = report["sizes"]
    span = " to ".join(day[:10] for day in (sizes["first"], sizes["last"]) if day) or "no turns yet"
    head = (
        f"<h1>{escape(title)}</h1><p class='soft'>{sizes['turns']:,} turns of {sizes['users']:,} people in "
        f"{sizes['sessions']:,} sessions, {escape(span)}. {escape(_BY.get(report['defect_by'], ''))}</p>"
    )
    foot = f"<footer>Made by uptake report{f' on {escape(made_at)}' if made_at else ''}. "
    foot += "Words are shown only where several people share them.</footer>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{escape(title)}</title>'
        f"<style>{STYLE}{charts.STYLE}</style></head><body><main>{head}{tiles(report)}{''.join(sections)}{foot}"
        "</main></body></html>\n"
    )


def over_time(report: Mapping[str, Any]) -> str:
    """Render the share of turns that failed, by day and arm."""
    by_day = report["by_day"]
    days = by_day["days"]
    if not days:
        return _section("Failures over time", "<p class='soft'>The log has no turns yet.</p>")
    series = {"everybody": by_day["all"]} if not by_day["arms"] else by_day["arms"]
    order = sorted(series, key=lambda arm: (arm == "holdout", arm))
    bands = [
        Band(
            name=arm,
            values=[_number(each and each["rate"]) for each in series[arm]],
            low=[_number(each and each["low"]) for each in series[arm]] if arm != "holdout" else None,
            high=[_number(each and each["high"]) for each in series[arm]] if arm != "holdout" else None,
            is_faint=arm == "holdout",
        )
        for arm in order[:4]
    ]
    places = [day[5:] for day in days]
    marks = {days.index(move["day"]): "release" for move in report["releases"] if move["day"] in days}
    drawn = charts.lines("Share of turns that failed, by day", places, bands, marks=sorted(marks.items())[:6])
    text = "Share of turns that failed their user, by day"
    text += " and arm" if by_day["arms"] else ""
    return _section("Failures over time", f"<p class='soft'>{text}; bands are 95 % intervals over people.</p>{drawn}")


def effect(report: Mapping[str, Any]) -> str:
    """Render what rewrites did, by the experiment."""
    experiment = report["experiment"]
    if experiment is None:
        text = "No experiment is in the log: nobody can say what the rewrites did. Start one: uptake experiments start."
        return _section("What the rewrites did", f"<p class='soft'>{text}</p>")
    if experiment["refused"]:
        return _section("What the rewrites did", f"<p class='warn'>Not analysed: {escape(experiment['refused'])}</p>")
    rows, table = [], []
    for scope, found in experiment["scopes"].items():
        if "effect" not in found:
            continue
        effect, name = found["effect"], _scope_name(scope)
        if effect["reduction"] is not None and effect["reduction_low"] is not None:
            tone = "good" if effect["reduction_low"] > 0 else "bad" if effect["reduction_high"] < 0 else "c0"
            rows.append(
                Interval(
                    name=name,
                    value=effect["reduction"],
                    low=max(effect["reduction_low"], -1.0),
                    high=effect["reduction_high"],
                    note=share(effect["reduction"]),
                    kind=tone,
                )
            )
        table.append(_effect_row(name, effect))
    control, treatment = experiment["arms"]
    head = ("scope", f"{control}", f"{treatment}", "relative reduction", "turns", "people")
    body = charts.intervals("Relative reduction of defects by scope", rows) if rows else ""
    shown = _section(
        "What the rewrites did",
        f"<p class='soft'>{_when(experiment)}Relative reduction of the share of turns that failed, {escape(treatment)} "
        f"against {escape(control)}, with 95 % intervals over people, for one look at a time fixed beforehand.</p>"
        f"{body}{_table(head, table, numbers=(1, 2, 3, 4, 5))}"
        f"{_said(experiment)}",
    )
    return shown + day_by_day(experiment)


def _when(experiment: Mapping[str, Any]) -> str:
    if experiment["started_at"] is None:
        return ""
    ended = (
        f"stopped {experiment['stopped_at'][:10]}: {experiment['reason']}" if experiment["stopped_at"] else "running"
    )
    return f"Experiment {escape(experiment['name'])}, started {experiment['started_at'][:10]}, {escape(ended)}. "


def _effect_row(name: str, effect: Mapping[str, Any]) -> list[str]:
    one, other = effect["control"], effect["treatment"]
    return [
        escape(name),
        f"{share(one['rate'])} {_soft(interval(one['low'], one['high']))}",
        f"{share(other['rate'])} {_soft(interval(other['low'], other['high']))}",
        f"{share(effect['reduction'])} {_soft(interval(effect['reduction_low'], effect['reduction_high']))}",
        f"{one['turns'] + other['turns']:,}",
        f"{one['users'] + other['users']:,}",
    ]


def _said(experiment: Mapping[str, Any]) -> str:
    """Render the findings so far: wins and losses, checks, and what is not yet known."""
    body = ""
    for heading, lines in sentences(experiment).items():
        kind = "warn" if heading == "Sizes of the arms" and not experiment["is_balanced"] else "small"
        paragraphs = "".join(f"<p class='{kind}'>{escape(line)}</p>" for line in lines)
        body += f"<h3>{escape(heading)}</h3>{paragraphs}"
    return body


def learned(report: Mapping[str, Any]) -> str:
    """Render the rewrites that were used most."""
    rows, gone = [], {row["rewrite_id"] for row in report["withdrawn"]}
    tried = {row["name"]: row["state"] for row in report["canaries"]}
    for row in report["rewrites"]:
        seen = row["seen"]
        live = "not yet"
        if seen and seen["defects_with"] + seen["successes_with"] > 0:
            turns = seen["defects_with"] + seen["successes_with"]
            live = f"{share(seen['defects_with'] / turns)} of {turns:,.0f}"
        if row["rewrite_id"] in gone:
            live += "<br>withdrawn"
        elif row["rewrite_id"] in tried:
            live += f"<br>{tried[row['rewrite_id']]}"
        rows.append(
            [
                f'<span class="said">{escape(row["request"])}</span>',
                f'<span class="said">{escape(row["acted_on"])}</span>',
                f"{row['users']:,}",
                f"{row['sessions']:,}",
                f"≤ {row['success_before']:.0%}",
                f"≥ {row['success_after']:.0%}",
                live,
            ]
        )
    if not rows:
        return _section("What was learned", "<p class='soft'>Nothing is served yet: run uptake learn.</p>")
    head = ("heard", "acted on", "people", "sessions", "success without", "with", "failed live")
    text = "The rewrites that were used most, with the evidence they were learned from and how they fared since."
    table = _table(head, rows, numbers=(2, 3, 4, 5, 6))
    return _section("What was learned", f"<p class='soft'>{text}</p>{table}")


def withdrawn(report: Mapping[str, Any]) -> str:
    """Render what was withdrawn, and why."""
    rows = [
        [
            f"<code>{escape(str(row['rewrite_id']))}</code>",
            escape(str(row.get("at") or "not yet")[:10]),
            f"{row.get('exposures', 0):,}",
            f"{row.get('users', 0):,}",
            share(row.get("defect_with")),
            share(row.get("defect_without")),
            escape(str(row.get("reason", ""))),
        ]
        for row in report["withdrawn"]
    ]
    if not rows:
        return _section("Withdrawn", "<p class='soft'>No rewrite was found to hurt.</p>")
    head = ("rewrite", "on", "turns until then", "people", "failed with", "without", "why")
    return _section("Withdrawn", _table(head, rows, numbers=(2, 3, 4, 5)))


def _canaries(report: Mapping[str, Any]) -> str:
    order = ("paused", "asking", "trial", "proven")
    rows = [
        [f"<code>{escape(row['name'])}</code>", row["state"], escape(row["since"][:10]), escape(row["reason"])]
        for row in sorted(report["canaries"], key=lambda row: (order.index(row["state"]), row["since"]))
    ]
    if not rows:
        return ""
    text = "What is paused, asked about before it is acted on, on trial, or proven."
    table = _table(("rewrite", "state", "since", "why"), rows)
    return _section("On trial, asked about or paused", f"<p class='soft'>{text}</p>{table}")


def failing(report: Mapping[str, Any]) -> str:
    """Render what fails most: domains, signals, requests, stages."""
    failing, parts = report["failing"], []
    domains = [
        (row["name"], row["defects"], f"{row['defects']:,.0f} · {share(row['rate'])}") for row in failing["by_domain"]
    ]
    if domains:
        drawn = charts.bars("Defects by domain", domains, kind="c2", label_px=104, wide=440)
        parts.append(f"<div><h3>By domain: failed turns and their share</h3>{drawn}</div>")
    signals = [(row["name"], row["turns"], f"{row['turns']:,} · {share(row['share'])}") for row in failing["by_signal"]]
    if signals:
        drawn = charts.bars("Turns by what showed it", signals, kind="c3", label_px=104, wide=440)
        parts.append(f"<div><h3>By what showed it: turns</h3>{drawn}</div>")
    body = f'<div class="two">{"".join(parts)}</div>'
    rows = [
        [
            f'<span class="said">{escape(row["request"])}</span>',
            f"{row['users']:,}",
            f"{row['turns']:,}",
            f"{row['defects']:,.0f}",
            share(row["rate"]),
        ]
        for row in failing["by_request"]
    ]
    if rows:
        head = ("request as heard", "people", "turns", "failed", "share that failed")
        body += f"<h3>By request, as it was heard and not rewritten</h3>{_table(head, rows, numbers=(1, 2, 3, 4))}"
    return _section("What fails most", body + _points(failing.get("by_point")))


def _groups(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return _section("Groups of people", "<p class='soft'>No group has enough people for any claim.</p>")
    cells = [
        (f"{escape(row['grouping'])}: {escape(row['group'])}", share(row["rate"]), share(row["others"]), one, differs)
        for row in rows
        for one, differs in [(interval(row["gap_low"], row["gap_high"]), "yes" if row["differs"] else "not shown")]
    ]
    head = ("group", "fails", "others", "gap", "differs, corrected for many")
    return _section("Groups of people", _table(head, cells, numbers=(1, 2, 3)))


def _points(found: Mapping[str, Any] | None) -> str:
    """Render the failure points of the log: where turns failed first, since when, at what cost."""
    body = ""
    for title, text, head, rows, numbers in tables_of_points(found) if found else ():
        cells = [[escape(cell) for cell in row] for row in rows]
        body += f"<h3>{escape(title)}</h3>{_soft(text, 'p')}{_table(head, cells, numbers=numbers)}"
    return body


def shifts(report: Mapping[str, Any]) -> str:
    """Render what shifted, and the alarms."""
    parts = []
    for series in report["drift"]:
        percent = series["figure"] != "mix of requests"
        marks = [(series["days"].index(alarm["day"]), "shift") for alarm in series["alarms"]]
        band = Band(name="", values=[_number(value) for value in series["values"]])
        name = series["figure"].replace("defect rate", "share that failed")
        title = f"{name} by day"
        places = [day[5:] for day in series["days"]]
        drawn = charts.lines(title, places, [band], percent=percent, marks=marks, size=(440, 190))
        what = "how unlike the days before it the day was: 0 is alike" if not percent else "mean of the day"
        count = len(series["alarms"])
        said = f"{count} alarm{'s' * (count != 1)}" if count else "no alarm"
        parts.append(f"<div><h3>{escape(name.capitalize())}: {said}</h3>{drawn}{_soft(what, 'p')}</div>")
    if not parts:
        return ""
    text = "An alarm is a day that chance does not explain; a false one comes once a year at most, on average."
    return _section("Sudden changes", f"<p class='soft'>{text}</p><div class='two'>{''.join(parts)}</div>")


def _reading(report: Mapping[str, Any]) -> str:
    sizes = report["sizes"]
    facts = (
        f"{sizes['rewritten_turns']:,} turns were rewritten. The log takes {sizes['log_bytes'] / 1e6:,.1f} MB; "
        f"{sizes['known_requests']:,} requests that work are known by sound. "
        f"Serving version {escape(str(sizes['version'] or 'none'))}."
    )
    return _section(
        "How to read this",
        f"<p class='small'>{facts}</p><p class='small'>People are the unit everywhere: turns of one person hang "
        "together, so intervals are over people. “All traffic” is what users feel; “where a rewrite fires” compares "
        "turns in which one fired with turns in which it would have. What users did before the experiment is taken "
        "out of both arms alike, which narrows intervals and favours nobody.</p>",
    )


def _scope_name(scope: str) -> str:
    named = {"all": "all traffic", "triggered": "where a rewrite fires"}
    return named.get(scope, scope.removeprefix("domain:"))


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """Return a table of cells that are escaped already; the head is not."""
    kinds = [' class="n"' if at in numbers else "" for at in range(len(head))]
    top = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(head, kinds, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>" for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _soft(text: str, tag: str = "span") -> str:
    return f'<{tag} class="soft small">{escape(text)}</{tag}>'


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
