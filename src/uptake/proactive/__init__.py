"""What the assistant says unasked: offers, and what it takes to make them seldom and welcome."""
