"""Proof of part 2: the solution's transfer survives a SIGKILL of its worker at every event boundary."""
