"""Serve over HTTP: decide, observe, learn, explain and undo."""

__all__: list[str] = []
