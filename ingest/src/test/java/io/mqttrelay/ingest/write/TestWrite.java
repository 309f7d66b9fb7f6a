package io.mqttrelay.ingest.write;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A write that records how it ended. Its topic has the app's name; it can shrink twice. */
final class TestWrite implements Write {
    private final String app;
    private final String key;
    private final String value;
    private final long bytes;
    boolean mayBeReleased = true;
    boolean comesAgain;
    boolean isDeadLetter;
    /** Thrown when it is stored. */
    Error error;

    String end = "";
    private int shrinks;

    TestWrite(String app, String key, String value) {
        this(app, key, value, 1);
    }

    /** @param bytes the size that it reports until it shrinks */
    TestWrite(String app, String key, String value, long bytes) {
        this.bytes = bytes;
        this.app = app;
        this.key = key;
        this.value = value;
    }

    @Override
    public String appId() {
        return app;
    }

    @Override
    public long bytes() {
        return shrinks == 0 ? bytes : 1;
    }

    @Override
    public byte[] key() {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isDeadLetter() {
        return isDeadLetter || shrinks > 0;
    }

    @Override
    public ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>(
                isDeadLetter() ? app + ".dead" : app, key(), (value + shrinks).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean shrink(String why) {
        return ++shrinks <= 2;
    }

    @Override
    public boolean comesAgain() {
        return comesAgain;
    }

    @Override
    public boolean mayBeReleased() {
        return mayBeReleased;
    }

    @Override
    public void stored() {
        end("stored");
        if (error != null) {
            throw error;
        }
    }

    @Override
    public void released() {
        end("released");
    }

    @Override
    public void dropped(String why) {
        end("dropped");
    }

    private void end(String how) {
        if (!end.isEmpty()) {
            throw new IllegalStateException("ended twice: " + end + ", " + how);
        }
        end = how;
    }
}
