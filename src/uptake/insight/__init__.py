"""Read whole dialogues: repeated requests, failure points, goals."""
