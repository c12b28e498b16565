"""Start Uptake as an add-on: take the options, tell Home Assistant where it is, and become `uptake serve`.

Home Assistant's Supervisor gives the token; the state is kept in /data, which Home Assistant backs up.
"""

import json
import os
import socket
import subprocess
import urllib.request
from pathlib import Path

STATE = Path("/data/uptake")
WYOMING = 10500


def serve_arguments(options: dict) -> list[str]:
    """Arguments of `uptake serve` for the options of the add-on."""
    found = ["uptake", "serve", "--state", str(STATE), "--host", "0.0.0.0", "--port", "8765"]  # noqa: S104 - in a container
    found += ["--wyoming", f"tcp://0.0.0.0:{WYOMING}", "--wyoming-mode", options.get("mode", "handle")]
    found += ["--home-assistant", "http://supervisor/core"]
    recogniser = options.get("recogniser", "")
    return found + (["--wyoming-asr", recogniser] if recogniser else [])


def announce(token: str) -> None:
    """Tell the Supervisor where the Wyoming service is, so that Home Assistant offers to add it."""
    body = {"service": "wyoming", "config": {"uri": f"tcp://{socket.gethostname()}:{WYOMING}"}}
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    asked = urllib.request.Request("http://supervisor/discovery", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=30):  # noqa: S310 - the Supervisor's own address
        return


def main() -> None:
    """Start."""
    options = json.loads(Path("/data/options.json").read_text(encoding="utf-8"))
    token = os.environ["SUPERVISOR_TOKEN"]
    if not (STATE / "tokens.json").exists():
        scopes = [part for name in ("read", "manage", "monitor") for part in ("--scope", name)]
        subprocess.run(["uptake", "tokens", "add", "console", *scopes, "--state", str(STATE)], check=True)  # noqa: S603, S607
    announce(token)
    arguments = serve_arguments(options)
    os.execvpe(arguments[0], arguments, {**os.environ, "UPTAKE_HA_TOKEN": token})  # noqa: S606 - the one process here


if __name__ == "__main__":
    main()
