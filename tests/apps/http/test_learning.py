"""Learning while serving: fresh turns become live rewrites, and no crash loses what was acknowledged."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.builders import turn
from tests.serving import Process
from uptake.errors import RequestRefused
from uptake.lab.simulate.small_log import small_log
from uptake.log.records import to_json
from uptake.platforms.client import Client
from uptake.release.state import State

WITHIN_S = 600.0  # a minute is promised, of a machine that has nothing else to do

pytestmark = pytest.mark.slow


def until(holds, within_s=WITHIN_S):
    """Wait until something holds; returns what it gave."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to hold")


def rewritten(client):
    return client.rewrite("play maj and dragons", user_id="somebody new").action == "rewrite"


@pytest.mark.long
def test_turns_that_are_observed_become_a_live_rewrite_within_a_minute_though_the_worker_is_killed(tmp_path):
    served = Process(tmp_path)
    with Client(served.url, timeout_s=WITHIN_S, rewrite_timeout_s=WITHIN_S) as client:
        assert not rewritten(client)
        os.kill(served.said("worker")[0]["pid"], signal.SIGKILL)
        until(lambda: sum(line.get("said") == "started" for line in served.said("worker")) > 1)
        client.observe(small_log(seed=0))
        until(lambda: rewritten(client) or any(line.get("said") == "failed" for line in served.said("worker")))
        assert rewritten(client), served.said("worker")
        until(lambda: client.status()["released_at"])
    assert served.end() == 0
    worker = [line["pid"] for line in served.said("worker") if line.get("said") == "started"][-1]
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_no_learn_serves_and_does_not_learn(tmp_path):
    served = Process(tmp_path, "--no-learn")
    with Client(served.url, timeout_s=WITHIN_S) as client:
        client.observe(small_log(seed=0))
        status = client.status()
    assert served.end(signal.SIGINT) == 0
    assert (status["learning"], status["worker_runs"], status["served"]) == (False, False, {})
    assert not served.said("worker")


def test_a_server_that_is_killed_loses_no_acknowledged_turn_and_doubles_none(tmp_path):
    acknowledged: list[str] = []
    for life in range(3):
        served = Process(tmp_path, "--no-learn")

        def send(at, life=life, served=served):
            with Client(served.url, timeout_s=WITHIN_S) as client:
                for number in range(10_000):
                    name = f"{life}-{at}-{number}"
                    try:
                        got = client.observe([turn(user=f"user {at}", turn_id=name, at_s=number)])
                    except RequestRefused:
                        return
                    acknowledged.extend(got)

        senders = [threading.Thread(target=send, args=(at,)) for at in range(4)]
        for sender in senders:
            sender.start()
        most = len(acknowledged) + 100
        until(lambda most=most: len(acknowledged) > most)
        served.end(signal.SIGKILL)
        for sender in senders:
            sender.join(WITHIN_S)
    with State(tmp_path).log as log:
        kept = [one.turn_id for one in log.read()]
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))


def test_when_the_server_is_killed_its_worker_ends(tmp_path):
    served = Process(tmp_path)
    worker = until(lambda: [line["pid"] for line in served.said("worker") if line.get("said") == "started"])[0]
    served.end(signal.SIGKILL)

    def gone():
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z"  # its new parent has not looked yet

    until(gone)


def test_a_request_that_is_going_on_is_answered_before_the_end(tmp_path):
    served = Process(tmp_path, "--no-learn")
    body = to_json(turn(turn_id="last"))
    head = f"POST /v1/observe HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2])), timeout=WITHIN_S) as raw:
        raw.sendall(f"{head}Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b"100 Continue" in raw.recv(4096)  # the service reads the body now
        os.kill(served.process.pid, signal.SIGTERM)
        time.sleep(0.3)
        raw.sendall(body)
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")
    assert served.ended() == 0
    with State(tmp_path).log as log:
        assert [one.turn_id for one in log.read()] == ["last"]
