"""Commands that read logs and learn from them."""

__all__: list[str] = []
