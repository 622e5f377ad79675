"""A week to plan as columns, its rules and couplings, and what becomes of it: schedules, checks, plans, changes."""
