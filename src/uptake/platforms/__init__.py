"""Connect to other programs: wire format and client of the service, chat endpoints, Wyoming, Home Assistant, OVOS."""

__all__: list[str] = []
