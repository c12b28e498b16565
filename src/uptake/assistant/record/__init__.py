"""The record of a turn: the turn itself, the trace of its stages, and both in words."""
