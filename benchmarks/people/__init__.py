"""Invented people, some of whom stand in the table twice, with the faults that desks make."""
