"""Logs of other assistants, in columns of their own: read, guessed at, explained, made into turns."""

__all__: list[str] = []
