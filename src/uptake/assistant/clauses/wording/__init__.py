"""Put clauses into the words of a plain request: short forms, steps, wishes, and what is put off."""
