package weekbench;

import ai.timefold.solver.core.api.solver.Solver;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.heuristic.selector.move.factory.MoveIteratorFactoryConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import ai.timefold.solver.core.config.localsearch.decider.forager.LocalSearchForagerConfig;
import ai.timefold.solver.core.config.phase.custom.CustomPhaseConfig;
import ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code Main INPUT OUTPUT MILLISECONDS RUNS SEED TEMPERATURE}: independent runs side by side, each in a thread of its
 * own with a seed of its own; the best one's points are written, then its visits, one a line: request, session, start,
 * wait, in cells.
 */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Path input = Path.of(arguments[0]);
        Path output = Path.of(arguments[1]);
        long milliseconds = Long.parseLong(arguments[2]);
        int runs = Integer.parseInt(arguments[3]);
        long seed = Long.parseLong(arguments[4]);
        String temperature = arguments[5];
        Week week;
        try (Reader reader = Files.newBufferedReader(input)) {
            week = Week.read(reader);
        }
        ExecutorService threads = Executors.newFixedThreadPool(runs);
        List<Future<Plan>> answers = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            Solver<Plan> solver = solver(milliseconds, seed + run, temperature);
            answers.add(threads.submit(() -> solver.solve(start(week))));
        }
        Plan best = null;
        for (Future<Plan> answer : answers) {
            Plan plan = answer.get();
            best = best == null || plan.score.compareTo(best.score) > 0 ? plan : best;
        }
        threads.shutdown();
        write(week, best, output);
    }

    private static Solver<Plan> solver(long milliseconds, long seed, String temperature) {
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(Visit.class)
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(seed)
                .withScoreDirectorFactory(
                        new ScoreDirectorFactoryConfig().withIncrementalScoreCalculatorClass(BoardScore.class))
                .withTerminationConfig(new TerminationConfig().withMillisecondsSpentLimit(milliseconds))
                .withPhases(
                        new CustomPhaseConfig().withCustomPhaseCommandClassList(List.of(Insertion.class)),
                        new LocalSearchPhaseConfig()
                                .withMoveSelectorConfig(
                                        new MoveIteratorFactoryConfig().withMoveIteratorFactoryClass(Relocations.class))
                                .withAcceptorConfig(new LocalSearchAcceptorConfig()
                                        .withSimulatedAnnealingStartingTemperature(temperature))
                                .withForagerConfig(new LocalSearchForagerConfig().withAcceptedCountLimit(1)));
        return SolverFactory.<Plan>create(config).buildSolver();
    }

    /** Fixed promises at their places, nobody else anywhere. */
    private static Plan start(Week week) {
        Board board = new Board(week);
        List<Visit> visits = new ArrayList<>();
        for (int request = 0; request < week.requests(); request++) {
            boolean fixed = week.isFixed(request) && week.hasWay(request);
            Long place = null;
            if (fixed) {
                int way = week.wayOffset[request];
                int wait = board.shortestWait(request, way, week.wayEarliest[way]);
                place = week.code(way, week.wayEarliest[way], Math.max(0, wait));
                board.add(request, place);
            }
            visits.add(new Visit(request, fixed, place));
        }
        return new Plan(board, visits);
    }

    private static void write(Week week, Plan plan, Path output) throws IOException {
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(output))) {
            writer.println(-plan.score.score());
            for (Visit visit : plan.visits) {
                if (visit.place != null) {
                    int way = week.wayOf(visit.place);
                    writer.println(visit.request + " " + week.waySession[way] + " " + week.startOf(visit.place) + " "
                            + week.waitOf(visit.place));
                }
            }
        }
    }
}
