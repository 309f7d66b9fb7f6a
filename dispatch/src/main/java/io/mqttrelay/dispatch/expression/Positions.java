package io.mqttrelay.dispatch.expression;

/** Names positions of an expression in errors. */
final class Positions {
    private Positions() {}

    /** Text that follows an error; empty if the position is not known, that is below 1. */
    static String at(int position) {
        return position < 1 ? "" : " (at character " + position + " of the expression)";
    }
}
