"""Evaluate goals and annotators."""
