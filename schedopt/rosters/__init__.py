"""The rosters source: shifts, leave, closures, credentials, rooms, devices and support staff."""
