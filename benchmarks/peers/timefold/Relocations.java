package weekbench;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.selector.move.factory.MoveIteratorFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws moves: a request goes to the edge of something in one of its eligible sessions; or the visits after a gap slide
 * into it.
 */
public final class Relocations implements MoveIteratorFactory<Plan, Relocation> {

    @Override
    public long getSize(ScoreDirector<Plan> director) {
        return director.getWorkingSolution().board.week.waySession.length;
    }

    @Override
    public Iterator<Relocation> createOriginalMoveIterator(ScoreDirector<Plan> director) {
        throw new UnsupportedOperationException("these moves are drawn at random only");
    }

    @Override
    public Iterator<Relocation> createRandomMoveIterator(ScoreDirector<Plan> director, Random random) {
        return new Draw(director.getWorkingSolution().board, random);
    }

    private static final class Draw implements Iterator<Relocation> {

        private static final int TRIES = 1000;
        private static final int SLIDES_IN_100 = 8;

        private final Board board;
        private final Week week;
        private final Random random;
        private final int[] movable;
        private final List<Integer> out = new ArrayList<>();
        private final List<Long> places = new ArrayList<>();

        Draw(Board board, Random random) {
            this.board = board;
            this.week = board.week;
            this.random = random;
            movable = IntStream.range(0, week.requests()).filter(r -> !week.isFixed(r) && week.hasWay(r)).toArray();
        }

        @Override
        public boolean hasNext() {
            return movable.length > 0;
        }

        @Override
        public Relocation next() {
            for (int i = 0; i < TRIES; i++) {
                Relocation move = random.nextInt(100) < SLIDES_IN_100 ? slide() : relocate();
                if (move != null) {
                    return move;
                }
            }
            return new Relocation(new int[0], new long[0], new int[0]);
        }

        private Relocation relocate() {
            int request = movable[random.nextInt(movable.length)];
            int first = week.wayOffset[request];
            int way = first + random.nextInt(week.wayOffset[request + 1] - first);
            int session = week.waySession[way];
            if (!board.follows(request, session)) {
                return null;
            }
            int start = drawStart(request, way);
            if (session == board.sessionOf(request) && start == board.startOf(request)) {
                return null;
            }
            out.clear();
            places.clear();
            if (board.at[request] != Board.NOWHERE) {
                take(request);
            }
            int wait = clear(request, way, start);
            boolean fine = wait != Week.NONE
                    && board.patientAllows(request, session, start - wait - week.beforeLength[request],
                            start + week.length[request])
                    && board.follows(request, session);
            restore();
            if (!fine) {
                return null;
            }
            int[] ejected = out.stream().filter(other -> other != request).mapToInt(Integer::intValue).toArray();
            return new Relocation(new int[] {request}, new long[] {week.code(way, start, wait)}, ejected);
        }

        /** A start at the edge of a visit or of free time, or as promised. */
        private int drawStart(int request, int way) {
            int session = week.waySession[way], need = week.length[request];
            int earliest = week.wayEarliest[way], latest = week.wayLatest[way];
            int promised = week.bookedStart[request];
            if (week.bookedSession[request] == session && promised >= earliest && promised <= latest
                    && random.nextInt(3) == 0) {
                return promised;
            }
            int cell = earliest + random.nextInt(latest + need - earliest);
            int holder = board.holder(session, cell);
            int start;
            if (holder == Board.FREE || holder == request) {
                int edge = cell;
                if (random.nextInt(4) != 0) {
                    while (edge > earliest && passable(session, edge - 1, request)) {
                        edge--;
                    }
                    start = edge;
                } else {
                    while (edge < latest + need && passable(session, edge, request)) {
                        edge++;
                    }
                    start = edge - need;
                }
            } else {
                int begin = board.startOf(holder);
                int[] edges = {begin, board.endOf(holder), begin - need};
                start = edges[random.nextInt(edges.length)];
            }
            return Math.max(earliest, Math.min(latest, start));
        }

        private boolean passable(int session, int cell, int request) {
            int holder = board.holder(session, cell);
            return holder == Board.FREE || holder == request;
        }

        /** Take out who is in the way of a place; the wait between the steps, or NONE where someone cannot go. */
        private int clear(int request, int way, int start) {
            int session = week.waySession[way], end = start + week.length[request];
            for (int cell = start; cell < end; cell++) {
                int holder = board.holder(session, cell);
                if (holder != Board.FREE && !eject(holder)) {
                    return Week.NONE;
                }
            }
            int midnight = week.day[session] * week.cells;
            if (week.roomKind[request] != Week.NONE) {
                int pool = week.poolAt[week.site[session]][week.roomKind[request]];
                if (!clearPool(pool, session, midnight + start, midnight + end)) {
                    return Week.NONE;
                }
            }
            int wait = board.shortestWait(request, way, start);
            if (wait != Week.NONE) {
                return wait;
            }
            int need = week.beforeLength[request];
            int longest = Math.min(week.maxWait[request], start - need - week.wayOpens[way]);
            if (longest < 0) {
                return Week.NONE;
            }
            wait = random.nextInt(longest + 1);
            int pool = week.poolAt[week.site[session]][week.beforeKind[request]], to = midnight + start - wait;
            return clearPool(pool, session, to - need, to) ? wait : Week.NONE;
        }

