"""Habits that the town plants with known truth: routines that people ask for, devices that have their times."""
