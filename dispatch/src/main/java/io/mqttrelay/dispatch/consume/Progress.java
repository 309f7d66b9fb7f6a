package io.mqttrelay.dispatch.consume;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a partition beyond the committed position: up to {@code end}, an address that is listed has got
 * everything but its open runs; of an address that is not listed, and of what lies behind {@code end}, nothing is known.
 * {@link ProgressCodec} writes it into the commit.
 */
final class Progress {
    private final long end;
    private final Map<Long, OpenRuns> open;

    Progress(long end, Map<Long, OpenRuns> open) {
        this.end = end;
        this.open = open;
    }

    /**
     * The progress of a partition as it stands.
     *
     * @param window what is open, in order of offsets; records that are done may stand between
     * @param next the offset behind the last record that was received
     * @param addresses what is delivered to
     * @param restored what was known when the assignment began; its part behind {@code next} still counts
     */
    static Progress of(Iterable<Receipt> window, long next, List<Long> addresses, @Nullable Progress restored) {
        Map<Long, OpenRuns> open = new LinkedHashMap<>();
        addresses.forEach(address -> open.put(address, new OpenRuns()));
        long before = -1;
        for (Receipt receipt : window) {
            if (receipt.isDone()) {
                continue;
            }
            if (receipt.offset() != before + 1) {
                // what is not in the window is done, for whichever address it was
                open.values().forEach(OpenRuns::close);
            }
            before = receipt.offset();
            receipt.tell(open);
        }
        if (restored == null || restored.end <= next) {
            return new Progress(next, open);
        }
        open.forEach((address, runs) -> restored.openFrom(address, next).forEach(runs::add));
        return new Progress(restored.end, open);
    }

    private List<OpenRuns.Run> openFrom(long address, long begin) {
        OpenRuns runs = open.get(address);
        return runs == null ? List.of(new OpenRuns.Run(begin, end - 1)) : runs.from(begin);
    }

    /** Whether the address is known to have got the record at this offset. */
    boolean isDone(long address, long offset) {
        OpenRuns runs = open.get(address);
        return offset < end && runs != null && !runs.contains(offset);
    }

    long end() {
        return end;
    }

    Map<Long, OpenRuns> open() {
        return open;
    }
}
