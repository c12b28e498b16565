"""Concepts: words that people teach, and what they do from then on."""
