"""Commands that measure quality and speed, and make models again."""

__all__: list[str] = []
