package io.mqttrelay.dispatch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How long a call whose answer has come waits until a processor goes on with it. Nobody says so; but a byte that goes through
 * a pipe, to a thread of the kind that calls have, waits as long.
 *
 * <p>One byte is under way at a time. {@link #probe} and {@link #mean} belong to one thread and do not block.
 */
final class ProcessorWait implements Restraint.Waiting, AutoCloseable {
    /** Of those for calls that it takes. */
    static final int THREADS = 1;

    private static final Logger log = LogManager.getLogger(ProcessorWait.class);

    private final Pipe pipe;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private boolean underWay;
    private boolean broken;
    private long sentAt;
    private long sum;
    private int count;

    /**
     * @param threads where calls are made; one thread of it is taken until this is closed
     * @param nanoTime a monotonic clock, nanoseconds
     * @throws IOException there is no pipe to be had
     */
    ProcessorWait(Executor threads, LongSupplier nanoTime) throws IOException {
        this.pipe = Pipe.open();
        this.nanoTime = nanoTime;
        threads.execute(this::receive);
    }

    /** Sends a byte on its way, unless one is. */
    @Override
    public void probe() {
        synchronized (lock) {
            if (underWay || broken) {
                return;
            }
            underWay = true;
            sentAt = nanoTime.getAsLong();
        }
        try {
            pipe.sink().write(ByteBuffer.allocate(1)); // the pipe is empty
        } catch (IOException e) {
            broken(e);
        }
    }

    private void receive() {
        ByteBuffer bytes = ByteBuffer.allocate(1);
        try {
            while (pipe.source().read(bytes.clear()) >= 0) {
                received();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private void received() {
        synchronized (lock) {
            sum += nanoTime.getAsLong() - sentAt;
            count++;
            underWay = false;
        }
    }

    /** Nothing is measured any more: nobody waits, as far as is known. */
    private void broken(IOException e) {
        synchronized (lock) {
            broken = true;
            underWay = false;
        }
        if (!(e instanceof ClosedChannelException)) {
            log.warn("how long calls wait for a processor is not known any more: {}", e.toString());
        }
    }

    /** Of a byte that has been under way ever since: how long it has been. */
    @Override
    public long mean() {
        synchronized (lock) {
            if (count == 0) {
                return underWay ? nanoTime.getAsLong() - sentAt : 0;
            }
            long mean = sum / count;
            sum = 0;
            count = 0;
            return mean;
        }
    }

    @Override
    public void close() {
        try {
            pipe.sink().close();
            pipe.source().close();
        } catch (IOException e) {
            log.debug("a pipe did not close", e);
        }
    }
}
