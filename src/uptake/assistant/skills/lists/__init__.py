"""Shopping lists and other lists."""
