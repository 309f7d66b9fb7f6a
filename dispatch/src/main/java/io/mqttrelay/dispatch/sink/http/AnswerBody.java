package io.mqttrelay.dispatch.sink.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Call;
import okio.Buffer;
import okio.BufferedSource;

/**
 * Reads an answer's body, so that the connection can be used again, and because the beginning of an error's body often
 * tells the reason. A failure here changes no result: the status has decided.
 */
final class AnswerBody {
    /** Largest number of bytes to read. */
    private static final long LIMIT = 64 * 1024;

    /** Largest number of bytes to keep, for the first line. */
    private static final long KEPT = 8 * 1024;

    private final BufferedSource source;
    private final Buffer kept = new Buffer();

    AnswerBody(BufferedSource source) {
        this.source = source;
    }

    /**
     * Reads until the end or the limit, as long as the call's timeout allows.
     *
     * @param call cancelled if more follows, because closing it would read on
     * @return the first line of text, as the callback wrote it
     */
    String drain(Call call) {
        try {
            long left = LIMIT;
            while (left > 0 && !source.exhausted()) {
                Buffer arrived = source.getBuffer();
                long count = Math.min(left, arrived.size());
                arrived.copyTo(kept, 0, Math.min(count, KEPT - kept.size()));
                source.skip(count);
                left -= count;
            }
            if (left == 0) {
                call.cancel();
            }
        } catch (IOException | RuntimeException e) {
            call.cancel();
        }
        return firstLine();
    }

    private String firstLine() {
        if (kept.exhausted()) {
            return "";
        }
        String text = kept.readString(StandardCharsets.UTF_8).strip();
        return text.lines().findFirst().orElse("");
    }
}
