"""What attackers can do by writing to the log: made-up attacks, and what the rules against them cost."""
