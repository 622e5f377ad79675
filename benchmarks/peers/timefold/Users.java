package weekbench;

import java.util.Arrays;

/** Who holds units of a pool on a day: a short list of requests, in no order. */
final class Users {

    int[] requests = new int[8];
    int size;

    void add(int request) {
        if (size == requests.length) {
            requests = Arrays.copyOf(requests, 2 * size);
        }
        requests[size++] = request;
    }

    void remove(int request) {
        for (int i = size - 1; i >= 0; i--) {
            if (requests[i] == request) {
                requests[i] = requests[--size];
                return;
            }
        }
    }
}
