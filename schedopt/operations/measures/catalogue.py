"""All measures, in the order in which a page shows them."""

from __future__ import annotations

from schedopt.operations.measures.defined.access_wait import ACCESS_WAIT
from schedopt.operations.measures.defined.continuity import COC, SECON, UPC
from schedopt.operations.measures.defined.cycle_time import CYCLE_TIME
from schedopt.operations.measures.defined.denials import DENIALS
from schedopt.operations.measures.defined.fill import FILL
from schedopt.operations.measures.defined.new_patient_wait import NEW_PATIENT_WAIT
from schedopt.operations.measures.defined.no_show import NO_SHOW, NO_SHOW_BOOKED, NO_SHOW_LATE
from schedopt.operations.measures.defined.overtime import OVERTIME
from schedopt.operations.measures.defined.panel import PANEL_SIZE, UNATTACHED
from schedopt.operations.measures.defined.receivables import RECEIVABLES
from schedopt.operations.measures.defined.refilled import REFILLED
from schedopt.operations.measures.defined.third_next import THIRD_NEXT
from schedopt.operations.measures.defined.utilisation import UTILISATION
from schedopt.operations.measures.defined.wait_standards import WAIT_STANDARDS
from schedopt.operations.measures.measure import Measure

MEASURES: tuple[Measure, ...] = (
    THIRD_NEXT, NEW_PATIENT_WAIT, ACCESS_WAIT, *WAIT_STANDARDS, NO_SHOW, NO_SHOW_LATE, NO_SHOW_BOOKED, REFILLED,
    CYCLE_TIME, FILL, UTILISATION, OVERTIME, UPC, COC, SECON, PANEL_SIZE, UNATTACHED, DENIALS, RECEIVABLES,
)  # fmt: skip
BY_NAME = {measure.name: measure for measure in MEASURES}
