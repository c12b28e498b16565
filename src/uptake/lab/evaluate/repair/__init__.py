"""Evaluate the repair of interpretations."""
