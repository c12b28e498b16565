"""Attack learning through the log: made-up attackers, and the cost of the rules against them."""
