"""Compaction: turn fresh turns, in any order and with duplicates, into parts, each turn once and in its session."""
