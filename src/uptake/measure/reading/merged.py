"""Does the detector of rephrases add to the chain? Wins and losses of the chain alone, the detector alone, and both.

Data, judging and gates are those of `uptake.measure.rewrites`; the reader behind the detector is taught by the log it
reads (`uptake.learn.reader.own_log`), without anybody's labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uptake import corpora
from uptake.artifacts.rewrites import RewriteTable
from uptake.decide.rewrite import ExactRewrite
from uptake.learn.beside import Beside, finders
from uptake.learn.markov import MarkovRewriter
from uptake.learn.reader.own_log import learn_reader
from uptake.log.sessions import sessions as in_sessions
from uptake.measure import replay, rewrites
from uptake.measure.rewrites import ONE_USER, Judged
from uptake.signals.folds import grouped_folds
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["dstc2", "slurp"]

_TAUGHT = 8_000
"""Turns that a reader is taught on; it reads all of them."""
_NAMES = ("markov", "rephrase", "agreed", "merged")
_ONE_WORD: Mapping[str, Any] = {
    "min_users": 1,
    "min_gain": 0.0,
    "min_share": 0.25,
    "max_success": 0.7,
    "confidence": 0.75,
}
"""One user's word is enough, but bounds are kept."""


def slurp(*, data: Path, seed: int = 0, **_ignored: Any) -> dict[str, Any]:
    """Learn from one half of SLURP's recordings, put together into sessions, and judge on the other.

    Nobody is named in this corpus, so one reader's evidence counts here and the bounds do not (`ONE_USER`).

    Args:
        data: Root that holds the folder slurp_asr.
        seed: Of the bootstrap.

    Returns:
        Flat figures by `markov`, `rephrase`, `agreed` (what both say, at lower gates) and `merged`, and sizes.
    """
    read = corpora.CORPORA["slurp"].turns
    turns = [turn for record in corpora.records("slurp", data) for turn in read(record) if turn.request]
    learn, judge = replay.split(turns)
    assembled = list(replay.assembled(learn))
    sessions = [Session(session_id=one[0].session_id or "", turns=tuple(one)) for one in assembled]
    tables = _tables([turn for one in assembled for turn in one], sessions, MarkovRewriter(**ONE_USER), seed=seed)
    readings = {normalize(turn.request): replay.frame(turn.interpretation) for turn in learn}
    figures: dict[str, Any] = {"sessions_assembled": len(sessions), "recordings_judged": len(judge)}
    for name, table in tables.items():
        found = rewrites.judged(judge, rewrites.served(ExactRewrite(table)), readings)
        figures |= _figures(name, [len(table)], [found], seed=seed)
    return figures | {f"merged.rows_{name}": count for name, count in finders(tables["merged"]).items()}


def dstc2(*, train: Path, data: Path, seed: int = 0, **_ignored: Any) -> dict[str, Any]:
    """The same on calls, callers left out in turn.

    At the gates of a product, where one user's word is enough (`one_word_...`), and at hardly any gates (`forced_...`).

    Args:
        train: Root that holds calls to learn from.
        data: Root that holds the calls to be judged on.
        seed: Of folds, trees and the bootstrap.
    """
    learn, judge = list(rewrites.calls(train)), list(rewrites.calls(data))
    callers = sorted({turn.user_id for turn, _ in judge})
    shared = set(callers) & {turn.user_id for turn, _ in learn}
    folds = [[callers[at] for at in fold] for _, fold in grouped_folds(callers, folds=3, seed=seed)]
    rows: dict[str, list[int]] = {}
    outcomes: dict[str, list[Judged]] = {}
    for left_out in folds if shared else [callers]:
        kept = [turn for turn, _ in learn if turn.user_id not in left_out]
        asked = [call for call in judge if call[0].user_id in left_out]
        sessions, readings = in_sessions(kept), rewrites.majority(kept)
        reader = None
        for prefix, options in (("", {}), ("one_word_", _ONE_WORD), ("forced_", ONE_USER)):
            reader, chain = reader or learn_reader(_some(sessions), seed=seed), MarkovRewriter(**options)
            for name, table in _tables(kept, sessions, chain, seed=seed, reader=reader).items():
                found = rewrites.judged_calls(asked, rewrites.served(ExactRewrite(table)), readings)
                rows.setdefault(prefix + name, []).append(len(table))
                outcomes.setdefault(prefix + name, []).append(found)
    figures: dict[str, Any] = {"held_out": not shared, "shared_callers": len(shared), "turns_judged": len(judge)}
    for name, found_in in outcomes.items():
        figures |= _figures(name, rows[name], found_in, seed=seed)
    return figures


def _tables(
    turns: Sequence[Turn], sessions: Sequence[Session], chain: MarkovRewriter, *, seed: int, reader: Any = None
) -> dict[str, RewriteTable]:
    beside = Beside()
    counted = beside.detector(chain).count(reader or learn_reader(_some(sessions), seed=seed), sessions)
    strict = rewrites.solved(chain, turns)
    lenient = rewrites.solved(beside.lenient(chain), turns)
    tables = (
        strict,
        beside.detector(chain).solve(counted),
        beside.agreeing(chain, counted, lenient),
        beside.table(chain, counted, strict=strict, lenient=lenient),
    )
    return dict(zip(_NAMES, tables, strict=True))


def _some(sessions: Sequence[Session]) -> list[Session]:
    """Evenly spread sessions with about as many turns as a reader is taught on."""
    step = max(1, round(sum(len(one.turns) for one in sessions) / _TAUGHT))
    return list(sessions[::step])


def _figures(name: str, rows: Sequence[int], found: Sequence[Judged], *, seed: int) -> dict[str, Any]:
    scored = rewrites.score(rewrites.joined(found), seed=seed)
    return {f"{name}.rows": sum(rows)} | {f"{name}.{key}": value for key, value in scored.items()}
