"""The interaction log: what a turn looks like on disk, how turns are kept, and how they make sessions."""
