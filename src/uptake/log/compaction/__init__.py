"""Compaction: turns that come in any order and more than once become parts, each turn once and in its session."""
