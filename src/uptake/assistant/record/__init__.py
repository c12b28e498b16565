"""Record a turn: the turn itself, the trace of its stages, and explanations of both."""
