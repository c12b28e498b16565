"""Analyse whole dialogues: rephrases, defects, failure points, goals."""
