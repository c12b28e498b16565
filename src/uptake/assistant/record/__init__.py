"""What goes on record of a turn: the turn itself, the trace of its stages, and what both say in words."""
