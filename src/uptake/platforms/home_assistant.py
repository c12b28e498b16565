"""Let Home Assistant do what was said: its own conversation agent, asked over HTTP.

Home Assistant keeps execution, its names and its permissions; we hand it other words where something was learned.
The address and the agent are fixed when the service starts; the agent is Home Assistant's own, so that nothing is
handed back to us in a circle.

Limit: this interface takes no device, so the area of the device that heard the request is lost.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
import msgspec

from uptake.errors import BadConfig, RequestRefused
from uptake.types import Status

__all__ = ["Done", "HomeAssistant"]

_AGENT = "conversation.home_assistant"
_TIMEOUT_S = 20.0


class Done(NamedTuple):
    """What came of a request."""

    speech: str | None
    """What is to be said."""
    status: Status
    """How it ended, as the home saw it."""
    session_id: str | None
    """The conversation, for the next request."""


class HomeAssistant:
    """Home Assistant's own conversation agent.

    Args:
        url: Address of Home Assistant, such as "http://homeassistant.local:8123".
        token: A long-lived access token of it.

    Raises:
        BadConfig: The address is no http(s) address.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadConfig("home_assistant must be an http(s) address, such as http://homeassistant.local:8123")
        self._url = f"{url.rstrip('/')}/api/conversation/process"
        headers = {"authorization": f"Bearer {token}"}
        self._http = httpx2.AsyncClient(headers=headers, timeout=_TIMEOUT_S, follow_redirects=False)

    async def do(self, text: str, *, language: str | None, session_id: str | None) -> Done:
        """Have a request done.

        Raises:
            RequestRefused: Home Assistant does not answer, or refuses the token.
        """
        body: dict[str, Any] = {"text": text, "agent_id": _AGENT}
        body |= {"language": language} if language else {}
        body |= {"conversation_id": session_id} if session_id else {}
        try:
            answer = await self._http.post(self._url, json=body)
            answer.raise_for_status()
            return _done(answer.json())
        except (httpx2.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RequestRefused(
                f"Home Assistant did not do it ({type(error).__name__}); check its address and UPTAKE_HA_TOKEN",
                status=502,
                name="home_assistant",
            ) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def _done(answer: dict[str, Any]) -> Done:
    """Read what Home Assistant answered."""
    response = answer["response"]
    speech = response.get("speech", {}).get("plain", {}).get("speech")
    failed = response["response_type"] == "error"
    unknown = failed and response.get("data", {}).get("code") in ("no_intent_match", "no_valid_targets")
    status: Status = "unsupported" if unknown and not speech else "failed" if failed else "ok"
    return Done(speech, status, msgspec.convert(answer.get("conversation_id"), str | None))
