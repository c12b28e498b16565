"""A real Home Assistant on this machine, for tests: `with real_home(directory) as home: home.say("…")`.

`make peers` makes a Python that has it, where Python 3.13 is there; UPTAKE_TEST_HOME_ASSISTANT names another.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.platforms.peers import missing, python_of
from uptake.errors import RequestRefused
from uptake.platforms.home_assistant import Socket

PYTHON = python_of("home_assistant", "homeassistant")
MISSING = missing("home_assistant")

_START_S = 180.0
_LAMPS = {"hall_lamp": "Hall lamp", "desk_lamp": "Desk lamp", "disco_ball": "Disco ball"}


def _lamp(name: str, spoken: str) -> str:
    power = f"input_boolean.{name}_power"
    return f"""
      {name}:
        friendly_name: {spoken}
        unique_id: {name}
        value_template: "{{{{ is_state('{power}', 'on') }}}}"
        turn_on: {{action: input_boolean.turn_on, target: {{entity_id: {power}}}}}
        turn_off: {{action: input_boolean.turn_off, target: {{entity_id: {power}}}}}"""


def _configuration(port: int, pages: bool) -> str:
    switches = "".join(f"  {name}_power: {{name: {name} power}}\n" for name in _LAMPS)
    lamps = "".join(_lamp(name, spoken) for name, spoken in _LAMPS.items())
    return (
        "homeassistant: {name: Test, latitude: 0, longitude: 0, unit_system: metric, time_zone: UTC}\n"
        f"http: {{server_host: 127.0.0.1, server_port: {port}}}\n"
        "api:\nwebsocket_api:\nconfig:\nonboarding:\nconversation:\nassist_pipeline:\n"
        f"input_boolean:\n{switches}light:\n  - platform: template\n    lights:{lamps}\n"
        "logger: {default: critical}\n" + "frontend:\n" * pages
    )


class RealHome:
    """A Home Assistant that runs, and a person in it."""

    def __init__(self, url: str, token: str, directory: Path) -> None:
        self.url, self.token, self.directory, self.pipeline = url, token, directory, ""

    def ask(self, command: str, **fields: Any) -> Any:
        """Send a command over a connection of its own; returns the result."""

        async def asked() -> Any:
            wire = Socket(self.url, self.token)
            try:
                return await wire.ask(command, **fields)
            finally:
                await wire.close()

        return asyncio.run(asked())

    def say(self, text: str, pipeline: str | None = None) -> tuple[str, str]:
        """Say something to a pipeline, ours where none is named; returns the type of the response and its speech."""

        async def said() -> tuple[str, str]:
            wire = Socket(self.url, self.token)
            chosen = pipeline or self.pipeline
            run = {"start_stage": "intent", "end_stage": "intent", "input": {"text": text}, "pipeline": chosen}
            try:
                async with wire.follow("assist_pipeline/run", **run) as events:
                    async for event in events:
                        if event["type"] == "intent-end":
                            response = event["data"]["intent_output"]["response"]
                            return response["response_type"], response["speech"].get("plain", {}).get("speech", "")
            finally:
                await wire.close()
            raise AssertionError("the run ended without an answer")

        return asyncio.run(said())

    def state(self, entity_id: str) -> str:
        return next(one["state"] for one in self.ask("get_states") if one["entity_id"] == entity_id)

    def turn(self, service: str, entity_id: str) -> None:
        """Do something by hand."""
        self.ask("call_service", domain="light", service=service, target={"entity_id": entity_id})

    def own_pipeline(self) -> str:
        """The pipeline of Home Assistant's own agent."""
        listed = self.ask("assist_pipeline/pipeline/list")["pipelines"]
        return next(one["id"] for one in listed if one["conversation_engine"] == "conversation.home_assistant")

    def add(self, port: int) -> str:
        """Add the Wyoming service at a port, as a person does, and a pipeline for it; returns its agent."""
        with httpx2.Client(base_url=self.url, headers={"authorization": f"Bearer {self.token}"}, timeout=60) as http:
            flow = http.post("/api/config/config_entries/flow", json={"handler": "wyoming"}).json()["flow_id"]
            done = http.post(f"/api/config/config_entries/flow/{flow}", json={"host": "127.0.0.1", "port": port}).json()
        assert done["type"] == "create_entry", done
        states = {one["entity_id"] for one in self.ask("get_states")}
        agent = next(name for name in sorted(states, reverse=True) if name.startswith("conversation.uptake"))
        known = dict.fromkeys(("stt_engine", "stt_language", "tts_engine", "tts_language", "tts_voice"))
        known |= dict.fromkeys(("wake_word_entity", "wake_word_id"))
        made = self.ask(
            "assist_pipeline/pipeline/create", name="Uptake", language="en", conversation_language="en",
            conversation_engine=agent, **known,
        )  # fmt: skip
        self.pipeline = made["id"]
        return agent


def _signed_in(url: str) -> str:
    person = {"name": "Test", "username": "test", "password": "long enough", "language": "en", "client_id": f"{url}/"}
    with httpx2.Client(base_url=url, timeout=60) as http:
        code = http.post("/api/onboarding/users", json=person).json()["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": f"{url}/"}
        token: str = http.post("/auth/token", data=form).json()["access_token"]
    return token


@contextmanager
def real_home(directory: Path, *, pages: bool = False) -> Iterator[RealHome]:
    """Start Home Assistant with three lamps, its own pages where they are wanted, sign in, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (directory / "configuration.yaml").write_text(_configuration(port, pages))
    command = [str(PYTHON), "-m", "homeassistant", "--config", str(directory), "--skip-pip"]
    log = (directory / "out.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(lambda: httpx2.get(f"{url}/api/onboarding").status_code == 200, process)
        home = RealHome(url, _signed_in(url), directory)
        _wait_for(lambda: home.state("light.hall_lamp") == "off", process)
        yield home
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_for(holds: Any, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if holds():
                return
        except (httpx2.HTTPError, RequestRefused, StopIteration):
            pass
        time.sleep(0.3)
    raise AssertionError("Home Assistant did not start")
