"""What a store is asked of the office around the schedule."""
