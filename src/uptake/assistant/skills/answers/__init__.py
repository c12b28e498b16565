"""Skills that answer without acting: facts, sums, units, weather, small talk."""
