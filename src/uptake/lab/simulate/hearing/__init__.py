"""Sentences of the town spoken by synthetic voices and heard by a real recogniser."""
