"""Evaluate failure points."""
