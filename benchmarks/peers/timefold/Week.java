package weekbench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What has to be planned: arrays of whole numbers, never changed after reading. Times are grid cells after midnight.
 *
 * <p>The reader expects what {@code benchmarks/peers/timefold.py} writes, number by number in the same order.
 */
final class Week {

    static final int NONE = -1;

    final int cells;
    final int days;
    final int idlePrice;
    final int waitPrice;
    final int overtimePrice;
    final int preferencePrice;

    /** Per session. */
    final int[] site, day, start, end, overtime;

    /** Pool by site and kind, or NONE; units by pool, day and cell. */
    final int[][] poolAt;

    final int[][] capacity;

    /** Per request. */
    final int[] length, leftOut, moved, beforeKind, beforeLength, maxWait, roomKind;

    final int[] preferFrom, preferTo, bookedSession, bookedStart, patient, after, minDays, maxDays;

    /** 1 for a promise that has to be kept. */
    private final int[] fixed;

    /** Requests that follow, and other requests of the same patient. */
    final int[][] followers, siblings;

    /** Ways of request r are those from wayOffset[r] to wayOffset[r + 1]. */
    final int[] wayOffset;

    final int[] waySession, wayEarliest, wayLatest, wayOpens, wayPrice;

    /** Upper limit of a wait, exclusive, in any code of a place. */
    final int waits;

    static Week read(Reader source) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new BufferedReader(source));
        int[] head = row(in, 12);
        int[][] sessions = table(in, head[0], 5);
        int[][] poolAt = filled(head[1], head[2], NONE);
        int[][] capacity = pools(in, poolAt, head[3], head[6], head[7]);
        return new Week(head, sessions, poolAt, capacity, table(in, head[4], 17), table(in, head[5], 5));
    }

    private Week(int[] head, int[][] sessions, int[][] poolAt, int[][] capacity, int[][] requests, int[][] ways) {
        days = head[6];
        cells = head[7];
        idlePrice = head[8];
        waitPrice = head[9];
        overtimePrice = head[10];
        preferencePrice = head[11];
        site = sessions[0];
        day = sessions[1];
        start = sessions[2];
        end = sessions[3];
        overtime = sessions[4];
        this.poolAt = poolAt;
        this.capacity = capacity;
        length = requests[0];
        leftOut = requests[1];
        moved = requests[2];
        beforeKind = requests[3];
        beforeLength = requests[4];
        maxWait = requests[5];
        roomKind = requests[6];
        preferFrom = requests[7];
        preferTo = requests[8];
        bookedSession = requests[9];
        bookedStart = requests[10];
        patient = requests[11];
        after = requests[12];
        minDays = requests[13];
        maxDays = requests[14];
        fixed = requests[15];
        wayOffset = offsets(requests[16]);
        waits = Arrays.stream(maxWait).max().orElse(0) + 1;
        waySession = ways[0];
        wayEarliest = ways[1];
        wayLatest = ways[2];
        wayOpens = ways[3];
        wayPrice = ways[4];
        followers = followers(after);
        siblings = siblings(patient);
    }

    private static int[] row(StreamTokenizer in, int width) throws IOException {
        int[] numbers = new int[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = next(in);
        }
        return numbers;
    }

    private static int[][] filled(int rows, int width, int value) {
        int[][] table = new int[rows][width];
        for (int[] row : table) {
            Arrays.fill(row, value);
        }
        return table;
    }

    /** Units by pool and cell, nothing while a pool is closed; says also where each pool is. */
    private static int[][] pools(StreamTokenizer in, int[][] poolAt, int pools, int days, int cells)
            throws IOException {
        int[][] capacity = new int[pools][days * cells];
        for (int pool = 0; pool < pools; pool++) {
            poolAt[next(in)][next(in)] = pool;
            Arrays.fill(capacity[pool], next(in));
            for (int closures = next(in); closures > 0; closures--) {
                int midnight = next(in) * cells;
                Arrays.fill(capacity[pool], midnight + next(in), midnight + next(in), 0);
            }
        }
        return capacity;
    }

    private static int[] offsets(int[] counts) {
        int[] offsets = new int[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            offsets[i + 1] = offsets[i] + counts[i];
        }
        return offsets;
    }

    private static int next(StreamTokenizer in) throws IOException {
        if (in.nextToken() != StreamTokenizer.TT_NUMBER) {
            throw new IOException("expected a number, found " + in);
        }
        return (int) in.nval;
    }

    private static int[][] table(StreamTokenizer in, int rows, int width) throws IOException {
        int[][] columns = new int[width][rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                columns[column][row] = next(in);
            }
        }
        return columns;
    }

    /** For each request, those that follow it. */
    private static int[][] followers(int[] after) {
        Map<Integer, List<Integer>> by = grouped(after);
        return IntStream.range(0, after.length)
                .mapToObj(r -> by.getOrDefault(r, List.of()).stream().mapToInt(i -> i).toArray())
                .toArray(int[][]::new);
    }

    /** For each request, the others of the same patient. */
    private static int[][] siblings(int[] patient) {
        Map<Integer, List<Integer>> by = grouped(patient);
        return IntStream.range(0, patient.length)
                .mapToObj(r -> by.get(patient[r]).stream().mapToInt(i -> i).filter(i -> i != r).toArray())
                .toArray(int[][]::new);
    }

    private static Map<Integer, List<Integer>> grouped(int[] keys) {
        return IntStream.range(0, keys.length).boxed().collect(Collectors.groupingBy(i -> keys[i]));
    }

    int requests() {
        return length.length;
    }

    int sessions() {
        return site.length;
    }

    boolean isFixed(int request) {
        return fixed[request] == 1;
    }

    boolean hasWay(int request) {
        return wayOffset[request] < wayOffset[request + 1];
    }

    /** A way, a start and a wait between the steps as one number, the planning value. */
    long code(int way, int startCell, int wait) {
        return ((long) way * cells + startCell) * waits + wait;
    }

    long codes() {
        return (long) waySession.length * cells * waits + 1;
    }

    int wayOf(long code) {
        return (int) (code / waits / cells);
    }

    int startOf(long code) {
        return (int) (code / waits % cells);
    }

    int waitOf(long code) {
        return (int) (code % waits);
    }
}
