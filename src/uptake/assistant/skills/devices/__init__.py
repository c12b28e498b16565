"""Skills that act on devices and tell their states."""
