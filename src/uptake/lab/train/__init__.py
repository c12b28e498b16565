"""Train the models that ship with the package."""
