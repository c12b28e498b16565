"""The fitted recogniser of the town: sounds, alignment, confusions, and the lists below what it heard."""
