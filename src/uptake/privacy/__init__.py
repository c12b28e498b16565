"""Rules for what may leave the log: `release` bounds each user's weight and keeps what enough users share."""
