"""My assistant is not yours: ask what to act on before it acts, and tell what happened after. It learns the rest.

`answer` is the ten lines to put around an agent of your own, whatever it is. The service is `uptake serve`; here the
example starts one, fills it with a made-up log (`uptake.lab.simulate.small_log`), and waits until it has learned.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from uuid import uuid4

from uptake.lab.simulate.small_log import small_log
from uptake.platforms.client import Client


def my_agent(request: str) -> tuple[str, str]:
    """Your own assistant: what it says, and how that ended."""
    known = request.lower().startswith("play imagine dragons")
    return ("Playing Imagine Dragons.", "ok") if known else ("Sorry?", "failed")


def answer(client: Client, request: str, user_id: str) -> str:
    """Ask, act, tell."""
    found = client.rewrite(request, user_id=user_id)
    response, status = my_agent(found.text if found.action == "rewrite" else request)
    turn = {"turn_id": uuid4().hex, "user_id": user_id, "said_at": datetime.now(UTC), "request": request}
    client.observe([{**turn, **found.echo.fields(), "status": status, "response": response}])
    return response


with tempfile.TemporaryDirectory() as place:
    command = [sys.executable, "-m", "uptake", "serve", "--state", place, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:  # noqa: S603 - our own command
        said = (json.loads(line) for line in service.stderr)
        port = next(line["port"] for line in said if line["event"] == "serving")
        with Client(f"http://127.0.0.1:{port}", rewrite_timeout_s=10.0) as client:
            print("before:", answer(client, "Play Maj and Dragons!", "ann"))
            client.observe(small_log(seed=0))  # other people's turns: some said it again, in words that worked
            while client.rewrite("Play Maj and Dragons!", user_id="bob").action != "rewrite":  # it learns meanwhile
                time.sleep(0.2)
            print("after: ", answer(client, "Play Maj and Dragons!", "ann"))
            print("why:   ", client.explain(request="play maj and dragons", user_id="ann")["reason"])
        service.terminate()
        service.communicate()

# prints:
# before: Sorry?
# after:  Playing Imagine Dragons.
# why:    … users in … sessions: success at least …% with it, at most …% without
