package weekbench;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.cloner.SolutionCloner;
import ai.timefold.solver.core.api.domain.valuerange.CountableValueRange;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeFactory;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.score.buildin.simplelong.SimpleLongScore;
import java.util.ArrayList;
import java.util.List;

/** All visits. Clones share the board, which follows the solver's working solution. */
@PlanningSolution(solutionCloner = Plan.Cloner.class)
public class Plan {

    @PlanningEntityCollectionProperty
    public List<Visit> visits;

    @PlanningScore
    public SimpleLongScore score;

    final Board board;

    public Plan() {
        this(null, new ArrayList<>());
    }

    Plan(Board board, List<Visit> visits) {
        this.board = board;
        this.visits = visits;
    }

    @ValueRangeProvider(id = "places")
    public CountableValueRange<Long> places() {
        return ValueRangeFactory.createLongValueRange(0, board.week.codes());
    }

    /** Copies visit by visit: the generic cloner takes a multiple of the time. */
    public static final class Cloner implements SolutionCloner<Plan> {
        @Override
        public Plan cloneSolution(Plan original) {
            List<Visit> visits = new ArrayList<>(original.visits.size());
            for (Visit visit : original.visits) {
                visits.add(new Visit(visit.request, visit.fixed, visit.place));
            }
            Plan clone = new Plan(original.board, visits);
            clone.score = original.score;
            return clone;
        }
    }
}
