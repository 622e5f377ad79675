"""Devices and rooms: what is due, when it costs least, and who is affected where one is out of order."""
