package io.mqttrelay.common.log;

import io.mqttrelay.common.config.LogSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.jspecify.annotations.Nullable;

/** Formats each log event as one line: text, or a JSON object. A stack trace is part of its line. */
final class LineLayout extends AbstractStringLayout {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final LogSettings.Format format;

    LineLayout(LogSettings.Format format) {
        super(StandardCharsets.UTF_8);
        this.format = format;
    }

    @Override
    public String toSerializable(LogEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (format == LogSettings.Format.JSON) {
            json(line, event);
        } else {
            text(line, event);
        }
        return line.append('\n').toString();
    }

    @Override
    public String getContentType() {
        return format == LogSettings.Format.JSON ? "application/json" : "text/plain";
    }

    private static void text(StringBuilder line, LogEvent event) {
        line.append(time(event)).append(' ');
        line.append("%-5s".formatted(event.getLevel())).append(" [");
        Lines.escape(line, event.getThreadName());
        line.append("] ").append(shortName(event.getLoggerName())).append(": ");
        Lines.escape(line, event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            line.append(": ");
            Lines.escape(line, trace(event.getThrown()));
        }
    }

    private static void json(StringBuilder line, LogEvent event) {
        line.append("{\"time\":\"")
                .append(time(event))
                .append("\",\"level\":\"")
                .append(event.getLevel());
        line.append("\",\"thread\":");
        Lines.json(line, event.getThreadName());
        line.append(",\"logger\":");
        Lines.json(line, shortName(event.getLoggerName()));
        line.append(",\"message\":");
        Lines.json(line, event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            line.append(",\"error\":");
            Lines.json(line, trace(event.getThrown()));
        }
        line.append('}');
    }

    private static String time(LogEvent event) {
        return TIME.format(Instant.ofEpochMilli(event.getTimeMillis()));
    }

    private static String shortName(@Nullable String logger) {
        return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString().strip();
    }
}