        private boolean clearPool(int pool, int session, int from, int to) {
            for (int cell = board.lacking(pool, from, to); cell != Board.FREE; cell = board.lacking(pool, from, to)) {
                Users users = board.users(pool, week.day[session]);
                int found = Week.NONE;
                int offset = users.size == 0 ? 0 : random.nextInt(users.size);
                for (int i = 0; i < users.size && found == Week.NONE; i++) {
                    int user = users.requests[(i + offset) % users.size];
                    if (!week.isFixed(user) && uses(user, pool, cell - week.day[session] * week.cells)) {
                        found = user;
                    }
                }
                if (found == Week.NONE || !eject(found)) {
                    return false;
                }
            }
            return true;
        }

        private boolean uses(int user, int pool, int cell) {
            int site = week.site[board.sessionOf(user)], start = board.startOf(user);
            if (week.roomKind[user] != Week.NONE && week.poolAt[site][week.roomKind[user]] == pool
                    && start <= cell && cell < start + week.length[user]) {
                return true;
            }
            int to = start - week.waitOf(board.at[user]);
            return week.beforeKind[user] != Week.NONE && week.poolAt[site][week.beforeKind[user]] == pool
                    && to - week.beforeLength[user] <= cell && cell < to;
        }

        private boolean eject(int request) {
            if (week.isFixed(request)) {
                return false;
            }
            take(request);
            return true;
        }

        /** Take out of the board for the moment. */
        private void take(int request) {
            out.add(request);
            places.add(board.at[request]);
            board.remove(request);
        }

        private void restore() {
            for (int i = out.size() - 1; i >= 0; i--) {
                board.add(out.get(i), places.get(i));
            }
        }

        /** The visits after a gap, up to the next one or some of them, all begin earlier by the gap. */
        private Relocation slide() {
            int session = random.nextInt(week.sessions());
            int from = week.start[session], until = week.end[session];
            int gapEnd = from + random.nextInt(until - from);
            while (gapEnd < until && board.holder(session, gapEnd) == Board.FREE) {
                gapEnd++;
            }
            while (gapEnd > from && board.holder(session, gapEnd - 1) != Board.FREE) {
                gapEnd--;
            }
            int gap = gapEnd;
            while (gap > from && board.holder(session, gap - 1) == Board.FREE) {
                gap--;
            }
            if (gap == gapEnd || board.holder(session, gapEnd) == Board.FREE) {
                return null;
            }
            return slide(session, gapEnd, gapEnd - gap, 1 + random.nextInt(8));
        }

        private Relocation slide(int session, int begin, int shift, int most) {
            out.clear();
            places.clear();
            int cell = begin;
            while (out.size() < most && cell < week.cells) {
                int holder = board.holder(session, cell);
                if (holder == Board.FREE || week.isFixed(holder)) {
                    break;
                }
                cell = board.endOf(holder);
                take(holder);
            }
            int[] requests = out.stream().mapToInt(Integer::intValue).toArray();
            long[] moved = new long[requests.length];
            int placed = 0;
            while (placed < requests.length) {
                long code = shifted(requests[placed], places.get(placed), shift);
                if (code == Board.NOWHERE) {
                    break;
                }
                moved[placed] = code;
                board.add(requests[placed], code);
                placed++;
            }
            for (int i = placed - 1; i >= 0; i--) {
                board.remove(requests[i]);
            }
            restore();
            return placed < requests.length || placed == 0 ? null : new Relocation(requests, moved, new int[0]);
        }

        private long shifted(int request, long place, int shift) {
            int old = week.wayOf(place), start = week.startOf(place) - shift;
            int session = week.waySession[old];
            for (int way = week.wayOffset[request]; way < week.wayOffset[request + 1]; way++) {
                if (week.waySession[way] != session || start < week.wayEarliest[way] || start > week.wayLatest[way]
                        || board.roomLacking(request, session, start) != Board.FREE) {
                    continue;
                }
                int wait = board.shortestWait(request, way, start);
                int first = start - wait - week.beforeLength[request];
                if (wait != Week.NONE && board.patientAllows(request, session, first, start + week.length[request])) {
                    return week.code(way, start, wait);
                }
            }
            return Board.NOWHERE;
        }
    }
}
