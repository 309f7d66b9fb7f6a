package io.mqttrelay.bench.callback;

import io.mqttrelay.bench.wire.BenchMessage;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The counts of one run and the answers to its requests. Confined to the callback's thread. */
final class RunCounts {
    private static final long SEED = 7;

    private Behaviour behaviour = Behaviour.NONE;
    private Account a = new Account(0, 0);
    private Account b = new Account(0, 0);
    private SplittableRandom random = new SplittableRandom(SEED);
    private int failed;
    private int down;

    long delayNanos() {
        return TimeUnit.MICROSECONDS.toNanos(behaviour.delayMicros());
    }

    /** The answer to a POST. */
    CannedAnswer posted(byte[] bytes, Request request) {
        char address = request.pathOfPost();
        if (address == 'd') {
            down++;
            return CannedAnswer.DOWN;
        }
        if (behaviour.failPermille() > 0 && random.nextInt(1000) < behaviour.failPermille()) {
            failed++;
            return CannedAnswer.ERROR;
        }
        if (isAside(bytes, request)) {
            return behaviour.blocked() ? CannedAnswer.NOT_FOUND : CannedAnswer.OK;
        }
        Account account = address == 'a' ? a : b;
        account.accept(bytes, request.bodyStart(), request.end());
        return CannedAnswer.OK;
    }

    private boolean isAside(byte[] bytes, Request request) {
        int aside = behaviour.aside();
        if (aside < 0) {
            return false;
        }
        boolean[] found = new boolean[1];
        BenchMessage.findAll(
                bytes,
                request.bodyStart(),
                request.end(),
                (number, topic, sequence, micros) -> found[0] |= topic == aside);
        return found[0];
    }

    /** The body of the answer to a GET. */
    String asked(Request request) {
        String target = request.target();
        if (target.startsWith("/begin")) {
            begin(Behaviour.of(request.query()));
        } else if (target.startsWith("/forget-latency")) {
            a.forgetLatency();
        }
        return stats();
    }

    private void begin(Behaviour next) {
        behaviour = next;
        a = new Account(next.expected(), next.topics());
        b = new Account(next.expected(), next.topics());
        random = new SplittableRandom(SEED);
        failed = 0;
        down = 0;
    }

    private String stats() {
        return String.format(
                Locale.ROOT,
                "{\"a\":%s,\"b\":%s,\"failed\":%d,\"down\":%d,"
                        + "\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d}",
                a.toJson(),
                b.toJson(),
                failed,
                down,
                a.latency(50),
                a.latency(90),
                a.latency(99),
                a.latency(99.9),
                a.latency(100));
    }
}
