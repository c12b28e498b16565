"""Evaluate the next goal: on real sequences of services, and on homes in which pairs of goals are planted."""
