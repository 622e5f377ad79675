package weekbench;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.move.AbstractMove;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Some visits go to given places, those in the way are taken out, and whoever was taken out goes back where it adds
 * least. Who is in the way was found out when the move was made, from the same state.
 */
final class Relocation extends AbstractMove<Plan> {

    private final int[] requests;
    private final long[] places;
    private final int[] ejected;

    Relocation(int[] requests, long[] places, int[] ejected) {
        this.requests = requests;
        this.places = places;
        this.ejected = ejected;
    }

    @Override
    public boolean isMoveDoable(ScoreDirector<Plan> director) {
        return true;
    }

    @Override
    protected void doMoveOnGenuineVariables(ScoreDirector<Plan> director) {
        Plan plan = director.getWorkingSolution();
        List<Integer> waiting = new ArrayList<>(ejected.length + 2);
        for (int request : requests) {
            assign(director, plan, request, null);
        }
        for (int request : ejected) {
            assign(director, plan, request, null);
            waiting.add(request);
        }
        for (int i = 0; i < requests.length; i++) {
            assign(director, plan, requests[i], places[i]);
            release(director, plan, requests[i], waiting);
        }
        for (int request : ejected) {
            release(director, plan, request, waiting);
        }
        putBack(director, plan, waiting);
    }

    /** The dearest to leave out first; whoever follows another comes after it. */
    static void putBack(ScoreDirector<Plan> director, Plan plan, List<Integer> waiting) {
        Board board = plan.board;
        waiting.sort((a, b) -> Integer.compare(board.week.leftOut[b], board.week.leftOut[a]));
        for (int i = 0; i < waiting.size(); i++) {
            int request = waiting.get(i);
            if (board.at[request] != Board.NOWHERE) {
                continue;
            }
            long place = board.cheapest(request);
            if (place != Board.NOWHERE) {
                assign(director, plan, request, place);
                for (int follower : board.week.followers[request]) {
                    waiting.add(follower);
                }
            }
        }
    }

    /** Take out whoever followed a visit that is no longer where it can be followed. */
    private static void release(ScoreDirector<Plan> director, Plan plan, int request, Collection<Integer> waiting) {
        for (int follower : plan.board.week.followers[request]) {
            if (!plan.board.keeps(follower)) {
                assign(director, plan, follower, null);
                waiting.add(follower);
                release(director, plan, follower, waiting);
            }
        }
    }

    static void assign(ScoreDirector<Plan> director, Plan plan, int request, Long place) {
        Visit visit = plan.visits.get(request);
        if (visit.place == place) {
            return;
        }
        director.beforeVariableChanged(visit, "place");
        visit.place = place;
        director.afterVariableChanged(visit, "place");
    }

    @Override
    public Collection<?> getPlanningEntities() {
        return List.of();
    }

    @Override
    public Collection<?> getPlanningValues() {
        return List.of();
    }
}
