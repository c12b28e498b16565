"""Generators of text: a Python callable, an OpenAI-compatible endpoint, a local model in a GGUF file.

All are asked the same: continue this text. One that fails or returns nothing is counted, and refused for good after
several failures in a row.
"""

from __future__ import annotations

import importlib
import json
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from uptake.errors import BadConfig, MissingExtra, NotReady

__all__ = ["Generator", "Patient", "generator_of"]

Generator = Callable[[str], str]
"""From a text to what it goes on with."""

_MOST_BYTES = 1_000_000
_IN_A_ROW = 5
_KEY = "OPENAI_API_KEY"
_ASKED = "Continue the text. Answer with the continuation alone, at most two sentences.\n\n"


class Patient:
    """Ask a generator, wait so long and no longer, and count what fails.

    Args:
        generator: The generator.
        timeout_s: Longest time to wait for one text.
    """

    def __init__(self, generator: Generator, *, timeout_s: float = 60.0) -> None:
        self._generator, self._timeout_s = generator, timeout_s
        self._in_a_row = 0
        self.asked = 0
        """How many texts were asked for."""
        self.failed: dict[str, int] = {"timed out": 0, "returned nothing": 0, "raised an error": 0}
        """Why no text came -> how often."""

    def __call__(self, prompt: str) -> str | None:
        """Continue a text; None where the generator failed.

        Raises:
            NotReady: It failed several times in a row.
        """
        self.asked += 1
        found: list[Any] = []
        worker = threading.Thread(target=self._ask, args=(prompt, found), daemon=True)
        worker.start()
        worker.join(self._timeout_s)
        answer = found[0] if found else TimeoutError()
        text = answer.strip() if isinstance(answer, str) else ""
        if text:
            self._in_a_row = 0
            return text
        late = isinstance(answer, TimeoutError)
        reason = "timed out" if late else "raised an error" if isinstance(answer, Exception) else "returned nothing"
        self.failed[reason] += 1
        self._in_a_row += 1
        if self._in_a_row >= _IN_A_ROW:
            detail = f" ({_said(answer)})" if reason == "raised an error" else ""
            raise NotReady(f"the generator {reason}{detail} {_IN_A_ROW} times in a row; nothing can be measured")
        return None

    def _ask(self, prompt: str, found: list[Any]) -> None:
        try:
            found.append(self._generator(prompt))
        except Exception as error:  # noqa: BLE001 - it is somebody else's code: whatever it raises is counted
            found.append(error)


def _said(error: Any) -> str:
    """Say what kind of error it was; never its text, which may quote a prompt."""
    return f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__


def generator_of(
    written: str, *, model: str = "", words: int = 30, seed: int = 0, timeout_s: float = 60.0
) -> Generator:
    """Make a generator of how it is named on the command line.

    Args:
        written: "module:function", an address "http://…/v1", or the path of a GGUF file.
        model: Name of the model at an address.
        words: Most tokens of a continuation, for endpoints and local models.
        seed: Of what they draw, at temperature 0.8.
        timeout_s: Longest time to wait for an endpoint.

    Raises:
        BadConfig: It is none of them, or the function cannot be found.
        MissingExtra: A local model needs a library that is not installed.
    """
    if written.startswith(("http://", "https://")):
        return _endpoint(written, model=model, most=words, seed=seed, timeout_s=timeout_s)
    if written.endswith(".gguf"):
        return _local(Path(written), most=words, seed=seed)
    module, colon, name = written.partition(":")
    if not colon or not module or not name:
        raise BadConfig("a generator is module:function, an address (http://…/v1) or a file that ends in .gguf")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise BadConfig(f"the generator {written} cannot be imported ({type(error).__name__})") from error
    if not callable(found):
        raise BadConfig(f"the generator {written} is no function from text to text")
    called: Generator = found
    return called


def _endpoint(address: str, *, model: str, most: int, seed: int, timeout_s: float) -> Generator:
    base = address.rstrip("/")
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get(_KEY):
        headers["Authorization"] = f"Bearer {key}"
    options = {"model": model, "max_tokens": most, "temperature": 0.8, "seed": seed}

    def post(path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            base + path, data=json.dumps(options | body).encode(), headers=headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310 - as above
                return json.loads(response.read(_MOST_BYTES))["choices"][0]
        except urllib.error.HTTPError as error:
            error.close()
            raise

    def complete(prompt: str) -> str:
        try:
            return str(post("/completions", {"prompt": prompt})["text"])
        except urllib.error.HTTPError as error:
            if error.code not in (404, 405, 501):
                raise
        asked = [{"role": "user", "content": _ASKED + prompt}]
        return str(post("/chat/completions", {"messages": asked})["message"]["content"])

    return complete


def _local(path: Path, *, most: int, seed: int) -> Generator:
    if not path.is_file():
        raise NotReady(f"{path}: no such file; give the GGUF file of a model")
    try:
        import xllamacpp
    except ModuleNotFoundError as error:
        raise MissingExtra("a local model needs xllamacpp: pip install 'uptake[audit]'") from error
    chosen = xllamacpp.CommonParams()
    chosen.model.path = str(path)
    chosen.n_ctx = 1024
    chosen.n_parallel = 1
    chosen.warmup = False
    chosen.cpuparams.n_threads = chosen.cpuparams_batch.n_threads = 1  # more wait for each other where others work, too
    chosen.verbosity = -1
    try:
        server = xllamacpp.Server(chosen)
    except (RuntimeError, ValueError) as error:
        raise NotReady(f"{path}: cannot be loaded as a model in GGUF") from error

    def complete(prompt: str) -> str:
        body = {"prompt": prompt, "max_tokens": most, "temperature": 0.8, "seed": seed}
        return str(server.handle_completions(body)["choices"][0]["text"])

    return complete
