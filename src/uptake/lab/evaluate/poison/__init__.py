"""Evaluate log poisoning: simulated attackers, and the cost of the defences."""
