"""Train forests, linear models and calibrations."""
