"""Doors to other programs: the wire format and the client of our service, chat endpoints, Wyoming."""

__all__: list[str] = []
