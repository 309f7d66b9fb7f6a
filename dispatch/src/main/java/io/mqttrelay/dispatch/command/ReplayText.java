package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.deadletter.ReplayReport;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Source;
import java.io.PrintWriter;
import java.util.Map;

/** The output of {@code relay replay}, for people and as JSON. */
final class ReplayText {
    private ReplayText() {}

    /** Prints the plan, before anything is sent, or instead of it. */
    static void plan(ReplayReport report, PrintWriter out) {
        String what = report.source() == Source.MESSAGES ? "message" : "dead letter";
        out.println(
                "app " + Printable.escape(report.appId()) + ": " + count(report.selectedCount(), what) + " selected");
        if (report.planned() > 0) {
            String verb = report.dryRun() ? "would be sent" : "to send";
            out.println(count(report.planned(), "delivery") + " " + verb + ":");
            for (Map.Entry<String, Map<String, Integer>> each :
                    report.deliveries().entrySet()) {
                out.println("  " + Printable.escape(each.getKey()) + "  " + counts(each.getValue()));
            }
        }
        out.flush();
    }

    private static String counts(Map<String, Integer> reasons) {
        Integer withoutReason = reasons.get("");
        return withoutReason == null ? DeadLetterList.counted(reasons) : withoutReason.toString();
    }

    /** Prints the entries that are not sent, and the reasons. */
    private static void skips(ReplayReport report, PrintWriter out) {
        long count =
                report.skips().values().stream().mapToLong(Integer::longValue).sum();
        if (count > 0) {
            out.println("not sent, " + count + ":");
            report.skips()
                    .forEach((skip, each) -> out.println("  " + each + " " + skip.text() + ": " + skip.because()));
        }
    }

    /** Prints the result. */
    static void end(ReplayReport report, PrintWriter out) {
        skips(report, out);
        if (report.dryRun()) {
            out.println("nothing was sent (--dry-run)");
        } else if (!report.isComplete()) {
            out.println(soFar(report) + "; the same command goes on with the rest");
        } else if (report.sent() == 0 && report.sentBefore() == 0) {
            out.println("nothing to send");
        } else {
            out.println(soFar(report) + " in run " + report.run() + "; relay dispatch delivers them");
        }
        out.flush();
    }

    private static String soFar(ReplayReport report) {
        String before = report.sentBefore() == 0 ? "" : " (and " + report.sentBefore() + " before it was interrupted)";
        return "sent " + count(report.sent(), "delivery") + before;
    }

    private static String count(long count, String one) {
        String many = one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
        return count + " " + (count == 1 ? one : many);
    }

    /** Returns one JSON object, in one line. */
    static String json(ReplayReport report) {
        String run = report.dryRun() ? null : report.run();
        return JsonLines.object(json -> {
            json.writeStringField("app_id", report.appId());
            json.writeStringField("source", report.source().text());
            json.writeBooleanField("dry_run", report.dryRun());
            json.writeStringField("run", run);
            json.writeNumberField("selected", report.selectedCount());
            json.writeArrayFieldStart("deliveries");
            for (Map.Entry<String, Map<String, Integer>> address :
                    report.deliveries().entrySet()) {
                for (Map.Entry<String, Integer> reason : address.getValue().entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("address", address.getKey());
                    json.writeStringField("reason", reason.getKey().isEmpty() ? null : reason.getKey());
                    json.writeNumberField("count", reason.getValue());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("skipped");
            for (Map.Entry<Skip, Integer> skip : report.skips().entrySet()) {
                json.writeNumberField(skip.getKey().text(), skip.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("sent", report.sent());
            json.writeNumberField("sent_before", report.sentBefore());
            json.writeBooleanField("complete", report.isComplete());
        });
    }
}
