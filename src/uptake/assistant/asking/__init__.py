"""Decide when to ask: feedback, exploration."""
