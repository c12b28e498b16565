"""Commands that look after a state directory."""

__all__: list[str] = []
