"""Evaluate the situation model."""
