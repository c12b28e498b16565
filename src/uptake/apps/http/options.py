"""Options of serving: address, limits, and the agent that requests are handed on to."""

from __future__ import annotations

from dataclasses import dataclass

from uptake.errors import BadConfig

__all__ = ["Options"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of the service: the table [serve] of `uptake.toml`.

    Args:
        host: Address to listen at; one that other machines can reach needs a token.
        port: Port to listen at; 0 for any that is free.
        learn: Whether to learn while serving.
        root_path: Path under which a proxy serves it, such as "/uptake".
        rate_per_s: Requests a second that one caller may make in the long run.
        burst: Requests that one caller may make at once.
        max_body_bytes: Longest body of a request.
        max_batch_bytes: Longest batch of turns.
        body_timeout_s: Longest time in which a body must arrive, and a part of an answer be taken, in seconds.
        header_timeout_s: Longest time in which the headers must arrive, in seconds.
        connections: Most connections at once.
        chat_upstream: Address of an OpenAI-compatible endpoint that chats are passed on to; None for none.
        wyoming: Address to listen at for Wyoming, such as "tcp://127.0.0.1:10500"; None for none.
        wyoming_mode: What is done with a request there: "handle" to do it, "intent" to read it for the other side.
        wyoming_asr: Address of a speech recogniser that speaks Wyoming, whose transcripts are repaired; None for none.
        wyoming_announce: Whether Home Assistant finds the address by itself (zeroconf), where others can reach it.
        home_assistant: Address of the Home Assistant that does what comes over Wyoming, and that is watched; None for
            our own assistant.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    learn: bool = True
    root_path: str = ""
    rate_per_s: float = 500.0
    burst: int = 1_000
    max_body_bytes: int = 256 * 1024
    max_batch_bytes: int = 32 * 1024 * 1024
    body_timeout_s: float = 20.0
    header_timeout_s: float = 10.0
    connections: int = 512
    chat_upstream: str | None = None
    wyoming: str | None = None
    wyoming_mode: str = "handle"
    wyoming_asr: str | None = None
    wyoming_announce: bool = True
    home_assistant: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535:
            raise BadConfig("port must be in 0 to 65535")
        if self.root_path and (not self.root_path.startswith("/") or self.root_path.endswith("/")):
            raise BadConfig("root_path must begin with / and not end with it, such as /uptake")
        if min(self.max_body_bytes, self.max_batch_bytes, self.connections) < 1:
            raise BadConfig("max_body_bytes, max_batch_bytes and connections must be 1 or more")
        if not min(self.body_timeout_s, self.header_timeout_s) > 0:
            raise BadConfig("body_timeout_s and header_timeout_s must be more than 0")
        if self.chat_upstream is not None and not self.chat_upstream.startswith(("http://", "https://")):
            raise BadConfig("chat_upstream must be an http(s) address")

        if self.wyoming_mode not in ("handle", "intent"):
            raise BadConfig("wyoming_mode must be handle or intent")

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach the address."""
        return self.host in _LOOPBACK
