"""A page with what was learned and what it did."""
