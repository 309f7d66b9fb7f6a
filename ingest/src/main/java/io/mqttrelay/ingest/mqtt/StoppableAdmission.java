package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.ingest.mqtt.wire.Admission;
import java.util.function.BooleanSupplier;

/**
 * Admits messages as another admission does, until the connection takes no more. From then on it skips messages of QoS 1
 * and 2: the client would keep their payloads, unacknowledged, until the connection ends. QoS 0 is admitted as before,
 * because the intake counts each message that it misses. Any thread.
 */
final class StoppableAdmission implements Admission {
    private final Admission admission;
    private final BooleanSupplier taking;
    private final Runnable refused;

    /**
     * @param taking never true again after it was false
     * @param refused called for each message of QoS 1 or 2 that the broker keeps
     */
    StoppableAdmission(Admission admission, BooleanSupplier taking, Runnable refused) {
        this.admission = admission;
        this.taking = taking;
        this.refused = refused;
    }

    @Override
    public Answer ask(int qos, long bytes) {
        Answer answer = admission.ask(qos, bytes);
        if (qos == 0 || taking.getAsBoolean()) {
            return answer;
        }
        if (answer == Answer.READ) {
            admission.settled(qos, bytes); // the skipped message takes no memory
        }
        refused.run();
        return Answer.SKIP;
    }

    @Override
    public void settled(int qos, long bytes) {
        admission.settled(qos, bytes);
    }

    @Override
    public void whenRoom(long bytes, Runnable retry) {
        admission.whenRoom(bytes, retry);
    }

    @Override
    public void forget(Runnable retry) {
        admission.forget(retry);
    }

    @Override
    public long maxMessage() {
        return admission.maxMessage();
    }
}
