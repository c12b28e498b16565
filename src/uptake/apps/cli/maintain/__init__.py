"""Commands that maintain a state directory."""

__all__: list[str] = []
