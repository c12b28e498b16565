"""Commands that inspect what was learned, and block, edit or remove it."""

__all__: list[str] = []
