package weekbench;

import java.util.Arrays;

/**
 * Who holds which cell of every session, what is left of every pool, and what that costs. It follows the working
 * solution: the score is read from it, and moves look up in it what is in their way.
 */
final class Board {

    static final int FREE = -1;
    static final long NOWHERE = -1;

    final Week week;
    final long[] at;
    private final int[][] holder;
    private final int[] busy;
    private final int[] last;
    private final int[][] left;
    private final Users[] users;
    private long cost;
    /** What the place that {@link #cheapest} found last adds to the cost, compared with leaving the request out. */
    private long cheapestChange;

    Board(Week week) {
        this.week = week;
        at = new long[week.requests()];
        holder = new int[week.sessions()][];
        for (int s = 0; s < holder.length; s++) {
            holder[s] = new int[week.cells];
        }
        busy = new int[week.sessions()];
        last = new int[week.sessions()];
        left = new int[week.capacity.length][];
        users = new Users[week.capacity.length * week.days];
        clear();
    }

    void clear() {
        Arrays.fill(at, NOWHERE);
        Arrays.fill(busy, 0);
        for (int[] row : holder) {
            Arrays.fill(row, FREE);
        }
        System.arraycopy(week.start, 0, last, 0, last.length);
        for (int pool = 0; pool < left.length; pool++) {
            left[pool] = week.capacity[pool].clone();
        }
        for (int list = 0; list < users.length; list++) {
            users[list] = new Users();
        }
        cost = 0;
        for (int request = 0; request < at.length; request++) {
            cost += week.leftOut[request];
        }
    }

    long cost() {
        return cost;
    }

    int holder(int session, int cell) {
        return holder[session][cell];
    }

    int sessionOf(int request) {
        return at[request] == NOWHERE ? Week.NONE : week.waySession[week.wayOf(at[request])];
    }

    int startOf(int request) {
        return week.startOf(at[request]);
    }

    int endOf(int request) {
        return startOf(request) + week.length[request];
    }

    Users users(int pool, int day) {
        return users[pool * week.days + day];
    }

    /** Place a request; nothing may be in its way. */
    void add(int request, long code) {
        int way = week.wayOf(code), start = week.startOf(code), wait = week.waitOf(code);
        int session = week.waySession[way], end = start + week.length[request];
        cost += ownCost(request, way, start, wait) - week.leftOut[request] - sessionCost(session);
        at[request] = code;
        Arrays.fill(holder[session], start, end, request);
        busy[session] += week.length[request];
        last[session] = Math.max(last[session], end);
        cost += sessionCost(session);
        hold(request, session, start, wait, 1);
    }

    /** Take a request out. */
    void remove(int request) {
        long code = at[request];
        int way = week.wayOf(code), start = week.startOf(code), wait = week.waitOf(code);
        int session = week.waySession[way], end = start + week.length[request];
        cost -= ownCost(request, way, start, wait) - week.leftOut[request] + sessionCost(session);
        at[request] = NOWHERE;
        Arrays.fill(holder[session], start, end, FREE);
        busy[session] -= week.length[request];
        if (last[session] == end) {
            int cell = start;
            while (cell > week.start[session] && holder[session][cell - 1] == FREE) {
                cell--;
            }
            last[session] = cell;
        }
        cost += sessionCost(session);
        hold(request, session, start, wait, -1);
    }

    /** The price of a visit by itself. */
    private int ownCost(int request, int way, int start, int wait) {
        int price = week.wayPrice[way] + wait * week.waitPrice;
        if (week.preferFrom[request] != Week.NONE
                && (start < week.preferFrom[request] || start >= week.preferTo[request])) {
            price += week.preferencePrice;
        }
        if (week.moved[request] > 0
                && (start != week.bookedStart[request] || week.waySession[way] != week.bookedSession[request])) {
            price += week.moved[request];
        }
        return price;
    }

    private int sessionCost(int session) {
        return sessionCost(session, last[session], busy[session]);
    }

    private int sessionCost(int session, int until, int seen) {
        int idle = until - week.start[session] - seen;
        return idle * week.idlePrice + Math.max(0, until - week.end[session]) * week.overtimePrice;
    }

    private void hold(int request, int session, int start, int wait, int sign) {
        int midnight = week.day[session] * week.cells;
        if (week.beforeKind[request] != Week.NONE) {
            int to = midnight + start - wait;
            take(week.poolAt[week.site[session]][week.beforeKind[request]], session, request,
                    to - week.beforeLength[request], to, sign);
        }
        if (week.roomKind[request] != Week.NONE) {
            take(week.poolAt[week.site[session]][week.roomKind[request]], session, request,
                    midnight + start, midnight + start + week.length[request], sign);
        }
    }

    private void take(int pool, int session, int request, int from, int to, int sign) {
        for (int cell = from; cell < to; cell++) {
            left[pool][cell] -= sign;
        }
        Users list = users(pool, week.day[session]);
        if (sign > 0) {
            list.add(request);
        } else {
            list.remove(request);
        }
    }

