"""Complete a request from its context: the last turn, deictic references, room, device and time."""
