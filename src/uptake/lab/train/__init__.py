"""Train what ships with the package."""
