"""A planned week on a Monday morning: slots for a caller, a provider who is ill, and who takes the time of a visit."""

import datetime as dt

import schedopt

office = schedopt.read_office("examples/office")
plan = schedopt.plan(schedopt.assemble(office, dt.date(2026, 11, 30)), time_limit=20, workers=2, seed=1)

caller = plan.visits[-1].request
found = schedopt.recommend(plan, caller, top=3)
print(f"Other slots for {caller}:")
print(found.slots[["provider", "date", "start", "points", "stranded_minutes"]].to_string(index=False))

visit = plan.visits[0]
repair = schedopt.replan(plan, [schedopt.Away(visit.provider, visit.at(0), visit.at(12 * 60))])
print(f"{visit.provider} is ill on {visit.date}: {repair.moved} visits moved, {repair.lost} lost; whom to call:")
print(repair.calls[["request", "what", "old_time", "new_time", "new_provider"]].head().to_string(index=False))

last = plan.visits[-1]
freed = schedopt.replan(plan, [schedopt.Cancelled(last.request)]).plan
waiting = schedopt.fill(freed, schedopt.Opening(last.provider, last.at(last.start), last.at(last.end)))
print(f"{len(waiting)} could take the time of {last.request}")
