"""Timers, alarms, reminders and the clock."""
