"""Answer what no skill is asked for: an emergency, what cannot be done, which room is warmer, what is on where."""
