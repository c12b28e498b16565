"""Turns that come in: kept at once, by homes, and learned from by a process beside the service."""
