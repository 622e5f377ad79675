"""Set one session's appointment times against overruns and no-shows: on slots, in continuous time, overbooked."""

import numpy as np

import schedopt
from schedopt.session_design.overbooking import best_number
from schedopt.session_design.phases import Patient, best_times, expected
from schedopt.session_design.slots import SlotSession, best_bookings
from schedopt.session_design.templates import equal_spacing
from schedopt.uncertainty.distributions import Lognormal, fit_moments

costs = schedopt.Costs(waiting=1, idle=4, overtime=6)
service = Lognormal.from_mean(17, sd=8)

session = SlotSession(slots=24, slot_minutes=10, service=service.on_grid(1), no_show=0.1)
slots = best_bookings(session, patients=14, costs=costs)
print("Patients at each slot's start:", slots.bookings.tolist())
print(f"cost {slots.cost:.1f}; no schedule of the slots costs less than {slots.bound:.1f}")

patients = [Patient(fit_moments(17, scv=0.22), no_show=0.1) for _ in range(14)]
best = best_times(patients, costs, end=240)
print("Best times in minutes:", best.times.round().astype(int).tolist())
for name, times in {"best times": best.times, "equal spacing": equal_spacing(14, 17)}.items():
    minutes = expected(patients, times, end=240)
    parts = f"waiting {minutes.waiting.sum():.0f} min, idle {minutes.idle.sum():.0f} min"
    print(f"{name}: {parts}, overtime {minutes.overtime:.0f} min; cost {minutes.cost(costs):.0f}")

booked = best_number(
    service,
    0.1,
    240,
    costs=costs,
    benefit=100,
    most=18,
    rng=np.random.default_rng(1),
    guard=schedopt.Guard(limit=30, share=0.3),
)
print("patients to book:", booked.number)
print(booked.table[["booked", "seen", "waits_long", "value", "allowed"]].round(2).to_string(index=False))
