"""Situations whose right reading is known: recorded, written by hand, and drawn for simulated households."""
