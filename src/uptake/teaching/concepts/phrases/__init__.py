"""Take statements and uses of concepts apart: frames, assent, lists, and their words."""
