"""Which goal comes next: on real sequences of services, and on homes in which pairs of goals are planted."""
