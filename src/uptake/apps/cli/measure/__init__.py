"""Commands that measure quality and speed, and train the shipped models again."""

__all__: list[str] = []
