"""Evaluate texts that may leave: what they are still worth, what of people is left in them, and whose they are."""
