"""Define the options of the service: address, limits, and the programs that requests are passed on to."""

from __future__ import annotations

from dataclasses import dataclass

from uptake.errors import BadConfig

__all__ = ["Options"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of the service: the table [serve] of `uptake.toml`.

    Args:
        host: Address to listen on; one that other machines can reach needs a token.
        port: Port to listen on; 0 for any free port.
        learn: Whether to learn while serving.
        root_path: Path prefix behind a proxy, such as "/uptake".
        rate_per_s: Long-term limit of requests per second for one caller.
        burst: Most requests that one caller may make at once.
        max_body_bytes: Longest body of a request, in bytes.
        max_batch_bytes: Longest batch of turns, in bytes.
        body_timeout_s: Longest time for a body to arrive, and for a caller to accept a part of an answer, in seconds.
        header_timeout_s: Longest time for the headers to arrive, in seconds.
        connections: Most connections at once.
        chat_upstream: Address of an OpenAI-compatible endpoint to which rewritten chats are forwarded; None for none.
        wyoming: Address to listen on for the Wyoming protocol, such as "tcp://127.0.0.1:10500"; None for none.
        wyoming_mode: Handling of Wyoming requests: "handle" carries them out, "intent" returns their intent.
        wyoming_asr: Address of a Wyoming speech recogniser whose transcripts are repaired; None for none.
        wyoming_announce: Whether the address is announced to Home Assistant (zeroconf), if other machines can reach it.
        home_assistant: Address of the Home Assistant that carries Wyoming requests out and is watched; None for
            uptake's own assistant.
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
