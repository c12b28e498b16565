"""Evaluate labels without annotators."""
