"""Announce the Wyoming interface to Home Assistant by zeroconf, as other Wyoming services do."""

from __future__ import annotations

import socket

from zeroconf import IPVersion, NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

__all__ = ["Announced"]

_KIND = "_wyoming._tcp.local."
_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - what is listened at, to be told as the machine's own address
_MULTICAST = ("224.0.0.251", 5353)


class Announced:
    """Announcement of one address."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._info = AsyncServiceInfo(
            _KIND, f"{name}._wyoming._tcp.local.", parsed_addresses=[_reachable(host)], port=port
        )
        self._zeroconf: AsyncZeroconf | None = None

    async def start(self) -> str | None:
        """Announce it; returns why that is not possible here, None where it is announced."""
        try:
            self._zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
            await self._zeroconf.async_register_service(self._info, allow_name_change=True)
        except (OSError, NonUniqueNameException) as error:
            await self.close()
            return type(error).__name__
        return None

    async def close(self) -> None:
        """Take it back."""
        if self._zeroconf is not None:
            await self._zeroconf.async_unregister_all_services()
            await self._zeroconf.async_close()
            self._zeroconf = None


def _reachable(host: str) -> str:
    """Return the address by which others reach a listener: this machine's own if it listens on any."""
    if host not in _ANY:
        return socket.gethostbyname(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # sends nothing
        try:
            probe.connect(_MULTICAST)
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
