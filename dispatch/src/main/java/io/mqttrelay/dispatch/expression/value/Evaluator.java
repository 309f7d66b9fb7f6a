package io.mqttrelay.dispatch.expression.value;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation, with its limits. They count work, not time, so that a message fails on every machine or on none. Only the
 * last limit is a time. One thread.
 */
public final class Evaluator {
    static final int MAX_STEPS = 100_000;
    static final int MAX_DEPTH = 100;

    /** Characters of a text, or of a value as JSON. */
    public static final int MAX_RESULT = 1 << 20;

    /** Units of all intermediate values together: a character is one, an element of a list eight. */
    static final long MAX_MADE = 16L << 20;

    /** Units of an element of a list or of an entry of an object. */
    public static final int ELEMENT = 8;

    static final long MAX_NANOS = 5_000_000_000L;

    /** Steps between two looks at the clock. */
    private static final int CLOCK_MASK = 0xFF;

    private final Object root;
    private final LongSupplier nanoTime;
    private final long began;
    private int steps;
    private int depth;
    private int looks;
    private long made;
    private int position;

    /**
     * An evaluator.
     *
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public Evaluator(Object root, LongSupplier nanoTime) {
        this.root = root;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** The input of the whole expression. */
    public Object root() {
        return root;
    }

    /** Evaluates a part; its depth counts until it returns. Null: it yields nothing. */
    public @Nullable Object eval(Node node, @Nullable Object input, Scope scope) {
        step();
        if (++depth > MAX_DEPTH) {
            throw EvaluationError.of("more than " + MAX_DEPTH + " nested evaluations");
        }
        int outer = position;
        position = node.position() > 0 ? node.position() : outer;
        Object result = node.eval(input, scope, this);
        position = outer;
        depth--;
        return Items.unwrapped(result);
    }

    /** Counts one step. */
    public void step() {
        if (++steps > MAX_STEPS) {
            throw EvaluationError.of("more than 100,000 evaluation steps");
        }
        tick();
    }

    /** Looks at the clock now and then. */
    public void tick() {
        if ((++looks & CLOCK_MASK) == 0 && nanoTime.getAsLong() - began > MAX_NANOS) {
            throw EvaluationError.timeout("the expression took longer than 5 s");
        }
    }

    /** Counts an intermediate value before it is made. */
    public void make(long units) {
        made += units;
        if (made > MAX_MADE) {
            throw EvaluationError.of("the intermediate values are larger than 16 MB");
        }
        tick();
    }

    /** Counts a text before it is made, and returns its length. */
    public int makeText(long length) {
        if (length > MAX_RESULT) {
            throw EvaluationError.of("a text is longer than 1 MB");
        }
        make(length);
        return (int) length;
    }

    /** The position of the part that is evaluated, or was when an error ended the evaluation; 0: not known. */
    public int position() {
        return position;
    }
}
