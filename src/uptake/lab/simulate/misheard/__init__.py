"""How the fitted recogniser of the town mishears: sounds, alignment, confusions, and the lists below what it heard."""
