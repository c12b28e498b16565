"""The console: what was learned, what it did, and taking it back, in a browser."""

__all__: list[str] = []
