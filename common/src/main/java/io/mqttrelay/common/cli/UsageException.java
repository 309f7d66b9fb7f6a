package io.mqttrelay.common.cli;

import java.util.List;

/** What the user typed or configured cannot be worked with, and nothing was touched: exit code 2. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    /** One line for people per problem, without secrets. */
    public UsageException(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    /** One problem, in one line for people, without secrets. */
    public UsageException(String line) {
        this(List.of(line));
    }

    List<String> lines() {
        return lines;
    }
}
