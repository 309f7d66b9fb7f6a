package io.mqttrelay.testkit.guarantee;

import java.util.List;

/**
 * The result of a check.
 *
 * @param guarantee its name
 * @param counts the amount of checked data, for display
 * @param offences one line each; empty: the guarantee held
 */
public record Verdict(String guarantee, String counts, List<String> offences) {
    private static final int SHOWN = 10;

    public Verdict {
        offences = List.copyOf(offences);
    }

    public boolean holds() {
        return offences.isEmpty();
    }

    /**
     * Prints the figures in any case.
     *
     * @throws AssertionError the guarantee did not hold
     */
    public void assertHolds() {
        System.out.println(this);
        if (!holds()) {
            throw new AssertionError(toString());
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(guarantee).append(": ").append(counts);
        if (holds()) {
            return text.append(": holds").toString();
        }
        text.append(": BROKEN ").append(offences.size()).append(" times");
        offences.stream().limit(SHOWN).forEach(offence -> text.append("\n  ").append(offence));
        if (offences.size() > SHOWN) {
            text.append("\n  ... and ").append(offences.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}
