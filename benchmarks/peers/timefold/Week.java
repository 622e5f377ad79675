package weekbench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;

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
    final boolean[] fixed;
    /** Requests that follow, and other requests of the same patient. */
    final int[][] followers, siblings;

    /** Ways of request r are those from wayOffset[r] to wayOffset[r + 1]. */
    final int[] wayOffset;

    final int[] waySession, wayEarliest, wayLatest, wayOpens, wayPrice;

    /** Upper limit of a wait, exclusive, in any code of a place. */
    final int waits;

    static Week read(Reader source) throws IOException {
        StreamTokenizer tokens = new StreamTokenizer(new BufferedReader(source));
        return new Week(tokens);
    }

    private Week(StreamTokenizer in) throws IOException {
        int sessions = next(in);
        int sites = next(in);
        int kinds = next(in);
        int pools = next(in);
        int requests = next(in);
        int ways = next(in);
        days = next(in);
        cells = next(in);
        idlePrice = next(in);
        waitPrice = next(in);
        overtimePrice = next(in);
        preferencePrice = next(in);

        int[][] columns = table(in, sessions, 5);
        site = columns[0];
        day = columns[1];
        start = columns[2];
        end = columns[3];
        overtime = columns[4];

        poolAt = new int[sites][kinds];
        for (int[] row : poolAt) {
            java.util.Arrays.fill(row, NONE);
        }
        capacity = new int[pools][days * cells];
        for (int pool = 0; pool < pools; pool++) {
            poolAt[next(in)][next(in)] = pool;
            java.util.Arrays.fill(capacity[pool], next(in));
            for (int closures = next(in); closures > 0; closures--) {
                int midnight = next(in) * cells;
                java.util.Arrays.fill(capacity[pool], midnight + next(in), midnight + next(in), 0);
            }
        }

        columns = table(in, requests, 17);
        length = columns[0];
        leftOut = columns[1];
        moved = columns[2];
        beforeKind = columns[3];
        beforeLength = columns[4];
        maxWait = columns[5];
        roomKind = columns[6];
        preferFrom = columns[7];
        preferTo = columns[8];
        bookedSession = columns[9];
        bookedStart = columns[10];
        patient = columns[11];
        after = columns[12];
        minDays = columns[13];
        maxDays = columns[14];
        fixed = new boolean[requests];
        wayOffset = new int[requests + 1];
        int longest = 0;
        for (int r = 0; r < requests; r++) {
            fixed[r] = columns[15][r] == 1;
            wayOffset[r + 1] = wayOffset[r] + columns[16][r];
            longest = Math.max(longest, maxWait[r]);
        }
        waits = longest + 1;

        columns = table(in, ways, 5);
        waySession = columns[0];
        wayEarliest = columns[1];
        wayLatest = columns[2];
        wayOpens = columns[3];
        wayPrice = columns[4];
        followers = group(after, null);
        siblings = group(patient, patient);
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

    /** With a null `mine`: for each number n, the positions whose key is n; else the others with the same key. */
    private static int[][] group(int[] key, int[] mine) {
        java.util.Map<Integer, java.util.List<Integer>> positions = new java.util.HashMap<>();
        for (int r = 0; r < key.length; r++) {
            if (key[r] != NONE) {
                positions.computeIfAbsent(key[r], unused -> new java.util.ArrayList<>()).add(r);
            }
        }
        int[][] groups = new int[key.length][];
        for (int r = 0; r < key.length; r++) {
            int own = r;
            int wanted = mine == null ? r : mine[r];
            groups[r] = positions.getOrDefault(wanted, java.util.List.of()).stream()
                    .mapToInt(Integer::intValue).filter(other -> mine == null || other != own).toArray();
        }
        return groups;
    }

    int requests() {
        return length.length;
    }

    int sessions() {
        return site.length;
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
