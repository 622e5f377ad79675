"""Reads an office from a folder or from DataFrames, every fault at once, and assembles the problem of its week."""

from schedopt.office.assemble import assemble
from schedopt.office.extend import extend_office
from schedopt.office.publish import publish, publish_schedule
from schedopt.office.read import office_from_frames, read_office
from schedopt.office.visits import read_schedule, schedule_dates
from schedopt.office.write import write_appointments

__all__ = [
    "assemble", "extend_office", "office_from_frames", "publish", "publish_schedule", "read_office", "read_schedule",
    "schedule_dates", "write_appointments",
]  # fmt: skip
