"""Fill in what a request leaves out from its context: the last turn, what is pointed at, where and when it is said."""
