"""Situations with a known right interpretation: recorded, written by hand, and drawn for simulated households."""
