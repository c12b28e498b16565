"""Evaluate contextual rewriting."""
