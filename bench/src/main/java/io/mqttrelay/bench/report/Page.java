package io.mqttrelay.bench.report;

import java.util.List;

/** A Markdown page with sections between {@code <!-- results NAME -->} and {@code <!-- end -->} that are replaced. */
final class Page {
    private static final String END = "<!-- end -->";

    private Page() {}

    /** Replaces a section by these lines; a page without the section is unchanged. */
    static String replace(String page, String name, List<String> lines) {
        String mark = "<!-- results " + name + " -->";
        int begin = page.indexOf(mark);
        int end = page.indexOf(END, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            return page;
        }
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        return page.substring(0, begin + mark.length()) + "\n" + text + page.substring(end);
    }
}
