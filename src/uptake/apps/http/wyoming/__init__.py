"""Wyoming interface for Home Assistant: requests are decided, carried out and stored; the home is watched."""

from uptake.apps.http.wyoming.door import Wyoming, open_wyoming

__all__ = ["Wyoming", "open_wyoming"]
