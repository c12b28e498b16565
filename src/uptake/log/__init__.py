"""Interaction log: the schema of a turn, its storage on disk, and the grouping of turns into sessions."""
