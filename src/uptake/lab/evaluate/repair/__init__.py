"""Evaluate repair of readings."""
