"""A whole session of commands, good and bad: no word that somebody said is in program logs or on standard error."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from uptake.apps.cli import main

SAID = ("zibberquax", "oxblenheim", "vulperina")
"""Words that the people say, and nobody else."""


def record(at, text, user="ann", **fields):
    moment = f"2026-01-{at % 27 + 1:02d}T18:{at // 27:02d}:00+00:00"
    return {"turn_id": f"t{at}", "user_id": user, "said_at": moment, "request": text, **fields}


@pytest.fixture
def files(tmp_path):
    good = [
        record(2 * at + step, f"play {SAID[step]} by {SAID[2]}", user=f"u{at}", session_id=f"s{at}",
               status=("failed", "ok")[step], response=f"playing {SAID[1]}")
        for at in range(8) for step in (0, 1)
    ]  # fmt: skip
    bad = {
        "no_moment": record(1, SAID[0], said_at=SAID[1]),
        "no_text": record(1, [SAID[0]]),
        "unknown_field": record(1, SAID[0]) | {"remark": SAID[1]},
        "bad_status": record(1, SAID[0], status=SAID[2]),
        "bad_slots": record(1, SAID[0], interpretation={"intent": 3, "slots": SAID[1]}),
        "bad_number": record(1, SAID[0], propensity=SAID[1]),
    }
    (tmp_path / "good.jsonl").write_text("".join(json.dumps(row) + "\n" for row in good))
    for name, row in bad.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "cut.jsonl").write_text(json.dumps(good[0])[:-9] + "\n")
    (tmp_path / "rows.csv").write_text(f"turn_id,user_id,said_at,request\n1,ann,{SAID[0]},{SAID[1]}\n")
    (tmp_path / "theirs.csv").write_text(f"User,When,Words\nann,{SAID[0]},play {SAID[1]}\n")
    return tmp_path


def commands(place: Path):
    for name in sorted(path.name for path in place.glob("*.jsonl")):
        yield ["ingest", str(place / name)]
        yield ["ingest", "--on-error", "skip", str(place / name)]
    yield ["ingest", str(place / "rows.csv")]
    yield [
        "ingest",
        "--map",
        "user_id=User",
        "--map",
        "said_at=When",
        "--map",
        "request=Words",
        str(place / "theirs.csv"),
    ]
    yield ["log", "stats", "--json"]
    yield ["log", "compact", "--json"]
    yield ["learn", "--json"]
    yield ["ask", f"play {SAID[0]} by {SAID[2]}", "--user", "u1", "--json"]
    yield ["ask", f"call {SAID[1]} about {SAID[2]}", "--user", "u1", "--json"]
    yield ["rewrites", "list", "--json"]
    yield ["rewrites", "why", f"play {SAID[0]}", "--json"]
    yield ["log", "trace", "--last", "2", "--json"]
    yield ["log", "export", "--private"]
    yield ["log", "expire", "--days", "3", "--dry-run", "--json"]
    yield ["report", "--out", str(place / "report.html")]
    yield ["doctor", "--json"]
    yield ["forget", "u1", "--verify", "--json"]
    yield ["forget", "u2", "--json"]
    yield ["learn", "--json"]


@pytest.mark.slow
def test_no_word_that_was_said_is_in_logs_or_errors(files, capfd, caplog, monkeypatch):
    monkeypatch.setenv("UPTAKE_STATE", str(files / "state"))
    caplog.set_level(logging.DEBUG)
    done: dict[int, int] = {}
    printed = ""
    for arguments in commands(files):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        code = ended.value.code or 0
        done[code] = done.get(code, 0) + 1
        out, err = capfd.readouterr()
        printed += out
        told = f"{err}{caplog.text}".casefold()
        assert not [word for word in SAID if word in told], arguments[:2]
        assert "traceback" not in told, arguments[:2]
    assert done[0] >= 12
    assert done[3] >= 6
    assert SAID[0] in printed  # what was asked for is printed; it is data, on standard output
