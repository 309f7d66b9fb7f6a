package io.mqttrelay.bench.wire;

import java.util.Arrays;
import java.util.BitSet;

/** Counts the messages of a run and detects repeated and reordered ones. Confined to one thread. */
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

    /** The number of different messages. */
    public int distinct() {
        return distinct;
    }

    /** The number of repetitions. */
    public int duplicates() {
        return duplicates;
    }

    /** The number of messages that arrived after a later one of their topic. */
    public int disorders() {
        return disorders;
    }
}
