package io.mqttrelay.testkit.guarantee;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that can be recognised in any place: as the body of a request, inside an envelope, in a record.
 *
 * @param id unique in this JVM
 * @param payload a JSON document that contains the id
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TestMessage(String id, byte[] payload) {
    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final Pattern ID = Pattern.compile("\"test-id\"\\s*:\\s*\"([^\"]+)\"");

    /** Creates a small message. */
    public static TestMessage next() {
        return next(0);
    }

    /**
     * Creates a message with padding.
     *
     * @param paddingBytes length of the padding
     */
    public static TestMessage next(int paddingBytes) {
        String id = "m" + NEXT.getAndIncrement();
        String json = "{\"test-id\":\"" + id + "\",\"padding\":\"" + "x".repeat(paddingBytes) + "\"}";
        return new TestMessage(id, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The id in a body that is or contains a test message; for other bytes, the beginning of their SHA-256. */
    public static String idIn(byte[] body) {
        Matcher matcher = ID.matcher(new String(body, StandardCharsets.UTF_8));
        return matcher.find() ? matcher.group(1) : idOf(sha256(body));
    }

    /** The id of a payload without one, from its SHA-256 in lower-case hex. */
    public static String idOf(String sha256) {
        return "sha256:" + sha256.substring(0, 16);
    }

    /** The SHA-256 in lower-case hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
