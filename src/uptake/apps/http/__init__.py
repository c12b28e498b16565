"""The service: decide, observe, learn, explain and undo over HTTP."""

__all__: list[str] = []
