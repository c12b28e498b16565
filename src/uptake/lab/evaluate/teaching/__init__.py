"""Evaluate teaching: dialogues in which people teach an assistant, and statements of preference."""
