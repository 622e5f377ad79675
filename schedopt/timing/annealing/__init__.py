"""Sessions of a week annealed by points and expected minutes together."""
