"""Find the nearest of many texts or vectors."""
