"""Run the demo: a simulated town uses an assistant that learns, with planted harm, evaluated by the truth."""
