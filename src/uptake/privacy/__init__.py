"""What may leave the log: `release` bounds each user's weight and keeps what too few users share."""
