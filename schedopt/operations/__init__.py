"""The office around the schedule: what a plan means for letters, supplies, equipment, staff and measures."""
