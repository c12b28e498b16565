"""Protect people in the log: `release` bounds each user's contribution and shows only what enough users share."""
