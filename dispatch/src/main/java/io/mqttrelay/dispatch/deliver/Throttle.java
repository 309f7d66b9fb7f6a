package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.lane.Pace;
import java.util.function.LongSupplier;

/**
 * Slows down calls to an address that asks for fewer calls. The rate falls to that of the calls accepted just before,
 * and to half each time that is still too much. Accepted calls raise it again: quickly at first, slowly above the rate
 * that was too much. Otherwise the address is called as often as its own {@link Pace} allows. Any thread; holds its lock
 * for a few instructions.
 */
public final class Throttle implements Pace {
    private static final double SECOND = 1e9;
    private static final double LEAST_RATE = 1;

    /** The part of the accepted rate that is tried next: a little less, so that the address can work off the excess. */
    private static final double NEXT_PART = 0.95;

    /** Calls that were in flight together are refused together: one reason to slow down, not many. */
    private static final long BETWEEN_CUTS = 500_000_000L;

    private static final double CAUTIOUS_GROWTH = 0.05;
    private static final double BURST_SECONDS = 0.01;

    /** After this time without such an answer, the address is called as before. */
    private static final long FORGET_AFTER = 60_000_000_000L;

    private final Pace pace;
    private final LongSupplier nanoTime;
    private final AcceptedRate accepted;

    // guarded by this
    private boolean on;
    private double rate;
    private double tooMuch = Double.POSITIVE_INFINITY;
    private long lastCut;
    private double tokens;
    private long filled;

    /**
     * @param pace the configured one
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public Throttle(Pace pace, LongSupplier nanoTime) {
        this.pace = pace;
        this.nanoTime = nanoTime;
        this.accepted = new AcceptedRate(nanoTime.getAsLong());
    }

    @Override
    public long take() {
        long wait = waitForToken();
        if (wait > 0) {
            return wait;
        }
        long paced = pace.take();
        if (paced == 0) {
            takeToken();
        }
        return paced;
    }

    private synchronized long waitForToken() {
        if (!on) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        if (now - lastCut >= FORGET_AFTER) {
            on = false;
            tooMuch = Double.POSITIVE_INFINITY;
            return 0;
        }
        tokens = Math.min(Math.max(1, rate * BURST_SECONDS), tokens + (now - filled) / SECOND * rate);
        filled = now;
        return tokens >= 1 ? 0 : Math.max(1, (long) Math.ceil((1 - tokens) / rate * SECOND));
    }

    private synchronized void takeToken() {
        tokens--;
    }

    @Override
    public boolean giveBack() {
        boolean slowed = returnToken();
        return pace.giveBack() || slowed;
    }

    private synchronized boolean returnToken() {
        tokens += on ? 1 : 0;
        return on;
    }

    /** Counts an accepted call. */
    synchronized void accepted() {
        accepted.add(nanoTime.getAsLong());
        if (on) {
            // each second as many calls as the rate are accepted: the rate doubles, or grows by a twentieth
            rate += rate < tooMuch ? 1 : CAUTIOUS_GROWTH;
        }
    }

    /** Reduces the rate, as the address asked in its answer to a call that began at this time. */
    synchronized void overloaded(long began) {
        long now = nanoTime.getAsLong();
        if (on && (now - lastCut < BETWEEN_CUTS || began - lastCut < 0)) {
            return;
        }
        double taken = accepted.perSecond(now);
        double next = on ? Math.min(rate, taken > 0 ? taken : rate / 2) : taken;
        rate = Math.max(LEAST_RATE, NEXT_PART * next);
        if (taken > 0) {
            tooMuch = rate;
        }
        tokens = on ? tokens : 0;
        filled = now;
        lastCut = now;
        on = true;
    }

    /** Calls per second at most; infinite: not limited. */
    synchronized double rate() {
        return on ? rate : Double.POSITIVE_INFINITY;
    }
}
