"""Evaluate the readers of dialogues."""
