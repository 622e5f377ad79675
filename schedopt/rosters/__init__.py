"""The rosters source: shifts, leave, closures, credentials, rooms and equipment."""
