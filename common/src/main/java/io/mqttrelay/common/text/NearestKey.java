package io.mqttrelay.common.text;

import java.util.Collection;
import java.util.Locale;

/** Finds the known key that is closest to a misspelt one. */
public final class NearestKey {
    private NearestKey() {}

    /** The one of {@code known} with the fewest single-character edits from {@code written}, case aside. */
    public static String of(String written, Collection<String> known) {
        String nearest = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(written, candidate);
            if (edits < fewest) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Whether {@code written} may be a misspelt {@code known}: at most half of its characters differ. */
    public static boolean isClose(String written, String known) {
        int longer = Math.max(written.length(), known.length());
        return edits(written, known) * 2 <= longer;
    }

    /** Single-character edits between two names, case aside. */
    public static int edits(String written, String known) {
        return distance(plain(Printable.cut(written)), plain(known));
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "_");
    }

    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
