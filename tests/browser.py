"""A real browser for tests: Debian's chromium without a window, spoken to by its DevTools protocol over two pipes."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
WAIT_S = 300.0


class Browser:
    """One tab, and what happened in it."""

    def __init__(self, out: int, into: int) -> None:
        self._out, self._into, self._rest = out, into, b""
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        sent: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            sent["sessionId"] = self._session
        os.write(self._into, json.dumps(sent).encode() + b"\0")
        while True:
            message = self._read()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def go(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._loaded(lambda: self.call("Page.navigate", url=url))

    def run(self, script: str) -> Any:
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def submit(self, selector: str, **fields: str) -> None:
        """Type into the fields of a form as a person does, press its button, wait for the next page."""
        for name, text in fields.items():
            self.run(f"document.querySelector({json.dumps(f'{selector} [name={name}]')}).focus()")
            self.call("Input.insertText", text=text)
        self._loaded(lambda: self.run(f"document.querySelector({json.dumps(selector + ' button')}).click()"))

    def press(self, key: str) -> None:
        """Press a key, such as Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for sort in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=sort, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def view(self, width: int, height: int, *, dark: bool = False) -> None:
        """Look through a window of another size, or in the dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def wait(self, script: str) -> None:
        """Wait until a script gives something true."""
        end = time.monotonic() + WAIT_S
        while not self.run(script):
            assert time.monotonic() < end, script
            time.sleep(0.1)

    @property
    def requested(self) -> list[str]:
        sent = [one for one in self.events if one.get("method") == "Network.requestWillBeSent"]
        return [one["params"]["request"]["url"] for one in sent]

    @property
    def complaints(self) -> list[Any]:
        """What the console of the browser says: errors, refused by policy, thrown."""
        said = [one for one in self.events if one.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")]
        said += [one for one in self.events if one.get("method") == "Runtime.consoleAPICalled"]
        return [one["params"] for one in said]

    def _loaded(self, act: Any) -> None:
        before = sum(one.get("method") == "Page.loadEventFired" for one in self.events)
        act()
        while sum(one.get("method") == "Page.loadEventFired" for one in self.events) <= before:
            self.events.append(self._read())

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._out], [], [], WAIT_S)[0], "the browser is silent"
            self._rest += os.read(self._out, 1 << 20)
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@contextmanager
def browsing(directory: Path) -> Iterator[Browser]:
    """Open a browser with a fresh profile."""
    assert CHROMIUM is not None
    theirs, into = os.pipe()
    out, ours = os.pipe()
    flags = "--headless=new --no-sandbox --disable-gpu --remote-debugging-pipe --disable-dev-shm-usage --no-first-run"
    flags += " --disable-background-networking --disable-component-update --disable-extensions"
    command = f"exec {CHROMIUM} {flags} --user-data-dir={directory} 3<&{theirs} 4>&{ours} 2>/dev/null"
    process = subprocess.Popen(["bash", "-c", command], pass_fds=(theirs, ours), stdout=subprocess.DEVNULL)
    os.close(theirs)
    os.close(ours)
    try:
        browser = Browser(out, into)
        yield browser
        browser.call("Browser.close")
    finally:
        os.close(into)
        os.close(out)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
