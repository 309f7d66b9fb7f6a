package io.mqttrelay.common.record;

/** Reports a record that ingest did not write; {@link #problem} goes into its dead letter. Never leaves the package. */
final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;

    /** @param problem one line, naming the header */
    UndecodableException(String problem) {
        super(problem, null, false, false);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
