"""Train the model of failure points."""
