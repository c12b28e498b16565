"""Commands to talk with the assistant, and to see it learn."""

__all__: list[str] = []
