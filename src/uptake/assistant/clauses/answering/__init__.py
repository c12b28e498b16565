"""Answer what is asked of the whole home: which room is warmer, whether a thing is below a limit, what is on where."""
