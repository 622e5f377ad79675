"""The compiled local search: a week as flat arrays, moves, and annealing."""
