"""Receive turns: store them at once, assign them to homes, and learn from them in a separate process."""
