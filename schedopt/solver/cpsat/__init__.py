"""Parts of a week as models for CP-SAT; the only room that knows OR-Tools."""
