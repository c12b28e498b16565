"""Evaluate rewriting at request time."""
