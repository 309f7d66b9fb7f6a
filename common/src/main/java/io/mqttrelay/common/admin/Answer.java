package io.mqttrelay.common.admin;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one request is answered with.
 *
 * @param body never changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // made and sent at once, never compared
record Answer(int status, String contentType, byte[] body) {
    static Answer json(int status, String text) {
        return new Answer(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer problem(int status, String error) {
        return json(status, "{\"error\":" + quoted(error) + "}");
    }

    /** 200, or 503 and why. */
    static Answer readiness(List<Readiness.Reason> reasons) {
        if (reasons.isEmpty()) {
            return json(200, "{\"status\":\"ready\"}");
        }
        StringBuilder text = new StringBuilder("{\"status\":\"not ready\",\"reasons\":[");
        String separator = "";
        for (Readiness.Reason each : reasons) {
            text.append(separator).append("{\"part\":").append(quoted(each.part()));
            text.append(",\"reason\":").append(quoted(each.reason())).append('}');
            separator = ",";
        }
        return json(503, text.append("]}").toString());
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
