"""Appointment systems for one session, as a library: the planner does not use it.

Times on a slot grid, times for phase-type service, the order of patients, overbooking, and templates. See
``examples/one_session.py`` and ``docs/timing.md``.
"""
