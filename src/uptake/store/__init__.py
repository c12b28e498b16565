"""Versions of what was learned: publish, verify, compare, roll back."""
