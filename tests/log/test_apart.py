"""Compaction in a process of its own: what was fresh is in parts, and this process keeps its memory."""

import os

from tests.builders import turn
from uptake.log.apart import compact_apart
from uptake.log.store import TurnLog


def test_it_compacts_what_waits_in_another_process(tmp_path):
    with TurnLog(tmp_path / "log", compact_at=3, session_gap_s=30.0) as log:
        log.append([turn(f"play song {at}", at_s=40.0 * at) for at in range(2)])
        compact_apart(log)
        assert log.fresh_rows() == 2  # too few
        log.append([turn("play song 2", at_s=80.0)])
        compact_apart(log)
        assert log.fresh_rows() == 0
        assert [one.request for one in log.read()] == ["play song 0", "play song 1", "play song 2"]
        assert len({one.session_id for one in log.read()}) in (1, 3)
        assert not list((tmp_path / "log").glob("scratch/*"))


def test_where_no_process_can_be_started_it_is_done_here(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", os.devnull)
    with TurnLog(tmp_path / "log", compact_at=1) as log:
        log.append([turn("play jazz")])
        compact_apart(log)
        assert log.fresh_rows() == 0
