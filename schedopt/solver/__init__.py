"""How a good schedule is found, and how good it can be: search, bound, models for CP-SAT, and networks."""
