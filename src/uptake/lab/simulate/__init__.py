"""Simulate people who talk to an assistant. All data from here is synthetic and labelled as such."""
