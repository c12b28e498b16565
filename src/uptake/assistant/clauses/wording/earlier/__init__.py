"""Say in full what a request leaves to the turns before it: the other one, the same again, undone."""
