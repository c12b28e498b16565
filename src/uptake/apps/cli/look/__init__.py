"""Commands to look at what was learned, and to undo it."""

__all__: list[str] = []
