"""What a session says of its own turns: frictions and thanks, each read by one file."""
