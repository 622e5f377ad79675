"""Appointment times of one session, against answers that others published."""
