"""Offers that the assistant makes unasked: seldom, to people who opted in, and never without evidence."""
