"""The add-on of Home Assistant OS: its files agree, and what its image runs works.

`.ci/wheel` runs this in an environment made by the image's own command: UPTAKE_TEST_ADDON names its `bin`. `.ci/addon`
builds the image and runs it: UPTAKE_TEST_ADDON_IMAGE names a program that does so with a directory for /data.
"""

import asyncio
import importlib.util
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info

import uptake
from tests.serving import WAIT_S
from uptake.apps.cli.serve.serve import command as serve

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "addon" / "uptake"
CONFIG = yaml.safe_load((ADDON / "config.yaml").read_text())
IMAGE = [line.split(maxsplit=1) for line in (ADDON / "Dockerfile").read_text().splitlines() if line[:1].isupper()]


def program():
    spec = importlib.util.spec_from_file_location("addon_run", ADDON / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_image_copies_what_is_there_installs_extras_that_there_are_and_runs_what_it_copied():
    steps = [name for name, _ in IMAGE]
    told = dict(IMAGE)
    assert steps == ["FROM", "COPY", "RUN", "COPY", "CMD"]
    assert told["FROM"] == "python:3.11-slim-bookworm"  # the oldest Python that the package says it needs
    [extras] = re.findall(r"\}\[([\w,]+)\]", told["RUN"])
    known = (ROOT / "pyproject.toml").read_text()
    assert all(re.search(rf"^{extra} = \[", known, re.MULTILINE) for extra in extras.split(","))
    source, target = told["COPY"].split()
    assert (ADDON / source).is_file()
    assert json.loads(told["CMD"]) == ["python", target]


def test_the_options_fit_their_schema_and_the_command_takes_all_that_they_can_say():
    assert CONFIG["version"] == uptake.__version__
    assert set(CONFIG["options"]) == set(CONFIG["schema"])
    assert set(CONFIG["ports"]) == set(CONFIG["ports_description"]) == {f"{program().WYOMING}/tcp", "8765/tcp"}
    modes = re.fullmatch(r"list\((.*)\)", CONFIG["schema"]["mode"])[1].split("|")
    address = re.compile(re.fullmatch(r"match\((.*)\)", CONFIG["schema"]["recogniser"])[1])
    assert CONFIG["options"]["mode"] in modes
    for mode in modes:
        for recogniser in (CONFIG["options"]["recogniser"], "tcp://core-whisper:10300"):
            assert address.fullmatch(recogniser)
            arguments = program().serve_arguments({"mode": mode, "recogniser": recogniser})
            assert arguments[:2] == ["uptake", "serve"]
            serve.make_context("serve", arguments[2:])  # raises where it takes one of them not
    assert not address.fullmatch("http://core-whisper:10300")


def test_every_option_and_port_is_said_in_words_and_the_side_bar_opens_the_console():
    words = yaml.safe_load((ADDON / "translations" / "en.yaml").read_text())
    assert set(words["configuration"]) == set(CONFIG["options"])
    assert all(option["name"] and option["description"] for option in words["configuration"].values())
    assert set(words["network"]) == set(CONFIG["ports"])
    arguments = program().serve_arguments(CONFIG["options"])
    assert (CONFIG["ingress"], str(CONFIG["ingress_port"])) == (True, arguments[arguments.index("--port") + 1])
    assert f"## {CONFIG['version']}" in (ADDON / "CHANGELOG.md").read_text()
    for name, size in (("icon", (128, 128)), ("logo", (250, 100))):
        data = (ADDON / f"{name}.png").read_bytes()
        assert (data[1:4], struct.unpack(">II", data[16:24])) == (b"PNG", size)


class Supervisor(HTTPServer):
    """What the add-on asks of Home Assistant's Supervisor: it takes the discovery, and has no Home Assistant behind."""

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Asked)
        self.told, self.heard = [], threading.Event()


