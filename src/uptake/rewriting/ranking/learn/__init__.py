"""Train the ranker from outcomes in the log."""
