"""What becomes of every column when somebody's records are made anonymous: what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from schedopt.errors import Fault, InputError
from schedopt.models.words import HIDDEN

_COLUMNS = """
R id:person     people: person merged_into
R id:patient    people: patient
A remove        people: name given_name surname suffix
C birth         people: birth_date
- keep          people: sex
B remove        people: group street_number address_1 address_2 suburb
B state         people: state
B zip           people: postcode
D remove        people: phone
F remove        people: email
G remove        people: soc_sec_id
H remove        people: mrn
R remove        people: note
R id:actor      actors: actor
- keep          actors: roles
R id:actor      emergencies: actor
C remove        emergencies: begins ends
R remove        emergencies: reason
R id:person     consents: person
- keep          consents: purpose given
R id:person     restrictions: person
R id:request    restrictions: request
- keep          restrictions: kind
R remove        restrictions: told
R id:person     decisions: person other
- keep          decisions: decided
R id:patient    patients: patient
A remove        patients: name
C birth         patients: birth_date
R id:provider   patients: own_provider
- shared        patients: language
- keep          patients: language_required provider_gender provider_gender_required self_pay
B remove        patients: group
R id:request    requests: request after same_day_as
R id:patient    requests: patient
- keep          requests: visit_type urgency priority minutes new after_min_days after_max_days self_pay
C date          requests: ready due
R id:provider   requests: provider providers
B id:site       requests: site
R id:request    age_days: request
C remove        age_days: first_day last_day
R id:patient    availability: patient
R id:request    availability: request
C date          availability: valid_from valid_until date
C weekday       availability: weekday every week_of_month
C time          availability: start end
R id:patient    preferences: patient
R id:request    preferences: request
C date          preferences: valid_from valid_until date
C weekday       preferences: weekday every week_of_month
C time          preferences: start end
R id:request    appointments: request
R id:provider   appointments: provider
C date          appointments: date
C time          appointments: start
- keep          appointments: mark minutes
R id:authorisation  appointments: authorisation
R id:booking    bookings: booking
R id:request    bookings: request
R id:patient    bookings: patient
R id:provider   bookings: provider
B id:site       bookings: site
- keep          bookings: status
C date          bookings: date
C time          bookings: start
R id:request    schedule: request
R id:provider   schedule: provider others
C date          schedule: date
C time          schedule: start steps
R id:request    cancellations: request
R remove        cancellations: reason
R id:visit      history: visit
R id:patient    history: patient
R id:provider   history: provider
- keep          history: visit_type new minutes outcome
C date          history: booked date
C time          history: start arrived began ended
C age           history: age
R id:patient    coverage: patient
I id:insurer    coverage: insurer
C date          coverage: valid_from valid_until
R id:patient    authorisations: patient
I id:authorisation  authorisations: authorisation
I id:insurer    authorisations: insurer
- keep          authorisations: visit_type visits_left status
C date          authorisations: valid_from valid_until decision_due answered
R remove        authorisations: source
R id:patient    referrals: patient
- keep          referrals: visit_type status
C date          referrals: valid_from valid_until decision_due answered
R remove        referrals: source
R id:patient    eligibility: patient
I id:insurer    eligibility: insurer
- keep          eligibility: visit_type status visits_left
C date          eligibility: valid_from valid_until asked_for answered
R remove        eligibility: source
I id:insurer    collection: insurer
- keep          collection: visit_type allowed chance low high bad_debt claims
I id:insurer    networks: insurer
R id:provider   networks: provider
C date          networks: valid_from valid_until
I id:insurer    terms: insurer
- keep          terms: visit_type authorisation referral fee
B id:site       sites: site
B remove        sites: name time_zone
R id:provider   providers: provider supervisors
A remove        providers: name
- keep          providers: gender languages visit_types without_break rest_hours contract_minutes
- keep          visit_types: visit_type name minutes pools buffer_before buffer_after seats most_in_a_row credential
- keep          visit_types: min_age max_age fee notice_hours
- keep          lengths: visit_type patients minutes
R id:provider   lengths: provider
- keep          roles: visit_type role order
R id:provider   roles: providers
- keep          steps: visit_type order minutes pools max_wait
R id:provider   shifts: provider
B id:site       shifts: site
C date          shifts: valid_from valid_until date
C weekday       shifts: weekday every week_of_month
C time          shifts: start end breaks moving_breaks last_new
- keep          shifts: overtime
B id:site       travel: site other_site
- keep          travel: minutes
- keep          setups: visit_type next_visit_type minutes
R id:provider   reserves: provider
C weekday       reserves: weekday
C time          reserves: start end
- keep          reserves: places minutes visit_type urgency release_hours
R id:provider   leave: provider
C date          leave: first_day last_day
C time          leave: start end
R remove        leave: reason
B id:site       closures: site
C date          closures: date
C time          closures: start end
R remove        closures: reason
B id:site       open_holidays: site
C date          open_holidays: date
R id:provider   credentials: provider
K keep          credentials: credential
C date          credentials: valid_from valid_until
M id:pool       pools: pool
B id:site       pools: site
- keep          pools: kind capacity turnover
M id:pool       pool_closures: pool
C date          pool_closures: date
C time          pool_closures: start end
R remove        pool_closures: reason
- keep          pool_closures: units
M id:device     pool_closures: taken_by
R id:staff      staff: staff
R id:provider   staff: provider
B id:site       staff: site
- keep          staff: role duties
C remove        staff: hired left
R id:staff      staff_shifts: staff
B id:site       staff_shifts: site
C date          staff_shifts: valid_from valid_until date
C weekday       staff_shifts: weekday every week_of_month
C time          staff_shifts: start end
- keep          competences: competence name months levels
R id:staff      staff_competences: staff
- keep          staff_competences: competence level
C date          staff_competences: valid_from valid_until
R remove        staff_competences: evidence
- keep          requirements: competence level role duty visit_type visit_role planning
R id:course     courses: course
- keep          courses: competence level minutes seats dates
R id:staff      courses: trainer
M id:pool       courses: pool
B id:site       courses: sites
C date          courses: first_day last_day
C time          courses: start end
- keep          onboarding: role step about competence from_day to_day needs_mentor shared_hours
R id:staff      mentors: staff
- keep          mentors: most roles
M id:device     devices: device
M id:pool       devices: pool
- keep          devices: kind state
M remove        devices: serial
C date          devices: in_use_from in_use_until
- keep          maintenance: task every_days every_uses minutes window_days
M id:device     maintenance: device
M id:pool       maintenance: pool
C date          maintenance: last_done
R id:staff      maintenance: done_by
C time          maintenance: hours
R id:patient    wishes: patient
- keep          wishes: channel lead_hours clock
C time          wishes: quiet_from quiet_until
B remove        wishes: time_zone
- keep          visit_words: visit_type language called prepare
R id:recall     recalls: recall
R id:patient    recalls: patient
- keep          recalls: visit_type
C date          recalls: due
R id:item       supplies: item
- keep          supplies: name unit pack minimum_order price order_cost holding_rate holding_cost shortage_cost
- keep          supplies: fill_rate lead_days review_days shelf_days by_site binding
C date          supplies: review_from
R id:supplier   supplies: supplier
R id:item       supply_uses: item
- keep          supply_uses: visit_type amount chance
R id:item       stock: item
B id:site       stock: site
M id:lot        stock: lot
- keep          stock: amount
C date          stock: expires counted
R id:order      supply_orders: order
R id:item       supply_orders: item
B id:site       supply_orders: site
- keep          supply_orders: amount
C date          supply_orders: ordered due received
R id:material   material: material
- keep          material: language level title kind visit_types needs_signature
C date          material: valid_from valid_until
N remove        material: place
- keep          case_rules: kind subject acknowledge_within close_within counted
R id:actor      case_rules: escalate_to
R id:need       needs: need
- keep          needs: visit_type kind name new_only whose holds_days
R id:patient    received: patient
R id:need       received: need
R id:request    received: request
C date          received: on
- keep          targets: measure target
C date          targets: first_day
- keep          care_kinds: visit_type care
- keep          measure_changes: measure
C date          measure_changes: date
R remove        measure_changes: what
R id:obligation obligations: obligation
- keep          obligations: what source basis every unit lead_days dates
C date          obligations: due last_done
R id:actor      obligations: owner
R id:provider   caps: provider
- keep          caps: visit_type new_only maximum
"""
"""Class of identifiers of 45 CFR 164.514(b)(2)(i), or none; what is done; table: columns."""


@dataclass(frozen=True)
class Treatment:
    """What becomes of a column.

    Attributes
    ----------
    letter : str
        Class of identifiers that it may hold, ``A`` to ``R``; ``-``: none.
    kind : str
        ``remove``, ``keep``, ``id`` (another, random one), ``birth``, ``age``, ``date``, ``weekday``, ``time``,
        ``zip``, ``state``, or ``shared`` (kept where many have it).
    ids : str
        Of ``id``: what it is an id of.
    """

    letter: str
    kind: str
    ids: str = ""


def _parsed(lines: str) -> Iterator[tuple[tuple[str, str], Treatment]]:
    for line in lines.strip().splitlines():
        said, _, columns = line.partition(": ")
        letter, how, table = said.split()
        kind, _, ids = how.partition(":")
        for column in columns.split():
            yield (table, column), Treatment(letter, kind, ids)


@cache
def treatments() -> Mapping[tuple[str, str], Treatment]:
    """What becomes of each column, by table and column."""
    return dict(_parsed(_COLUMNS))


def expect_classified(frames: Mapping[str, pd.DataFrame]) -> None:
    """Refuse tables and columns of which it is not said what becomes of them.

    Raises
    ------
    InputError
        With all of them. Columns that no table of ours has are named by their place: their names may be anybody's.
    """
    known, tables = treatments(), {table for table, _ in treatments()}
    columns = {column for _, column in known}
    faults = []
    for table, frame in frames.items():
        if table not in tables:
            faults.append(Fault(HIDDEN, None, None, None, "expected a table whose columns are classified"))
            continue
        for place, column in enumerate(frame.columns, start=1):
            if (table, column) not in known:
                name = str(column) if column in columns else f"number {place}"
                faults.append(Fault(table, None, name, None, "expected a column that is classified"))
    if faults:
        raise InputError(faults)
