"""Evaluations of habits: routines of people, hunches about devices."""
