"""Plant habits with known truth: routines of people, usual times of devices."""
