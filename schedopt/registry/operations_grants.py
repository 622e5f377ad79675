"""What :mod:`~schedopt.registry.grants` says of tables of the office around the schedule, in the same notation."""

from __future__ import annotations

#   planner, desk, billing, clinician, auditor, administrator, emergency; purposes; tables: columns
_LETTERS = """\
r    race -  r - race r  toq   wishes: patient channel lead_hours quiet_from quiet_until time_zone clock
race race -  - - race -  to    visit_words: visit_type language called prepare
r    race -  r - race -  toq   recalls: recall patient visit_type due
rac  rac  rac - r rac -  topq  messages: message patient kind state request provider site date start minutes zone
rac  rac  rac - r rac -  topq  messages: was_date was_start visit_type lacks recall due_day opening expires answer books
rac  rac  rac - r rac -  topq  messages: sequence channel language clock due told
ac   rac  rac - r rac -  topq  messages: why
ac   ac   rac - r rac -  topq  messages: amount
rac  rac  -  - - rac  -  to    openings: opening provider date start end zone at_once state
"""

_SUPPLIES = """\
race race -    r    r race -  to   supplies: item name unit pack minimum_order price order_cost holding_rate
race race -    r    r race -  to   supplies: holding_cost shortage_cost fill_rate lead_days review_days review_from
race race -    r    r race -  to   supplies: shelf_days supplier by_site binding
race race -    r    r race -  to   supply_uses: visit_type item amount chance
race race -    r    r race -  to   stock: item site lot amount expires counted
race race -    r    r race -  to   supply_orders: order item site amount ordered due received
ra   ra   -    r    r race -  to   stock_moves: move item site lot day kind before after order reason
"""

_EQUIPMENT = """\
race race -    r    r race -  to   devices: device pool kind serial in_use_from in_use_until state
race race -    r    r race -  to   maintenance: task device pool every_days every_uses last_done minutes window_days
race race -    r    r race -  to   maintenance: done_by hours
ra   ra   -    r    r ra   -  to   maintenance_done: task device pool done_on due
"""

_CASES = """\
race race -  r - race -  to    material: material language level title kind visit_types valid_from valid_until place
race race -  r - race -  to    material: needs_signature
r    race -  r r race -  toa   case_rules: kind subject acknowledge_within close_within counted escalate_to
-    rac  -  r r rac  -  toaq  cases: case kind subject site patient request received received_by acknowledge_by due
-    rac  -  r r rac  -  toaq  cases: acknowledged closed owner state outcome
-    rac  -  r - rac  -  toq   cases: words
-    ra   -  r r ra   -  toaq  case_events: case number patient on deed by state owner
-    ra   -  r - ra   -  toq   case_events: words
"""

_SHEETS = """\
race race -  r - race -  to    needs: need visit_type kind name new_only whose holds_days
r    race -  r - race -  toq   received: patient need request on
"""

_TRAINING = """\
race r    -  r r race -  to    staff: staff role site hired left provider duties
race r    -  - - race -  to    staff_shifts: every week_of_month valid_from valid_until staff site date weekday start
race r    -  - - race -  to    staff_shifts: end
race r    -  r r race -  to    competences: competence name months levels
race r    -  r r race -  to    staff_competences: staff competence level valid_from valid_until
race -    -  - r race -  to    staff_competences: evidence
race r    -  r r race -  to    requirements: competence level role duty visit_type visit_role planning
race r    -  r r race -  to    courses: course competence level trainer minutes seats dates pool sites first_day
race r    -  r r race -  to    courses: last_day start end
race r    -  r r race -  to    onboarding: role step about competence from_day to_day needs_mentor shared_hours
race r    -  r r race -  to    mentors: staff most roles
race r    -  r r race -  to    completed_steps: staff step done_on mentor
race r    -  r r race -  to    course_dates: held course date start end trainer state
race r    -  r r race -  to    course_places: held staff state
"""

_MEASURES = """\
race r    -  r r race -  toa   targets: measure first_day target
race r    -  r r race -  toa   care_kinds: visit_type care
race r    -  r r race -  toa   measure_changes: measure date what
race r    -  r r race -  toa   measurements: measure day provider visit_type value beyond
"""

_AUDITS = """\
race r    r  r r race -  topa  obligations: obligation what source basis every unit dates due last_done owner lead_days
rac  rac  r  r rac  rac  -  topa  obligations_done: obligation done_on evidence
r    r    r  r ra   ra   -  topa  audits: audit about source first_day last_day drawn_on known_at seed method divide
r    r    r  r ra   ra   -  topa  audits: strata population frame items tolerable confidence follows
r    r    r  r ra   ra   -  topa  audit_strata: audit stratum population book
r    r    r  r ra   ra   -  topa  audit_items: audit item stratum place amount hits
r    r    rac rac rac rac -  topa  audit_findings: audit item result audited found_on note
rc   rc   rc rc rac rac  -  topa  audit_actions: action audit item what owner opened_on due state evidence done_by
rc   rc   rc rc rac rac  -  topa  audit_actions: done_on verified_by verified_on
-    -    -  - r    -    -  a     appointments: request provider date start minutes
-    -    -  - r    -    -  a     requests: request patient visit_type new ready due urgency
-    -    -  - r    -    -  a     claims: claim insurer provider date charge state
-    -    -  - r    -    -  a     credentials: provider credential valid_from valid_until
"""

OPERATIONS_GRANTS = _LETTERS + _SUPPLIES + _EQUIPMENT + _CASES + _SHEETS + _TRAINING + _MEASURES + _AUDITS
