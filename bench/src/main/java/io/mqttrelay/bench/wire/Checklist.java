package io.mqttrelay.bench.wire;

import java.util.Arrays;
import java.util.BitSet;

/** Which messages of a run have come, and in which order. Belongs to one thread. */
public final class Checklist {
    private final BitSet seen;
    private final int[] last; // sequence by topic; -1: none
    private int distinct;
    private int duplicates;
    private int disorders;

    public Checklist(int expected, int topics) {
        this.seen = new BitSet(expected);
        this.last = new int[topics];
        Arrays.fill(last, -1);
    }

    public void came(int number, int topic, int sequence) {
        if (seen.get(number)) {
            duplicates++;
            return;
        }
        seen.set(number);
        distinct++;
        if (sequence < last[topic]) {
            disorders++;
        } else {
            last[topic] = sequence;
        }
    }

    /** Different messages. */
    public int distinct() {
        return distinct;
    }

    /** How often a message came that had come before. */
    public int duplicates() {
        return duplicates;
    }

    /** Messages that came after a later one of their topic. */
    public int disorders() {
        return disorders;
    }
}
