"""Evaluate anonymised texts: their utility, the identifiers left in them, and re-identification of their authors."""
