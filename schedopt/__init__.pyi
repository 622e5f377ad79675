"""The public names, each with where it lives; loaded when first asked for."""

from .answers.conflict import Conflict as Conflict
from .answers.conflict import conflict as conflict
from .answers.desk import (
    Desk as Desk,
)
from .answers.desk import (
    Opening as Opening,
)
from .answers.desk import (
    Recommendation as Recommendation,
)
from .answers.desk import (
    admit as admit,
)
from .answers.desk import (
    book as book,
)
from .answers.desk import (
    fill as fill,
)
from .answers.desk import (
    recommend as recommend,
)
from .answers.explain import Explanation as Explanation
from .answers.explain import explain as explain
from .answers.rearrange import rearrange as rearrange
from .answers.replan import Replan as Replan
from .answers.replan import replan as replan
from .answers.retime import retime as retime
from .billing.collection import learn_collection as learn_collection
from .billing.revenue import expected_revenue as expected_revenue
from .errors import Fault as Fault
from .errors import InputError as InputError
from .errors import OutputError as OutputError
from .errors import SchedoptError as SchedoptError
from .example import write_example as write_example
from .folders import read_plan as read_plan
from .models.history import History as History
from .models.office import Office as Office
from .models.office import Settings as Settings
from .models.office import Weights as Weights
from .models.problem.carry import Carried as Carried
from .models.problem.carry import carry as carry
from .models.problem.changes import Away as Away
from .models.problem.changes import Cancelled as Cancelled
from .models.problem.changes import Closed as Closed
from .models.problem.changes import Urgent as Urgent
from .models.problem.check import Audit as Audit
from .models.problem.check import check as check
from .models.problem.plan import Plan as Plan
from .models.problem.problem import Problem as Problem
from .models.problem.schedule import Schedule as Schedule
from .models.problem.visits import Visit as Visit
from .office import (
    assemble as assemble,
)
from .office import (
    extend_office as extend_office,
)
from .office import (
    office_from_frames as office_from_frames,
)
from .office import (
    publish as publish,
)
from .office import (
    read_office as read_office,
)
from .office import (
    read_schedule as read_schedule,
)
from .office.history import read_history as read_history
from .operations.audits.due import compliance_calendar as compliance_calendar
from .operations.equipment.placed import place_maintenance as place_maintenance
from .operations.measures.charts.chart import ControlChart as ControlChart
from .operations.measures.charts.chart import xmr as xmr
from .operations.measures.measure import Evidence as Evidence
from .operations.measures.report import Measured as Measured
from .operations.measures.report import measure as measure
from .operations.sheets.lines import GivenDay as GivenDay
from .operations.sheets.making import day_sheets as day_sheets
from .operations.supplies.orders import order_supplies as order_supplies
from .operations.training.courses import place_courses as place_courses
from .operations.training.matrix import competence_matrix as competence_matrix
from .operations.training.matrix import expiries as expiries
from .operations.training.onboarding import onboarding as onboarding
from .operations.training.supervision import supervision as supervision
from .planning import plan as plan
from .registry import Store as Store
from .registry import create_store as create_store
from .registry import open_store as open_store
from .report import equity as equity
from .report import report_html as report_html
from .report import summary as summary
from .report import write_plan as write_plan
from .simulation import Simulated as Simulated
from .simulation import compare as compare
from .simulation import simulate as simulate
from .simulation.expected import expected_costs as expected_costs
from .solver.params import SolveParams as SolveParams
from .timing.arranging import Effort as Effort
from .timing.costs import Costs as Costs
from .timing.guard import Guard as Guard
from .uncertainty.week import Arrivals as Arrivals
from .uncertainty.week import Uncertainty as Uncertainty
from .uncertainty.week import learn_uncertainty as learn_uncertainty
