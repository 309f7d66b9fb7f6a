package io.mqttrelay.dispatch.limit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Measures how long an answered call waits for a processor. Java does not tell; but a byte that goes through a pipe to
 * a thread of the same kind waits as long.
 *
 * <p>One byte is in flight at a time. {@link #probe} and {@link #mean} belong to one thread and do not block.
 */
public final class ProcessorWait implements ConcurrencyLimiter.Waiting, AutoCloseable {
    /** Call threads that it occupies. */
    public static final int THREADS = 1;

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
     * @param threads for calls; one of them is occupied until this is closed
     * @param nanoTime a monotonic clock, nanoseconds
     * @throws IOException no pipe is available
     */
    public ProcessorWait(Executor threads, LongSupplier nanoTime) throws IOException {
        this.pipe = Pipe.open();
        this.nanoTime = nanoTime;
        threads.execute(this::receive);
    }

    /** Sends a byte, unless one is in flight. */
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

    /** Ends the measurements: the wait counts as zero from now on. */
    private void broken(IOException e) {
        synchronized (lock) {
            broken = true;
            underWay = false;
        }
        if (!(e instanceof ClosedChannelException)) {
            log.warn("how long calls wait for a processor is not known any more: {}", e.toString());
        }
    }

    /** The mean wait since the last call, nanoseconds; if no byte has arrived since, the age of the one in flight. */
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
