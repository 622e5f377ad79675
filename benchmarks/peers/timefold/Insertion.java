package weekbench;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.api.solver.phase.PhaseCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The construction: requests, the dearest to leave out first, go where they add least. */
public final class Insertion implements PhaseCommand<Plan> {

    @Override
    public void changeWorkingSolution(ScoreDirector<Plan> director, BooleanSupplier terminated) {
        Plan plan = director.getWorkingSolution();
        List<Integer> waiting = new ArrayList<>();
        for (Visit visit : plan.visits) {
            if (visit.place == null) {
                waiting.add(visit.request);
            }
        }
        Relocation.putBack(director, plan, waiting);
        director.triggerVariableListeners();
    }
}
