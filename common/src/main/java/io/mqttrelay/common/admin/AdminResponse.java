package io.mqttrelay.common.admin;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The HTTP response to one admin request.
 *
 * @param body never changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // built and sent at once, never compared
record AdminResponse(int status, String contentType, byte[] body) {
    /** Maximum number of parts in one answer. With a thousand apps, a longer list is of no use. */
    private static final int LISTED = 100;

    static AdminResponse json(int status, String text) {
        return new AdminResponse(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    static AdminResponse problem(int status, String error) {
        return json(status, "{\"error\":" + quoted(error) + "}");
    }

    /**
     * The readiness answer: 200, or 503 with the reasons. Both list the degraded parts.
     *
     * @param all 503 as soon as one part is degraded
     */
    static AdminResponse readiness(Readiness readiness, boolean all) {
        List<Readiness.Reason> reasons = readiness.reasons();
        List<Readiness.Reason> degraded = readiness.degraded();
        String status = !reasons.isEmpty() ? "not ready" : all && !degraded.isEmpty() ? "degraded" : "ready";
        StringBuilder text = new StringBuilder("{\"status\":").append(quoted(status));
        list(text, "reasons", reasons);
        list(text, "degraded", degraded);
        return json(status.equals("ready") ? 200 : 503, text.append('}').toString());
    }

    private static void list(StringBuilder text, String name, List<Readiness.Reason> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        text.append(',').append(quoted(name)).append(":[");
        String separator = "";
        for (Readiness.Reason each : reasons.subList(0, Math.min(LISTED, reasons.size()))) {
            text.append(separator).append("{\"part\":").append(quoted(each.part()));
            text.append(",\"reason\":").append(quoted(each.reason())).append('}');
            separator = ",";
        }
        text.append(']');
        if (reasons.size() > LISTED) {
            text.append(",\"more_").append(name).append("\":").append(reasons.size() - LISTED);
        }
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
