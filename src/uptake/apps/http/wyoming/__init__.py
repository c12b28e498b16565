"""Wyoming, the door for Home Assistant: what is heard there is decided, done and kept; the home is watched."""

from uptake.apps.http.wyoming.door import Wyoming, open_wyoming

__all__ = ["Wyoming", "open_wyoming"]
