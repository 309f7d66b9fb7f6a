package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.Evaluator;

/** A text whose reader is stopped when the evaluation has taken too long. One thread. */
record TimedText(String text, Evaluator run) implements CharSequence {
    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        run.tick();
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