class _Asked(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.told.append((self.path, self.headers["authorization"], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.server.heard.set()

    def do_GET(self):
        self.send_error(503)

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(directory, supervisor, ports):
    """Run what the image would, with places and addresses of the container exchanged for those of a test."""
    named = os.environ.get("UPTAKE_TEST_ADDON")
    text = (ADDON / "run.py").read_text()
    exchanged = {"/data": str(directory / "data"), "http://supervisor": supervisor, **ports}
    for there, here in exchanged.items():
        assert there in text
        text = text.replace(there, here)
    (directory / "run.py").write_text(text)
    if named is None:
        bin_directory, more = directory / "bin", {"PYTHONPATH": str(Path(uptake.__file__).parents[1])}
        bin_directory.mkdir(exist_ok=True)
        (bin_directory / "uptake").write_text(f'#!/bin/sh\nexec {sys.executable} -m uptake "$@"\n')
        (bin_directory / "uptake").chmod(0o755)
        (bin_directory / "python").unlink(missing_ok=True)
        (bin_directory / "python").symlink_to(sys.executable)
    else:
        bin_directory, more = Path(named), {"PYTHONPATH": ""}
    environment = {"PATH": f"{bin_directory}:/usr/bin:/bin", "SUPERVISOR_TOKEN": "from-the-supervisor", **more}
    with (directory / "said").open("w") as said:
        process = subprocess.Popen(
            [str(Path(sys.executable) if named is None else bin_directory / "python"), "run.py"],
            cwd=directory, env=environment, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait(WAIT_S)


def until(holds, process):
    """Wait until something holds; say what was said where the process ends before."""
    while not (found := holds()):
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("it ended")
    return found


def described(port):
    async def ask():
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=WAIT_S) as client:
            await client.write_event(Describe().event())
            return Info.from_event(await client.read_event())

    return asyncio.run(ask())


@contextmanager
def supervising(port=0):
    supervisor = Supervisor(port)
    threading.Thread(target=supervisor.serve_forever, daemon=True).start()
    try:
        yield supervisor
    finally:
        supervisor.shutdown()
        supervisor.server_close()


def try_it(start, directory, supervisor, http, wyoming):
    """Start it twice: it announces itself, serves both doors, ends in good order and keeps its token."""

    def serving():
        lines = (directory / "said").read_text().splitlines()
        return lines if any('"serving"' in line for line in lines) else []

    with start() as (process, end):
        lines = until(serving, process)
        [(path, token, told)] = supervisor.told
        assert (path, token, told["service"]) == ("/discovery", "Bearer from-the-supervisor", "wyoming")
        assert re.fullmatch(rf"tcp://[\w.-]+:{wyoming}", told["config"]["uri"])
        [agent] = described(wyoming).handle
        assert agent.name == "uptake"
        [secret] = [line for line in lines if line.startswith("uptake_")]
        status = f"http://127.0.0.1:{http}/v1/status"
        with urlopen(Request(status, headers={"authorization": f"Bearer {secret}"}), timeout=WAIT_S) as answer:
            assert json.load(answer)["learning"] is True
        with pytest.raises(HTTPError, match="401"):
            urlopen(status, timeout=WAIT_S)
        end()  # as the Supervisor ends it
        assert process.wait(WAIT_S) == 0, (directory / "said").read_text()
    with start() as (process, _):
        assert not any(line.startswith("uptake_") for line in until(serving, process))  # the token stays


@pytest.mark.slow
def test_what_the_image_runs_announces_itself_serves_both_doors_and_keeps_its_token(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "options.json").write_text(json.dumps(CONFIG["options"]))
    http, wyoming = free_port(), free_port()
    ports = {"8765": str(http), "10500": str(wyoming), '"0.0.0.0"': '"127.0.0.1"', "tcp://0.0.0.0": "tcp://127.0.0.1"}
    with supervising() as supervisor:

        @contextmanager
        def start():
            with started(tmp_path, f"http://127.0.0.1:{supervisor.server_port}", ports) as process:
                yield process, lambda: process.send_signal(signal.SIGTERM)

        try_it(start, tmp_path, supervisor, http, wyoming)


@pytest.mark.skipif("UPTAKE_TEST_ADDON_IMAGE" not in os.environ, reason="`.ci/addon` builds the image")
def test_the_image_itself_announces_itself_serves_both_doors_and_keeps_its_token(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "options.json").write_text(json.dumps(CONFIG["options"]))
    command = [os.environ["UPTAKE_TEST_ADDON_IMAGE"], str(tmp_path / "data")]
    environment = {**os.environ, "SUPERVISOR_TOKEN": "from-the-supervisor"}

    def end():  # what runs in it; the program around it hands no signals on
        os.kill(int((tmp_path / "data" / "pid").read_text()), signal.SIGTERM)

    @contextmanager
    def start():
        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
            try:
                yield process, end
            finally:
                if process.poll() is None:
                    end()
                    process.wait(WAIT_S)

    with supervising(80) as supervisor:
        try_it(start, tmp_path, supervisor, 8765, 10500)
