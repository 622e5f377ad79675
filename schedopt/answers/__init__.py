"""What can be asked of a problem and of a finished plan: why, what else, who else, and what now."""
