"""Format the results of a demo: as figures for machines and as text for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from uptake.lab.simulate.demo.demo import Demo
from uptake.lab.simulate.demo.replay import RULES, STAGES, Replayed
from uptake.lab.simulate.demo.true_effects import Findings, Moment
from uptake.report.figures import rounded

__all__ = ["figures", "text"]


def figures(done: Demo) -> dict[str, Any]:
    """Return flat figures, `demo.…`; None where there is no number."""
    found, plan = done.found, done.plan
    effect, win, gone = found.analysis.effect, found.win_loss, found.withdrawals
    last = done.nights[-1]
    values: dict[str, Any] = {
        "demo.simulated": True,
        "demo.homes": plan.homes,
        "demo.people": done.people,
        "demo.days": plan.days,
        "demo.days_before": plan.before,
        "demo.seed": plan.seed,
        "demo.channel": plan.channel,
        "demo.wall_s": done.wall_s,
        "demo.turns": done.turns,
        "demo.turns_per_s": done.turns_per_s,
        "demo.defect_rate_control": effect.control.rate,
        "demo.defect_rate_treatment": effect.treatment.rate,
        "demo.relative_reduction": effect.reduction,
        "demo.ci_low": effect.reduction_low,
        "demo.ci_high": effect.reduction_high,
        "demo.users_control": effect.control.users,
        "demo.users_treatment": effect.treatment.users,
        "demo.balanced": found.analysis.is_balanced,
        "demo.wins": win.wins,
        "demo.losses": win.losses,
        "demo.win_loss": win.ratio,
        "demo.win_loss_low": win.low,
        "demo.win_loss_high": win.high,
        "demo.rewritten_turns": found.rewritten,
        "demo.neutral": found.accounts.neutral,
        "demo.neutral_right": found.accounts.right,
        "demo.neutral_failed": found.accounts.failed,
        "demo.neutral_wrong": found.accounts.wrong,
        "demo.asked": found.accounts.asked,
        **{f"demo.{name}_wins": wins for name, (wins, _) in found.by_layer.items()},
        **{f"demo.{name}_losses": losses for name, (_, losses) in found.by_layer.items()},
        "demo.share_addressed": found.addressed,
        "demo.share_touched": found.touched,
        "demo.share_addressable": found.ceiling,
        "demo.evidence_to_live_s": done.evidence_to_live_s,
        "demo.rewrites": last.rewrites,
        "demo.personal_rewrites": last.personal,
        "demo.known_requests": last.known,
        "demo.withdrawn": gone.withdrawn,
        "demo.paused": gone.paused,
        "demo.harmless": gone.harmless,
        "demo.harmless_withdrawn": gone.harmless_withdrawn,
        "demo.harmless_withdrawn_share": gone.harmless_withdrawn / gone.harmless if gone.harmless else None,
        "demo.useful": gone.useful,
        "demo.useful_withdrawn": gone.useful_withdrawn,
        "demo.harm_kind": plan.harm_kind if plan.harm else None,
        "demo.planted": gone.planted,
        "demo.planted_exposed": gone.planted_exposed,
        "demo.planted_refused": gone.planted_refused,
        "demo.planted_withdrawn": gone.planted_withdrawn,
        "demo.planted_withdrawn_share": (
            gone.planted_withdrawn / gone.planted_exposed if gone.planted_exposed else None
        ),
        "demo.harm_deeds_p50": gone.planted_turns,
        "demo.harm_deeds_max": max(gone.deeds, default=None),
    }
    return rounded(values | _replayed(done.replayed))


def _replayed(found: Replayed) -> dict[str, Any]:
    """Return where failures were lost, and what simpler rules would have done, on the turns that were replayed."""
    scores = {"lived": found.lived, **found.rules}
    return {
        "demo.replayed_turns": found.turns,
        "demo.replayed_failed": found.failed,
        **{f"demo.stage_{name}": count for name, count in found.stages.items()},
        **{f"demo.replayed_{name}_wins": one.wins for name, one in scores.items()},
        **{f"demo.replayed_{name}_losses": one.losses for name, one in scores.items()},
    }


def text(done: Demo) -> str:
    """Return the figures of a demo as text."""
    plan = done.plan
    speed = f", lived at {done.turns_per_s:,.0f} turns a second" if done.turns_per_s else ""
    heard = (
        "Requests were heard by a real recogniser from synthetic voices (a book of hearings)."
        if plan.channel == "book"
        else "The recogniser is simulated: error rates and lists are fitted on real ones."
    )
    head = (
        f"SIMULATED people, a real assistant: {plan.homes} homes, {done.people} people, {plan.days} days, "
        f"{done.turns:,} turns{speed}.\nUntil day {plan.before} nothing was learned; then learning every night, acted "
        f"on for half of the people.\n{heard}"
    )
    parts = [head, _days(done), _effect(done), _lost(done.replayed), _learned(done.found), _dialogue(done.found)]
    return "\n\n".join(part for part in parts if part)


def _days(done: Demo) -> str:
    by_day = done.found.by_day
    dates = sorted({day for rates in by_day.values() for day in rates})
    rows = [
        [str(number), *(f"{by_day[arm][day].rate:.1%}" if day in by_day[arm] else "" for arm in by_day)]
        for number, day in enumerate(dates, start=1)
    ]
    return "Turns that failed their user, by day\n" + _table(("day", "nothing learned", "control", "treatment"), rows)


def _effect(done: Demo) -> str:
    found = done.found
    effect, win, gone = found.analysis.effect, found.win_loss, found.withdrawals
    sign = "fewer" if effect.reduction >= 0 else "more"
    few = " (few people: a rough guess)" if effect.treatment.users < 500 else ""
    lines = [
        f"defects           {abs(effect.reduction):.1%} {sign} than the control, over all traffic; 95 % interval of "
        f"the reduction {effect.reduction_low:.1%} to {effect.reduction_high:.1%}{few}",
        f"wins and losses   {win.wins:,.0f} turns saved, {win.losses:,.0f} spoiled: {_ratio(win.ratio)} to 1 "
        f"({_ratio(win.low)} to {_ratio(win.high)})",
        f"neither           {found.accounts.neutral:,} rewritten turns went as they would have gone: "
        f"{found.accounts.right:,} well, {found.accounts.failed:,} failed, "
        f"{found.accounts.wrong:,} did something wrong",
        f"addressed         {found.addressed:.1%} of what would have failed; a rewrite fired in {found.touched:.1%}; "
        f"{found.ceiling:.0%} had worked before in some wording",
        f"evidence to live  {done.evidence_to_live_s:.1f} s, in the slowest night",
        f"withdrawn         {gone.withdrawn:,} of {gone.watched:,} rewrites that fired, {gone.paused:,} paused at the "
        f"end; {gone.harmless_withdrawn:,} of both had spoiled no more than they saved, {gone.useful_withdrawn:,} had "
        f"saved more. In {gone.asked:,} turns somebody was asked first",
    ]
    if gone.planted:
        deeds = "none" if gone.planted_turns is None else f"{gone.planted_turns:.0f} in the median"
        lines.append(
            f"planted harm      {gone.planted_withdrawn} of {gone.planted_exposed} the treatment met eight times or "
            f"more: {gone.planted_refused} refused, the others withdrawn or paused; unasked deeds: {deeds} "
            f"({gone.planted} planted, kind {done.plan.harm_kind})"
        )
    return "\n".join(lines)


def _lost(found: Replayed) -> str:
    if not found.failed:
        return ""
    head = f"Where {found.failed:,} failures ended, of {found.turns:,} turns of the treatment that were replayed"
    rows = [(f"{count / found.failed:.1%}", STAGES[name]) for name, count in found.stages.items() if count]
    scores = [("what was served", found.lived), *((RULES[name], one) for name, one in found.rules.items())]
    rules = [(name, f"{one.wins:,}", f"{one.losses:,}") for name, one in scores]
    return f"{head}\n{_table(('', 'stage'), rows)}\n\nOn the same turns\n{_table(('', 'won', 'lost'), rules)}"


def _learned(found: Findings) -> str:
    rows = []
    for one in found.learned:
        evidence = one.rewrite.evidence
        rows.append(
            [
                one.rewrite.request,
                one.rewrite.acted_on,
                str(evidence.users),
                str(evidence.sessions),
                f"≤ {evidence.success_before:.0%}",
                f"≥ {evidence.success_after:.0%}",
                str(one.wins),
                str(one.losses),
            ]
        )
    if not rows:
        return "No rewrite for everybody yet: too few people said the same thing again. Try more --homes or --days."
    header = ("heard", "acted on", "people", "sessions", "success without", "with", "won", "lost")
    return "Some of what was learned, and what it did\n" + _table(header, rows)


def _dialogue(found: Findings) -> str:
    if found.before is None or found.after is None:
        return ""
    return f"Before and after\n{_moment(found.before)}\n{_moment(found.after)}"


def _moment(moment: Moment) -> str:
    lines = [f'  day {moment.day + 1}   somebody says   "{moment.said}"', f'          is heard        "{moment.heard}"']
    if moment.acted_on is not None:
        lines.append(f'          acted on as     "{moment.acted_on}"')
    return "\n".join([*lines, f'          assistant       "{moment.answer}"'])


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    texts = [list(header), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts)
    return "\n".join(f"  {line}" for line in lines)


def _ratio(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "any"
