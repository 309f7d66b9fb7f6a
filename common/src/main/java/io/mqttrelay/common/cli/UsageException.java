package io.mqttrelay.common.cli;

import java.util.List;

/** Reports bad usage or bad configuration before anything was touched: exit code 2. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    /** @param lines one line per problem, for the operator, without secrets */
    public UsageException(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    /** @param line one problem, for the operator, without secrets */
    public UsageException(String line) {
        this(List.of(line));
    }

    List<String> lines() {
        return lines;
    }
}
