package io.mqttrelay.dispatch.template;

import io.mqttrelay.dispatch.expression.Evaluation;
import java.util.List;

/** The path of a URL that a template gives. */
final class PathSegments {
    private static final String NAME = "template.path: ";
    private static final int MAX_LENGTH = 8192;

    private PathSegments() {}

    /**
     * The segments of a path that is one text or a list of segments.
     *
     * @throws Evaluated.Failure if it is neither, or climbs out of its place
     */
    static List<String> of(Evaluation.Value value) {
        List<String> segments = value.texts();
        if (segments == null && value.isText()) {
            String path = String.valueOf(value.text());
            segments = List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
        }
        if (segments == null) {
            throw new Evaluated.Failure(NAME + "must be a string or a list of segments", false);
        }
        long length = 0;
        for (String segment : segments) {
            length += segment.length() + 1L;
            if (segment.equals(".") || segment.equals("..")) {
                throw new Evaluated.Failure(NAME + "a segment is " + segment, false);
            }
        }
        if (length > MAX_LENGTH) {
            throw new Evaluated.Failure(NAME + "is longer than " + MAX_LENGTH + " characters", false);
        }
        return segments;
    }
}
