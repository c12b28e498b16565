"""Evaluations of what is read out of dialogues."""
