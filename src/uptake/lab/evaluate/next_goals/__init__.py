"""Evaluate next goals: on real sequences of services, and in homes with planted pairs of goals."""
