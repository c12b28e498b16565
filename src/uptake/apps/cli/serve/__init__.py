"""Commands that serve other programs."""

__all__: list[str] = []
