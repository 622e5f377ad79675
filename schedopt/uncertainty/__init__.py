"""What may happen to a week's visits: distributions, what history says, and scenarios drawn from it."""
