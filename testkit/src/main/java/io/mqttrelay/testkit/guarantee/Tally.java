package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the accepted messages of one address with a few bytes per message, for runs with too many deliveries to
 * keep. It knows the number of topics and of messages per topic. Thread-safe.
 */
public final class Tally {
    private static final int OFFENCES_KEPT = 20;

    private final int topics;
    private final int perTopic;
    private final byte[] accepted; // number of times, by topic and sequence
    private final int[] last; // by topic; -1: none
    private final int[] highest;
    private final int[] rewoundIn; // the crash after which the topic started again at an earlier message
    private final List<String> disorder = new ArrayList<>();
    private long disorders;
    private int crashes;
    private int distinct;
    private int repeated;

    public Tally(int topics, int perTopic) {
        this.topics = topics;
        this.perTopic = perTopic;
        this.accepted = new byte[topics * perTopic];
        this.last = new int[topics];
        this.highest = new int[topics];
        this.rewoundIn = new int[topics];
        Arrays.fill(last, -1);
        Arrays.fill(highest, -1);
    }

    /** Declares that a process will be killed: each topic may start again once at an earlier message. */
    public synchronized void declareCrash() {
        crashes++;
    }

    /** Counts a message, in the order of acceptance. */
    public synchronized void accept(SequencedMessage message) {
        int topic = message.topic();
        int sequence = message.sequence();
        if (sequence > highest[topic] + 1) {
            disorder(message + " came before " + (highest[topic] + 1));
        } else if (sequence <= last[topic] && rewoundIn[topic] == crashes) {
            disorder(message + " came after " + last[topic]);
        } else if (sequence <= last[topic]) {
            rewoundIn[topic] = crashes;
        }
        last[topic] = sequence;
        highest[topic] = Math.max(highest[topic], sequence);
        count(topic * perTopic + sequence);
    }

    private void disorder(String offence) {
        disorders++;
        if (disorder.size() < OFFENCES_KEPT) {
            disorder.add(offence);
        }
    }

    private void count(int index) {
        if (accepted[index] == 0) {
            distinct++;
        } else {
            repeated++;
        }
        if (accepted[index] < Byte.MAX_VALUE) {
            accepted[index]++;
        }
    }

    /** Messages accepted at least once. */
    public synchronized int distinct() {
        return distinct;
    }

    /** Number of times that a message was accepted again. */
    public synchronized int repeated() {
        return repeated;
    }

    /** Checks that every message was accepted. */
    public Verdict noLoss() {
        return noLoss(perTopic);
    }

    /** Checks that the first {@code sent} messages of each topic were accepted. */
    public synchronized Verdict noLoss(int sent) {
        List<String> missing = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            for (int sequence = 0; sequence < sent; sequence++) {
                if (accepted[topic * perTopic + sequence] == 0) {
                    missing.add("lost " + new SequencedMessage(topic, sequence));
                }
            }
        }
        return new Verdict("no loss", topics * sent + " expected, " + distinct + " accepted", missing);
    }

    /** Checks that there are at most this many repetitions. */
    public synchronized Verdict duplicates(int allowed) {
        String counts = distinct + " messages, " + repeated + " repeated, " + allowed + " allowed";
        return new Verdict(
                "duplicates", counts, repeated > allowed ? List.of(repeated + " were accepted again") : List.of());
    }

    /** Checks that each topic's messages arrived in order; a topic may start again once for each crash. */
    public synchronized Verdict order() {
        long rewound = Arrays.stream(rewoundIn).filter(crash -> crash > 0).count();
        return new Verdict(
                "order",
                topics + " topics, " + rewound + " began again after a crash, " + disorders + " times out of order",
                disorder);
    }
}
