"""When some minutes of people, devices and rooms cost a plan least: maintenance, courses, meetings."""

from schedopt.operations.placing.place import place, place_on_mondays
from schedopt.operations.placing.values import Placed, Taken, Task

__all__ = ["Placed", "Taken", "Task", "place", "place_on_mondays"]
