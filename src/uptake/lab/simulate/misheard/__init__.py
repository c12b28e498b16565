"""Fitted recogniser of the town: sounds, alignment, confusions, and n-best lists."""
