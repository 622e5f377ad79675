package weekbench;

import ai.timefold.solver.core.api.score.buildin.simplelong.SimpleLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;

/** The score, incremental: minus the points that the board counts. Moves never overlap anything. */
public final class BoardScore implements IncrementalScoreCalculator<Plan, SimpleLongScore> {

    private Board board;

    @Override
    public void resetWorkingSolution(Plan plan) {
        board = plan.board;
        board.clear();
        for (Visit visit : plan.visits) {
            if (visit.place != null) {
                board.add(visit.request, visit.place);
            }
        }
    }

    @Override
    public void beforeVariableChanged(Object entity, String variable) {
        Visit visit = (Visit) entity;
        if (visit.place != null) {
            board.remove(visit.request);
        }
    }

    @Override
    public void afterVariableChanged(Object entity, String variable) {
        Visit visit = (Visit) entity;
        if (visit.place != null) {
            board.add(visit.request, visit.place);
        }
    }

    @Override
    public void beforeEntityAdded(Object entity) {}

    @Override
    public void afterEntityAdded(Object entity) {}

    @Override
    public void beforeEntityRemoved(Object entity) {}

    @Override
    public void afterEntityRemoved(Object entity) {}

    @Override
    public SimpleLongScore calculateScore() {
        return SimpleLongScore.of(-board.cost());
    }
}