    /** The first cell, from midnight of the first day, in which a pool has nothing left; FREE if there is none. */
    int lacking(int pool, int from, int to) {
        for (int cell = from; cell < to; cell++) {
            if (left[pool][cell] < 1) {
                return cell;
            }
        }
        return FREE;
    }

    /** Where a pool that the provider step needs lacks a unit; FREE if it does not, or none is needed. */
    int roomLacking(int request, int session, int start) {
        if (week.roomKind[request] == Week.NONE) {
            return FREE;
        }
        int from = week.day[session] * week.cells + start;
        return lacking(week.poolAt[week.site[session]][week.roomKind[request]], from, from + week.length[request]);
    }

    /** The shortest wait between the steps for which the pool of the first has a unit left, or NONE. */
    int shortestWait(int request, int way, int start) {
        if (week.beforeKind[request] == Week.NONE) {
            return 0;
        }
        int session = week.waySession[way], midnight = week.day[session] * week.cells;
        int pool = week.poolAt[week.site[session]][week.beforeKind[request]], need = week.beforeLength[request];
        int longest = Math.min(week.maxWait[request], start - need - week.wayOpens[way]);
        for (int wait = 0; wait <= longest; wait++) {
            int to = midnight + start - wait;
            if (lacking(pool, to - need, to) == FREE) {
                return wait;
            }
        }
        return Week.NONE;
    }

    /** Whether other visits of the patient leave the time, and series the day. */
    boolean patientAllows(int request, int session, int from, int to) {
        for (int other : week.siblings[request]) {
            if (at[other] == NOWHERE || week.day[sessionOf(other)] != week.day[session]) {
                continue;
            }
            int begins = startOf(other) - week.waitOf(at[other]) - week.beforeLength[other];
            if (begins < to && from < endOf(other)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the visit that this one follows is placed, and as many days before as it must be. */
    boolean follows(int request, int session) {
        int first = week.after[request];
        if (first == Week.NONE) {
            return true;
        }
        if (at[first] == NOWHERE) {
            return false;
        }
        int gap = week.day[session] - week.day[sessionOf(first)];
        return gap >= week.minDays[request] && gap <= week.maxDays[request];
    }

    /** Whether a placed visit still keeps its distance from the one it follows. */
    boolean keeps(int request) {
        return at[request] == NOWHERE || follows(request, sessionOf(request));
    }

    /** The free place that adds least, if it is cheaper than leaving the request out; else NOWHERE. */
    long cheapest(int request) {
        cheapestChange = 0;
        long best = NOWHERE;
        int saving = week.length[request] * week.idlePrice;
        for (int way = week.wayOffset[request]; way < week.wayOffset[request + 1]; way++) {
            if (week.wayPrice[way] - saving - week.leftOut[request] >= cheapestChange
                    || !follows(request, week.waySession[way])) {
                continue;
            }
            long found = cheapestIn(request, way);
            best = found == NOWHERE ? best : found;
        }
        return best;
    }

    private long cheapestIn(int request, int way) {
        int session = week.waySession[way], need = week.length[request], latest = week.wayLatest[way];
        int[] row = holder[session];
        boolean pools = week.beforeKind[request] != Week.NONE || week.roomKind[request] != Week.NONE;
        long best = NOWHERE;
        int run = 0;
        for (int cell = week.wayEarliest[way]; cell < latest + need; cell++) {
            run = row[cell] == FREE ? run + 1 : 0;
            int start = cell + 1 - need;
            if (run < need || !pools && run > need && !worthwhile(request, row, session, start, latest, need)) {
                continue;
            }
            long code = priced(request, way, start);
            best = code == NOWHERE ? best : code;
        }
        return best;
    }

    /** Starts in the middle of free time cost no less than one at its edge, but for promises and preferences. */
    private boolean worthwhile(int request, int[] row, int session, int start, int latest, int need) {
        return start == latest
                || start == week.preferFrom[request]
                || start + need < row.length && row[start + need] != FREE
                || start == week.bookedStart[request] && session == week.bookedSession[request];
    }

    /** The code of a place without anybody in the way, if it is cheaper than any found before; else NOWHERE. */
    private long priced(int request, int way, int start) {
        int session = week.waySession[way], end = start + week.length[request];
        int wait = shortestWait(request, way, start);
        if (wait == Week.NONE || roomLacking(request, session, start) != FREE) {
            return NOWHERE;
        }
        long change = ownCost(request, way, start, wait) - week.leftOut[request] - sessionCost(session)
                + sessionCost(session, Math.max(last[session], end), busy[session] + week.length[request]);
        if (change >= cheapestChange
                || !patientAllows(request, session, start - wait - week.beforeLength[request], end)) {
            return NOWHERE;
        }
        cheapestChange = change;
        return week.code(way, start, wait);
    }
}
