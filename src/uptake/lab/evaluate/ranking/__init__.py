"""Evaluations of rewriting at request time."""
