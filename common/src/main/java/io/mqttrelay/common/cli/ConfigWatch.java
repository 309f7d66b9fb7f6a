package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Watches the configuration file and reloads the service when the configuration has changed, or on request.
 *
 * <p>It compares the parsed configurations, with the content of all files that they refer to. So a link to another
 * file, a replaced file and a renewed secret are changes; other indentation is not. A change counts after several
 * equal reads in a row, so that a half-written file is seldom applied. Runs on the thread {@code config-watch}.
 */
@CalledOn("config-watch")
final class ConfigWatch implements Role {
    /** The service that is reloaded. */
    interface Follower {
        /** Applies the changes; {@code next} is the complete configuration. */
        void reload(ConfigDifference difference, RelayConfig next)
                throws UnusableConfigurationException, InterruptedException;
    }

    private static final Logger log = LogManager.getLogger(ConfigWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Supplier<ConfigResult> file;
    private final Follower follower;
    private final ReloadMeters meters;
    private final int looks;
    private final Semaphore asked = new Semaphore(0);

    private volatile boolean ended;
    private RelayConfig running;
    private ConfigResult seen;
    private int times;
    private ConfigResult handled;
    private List<String> toldWarnings;
    private List<String> toldRestart = List.of();

    /**
     * @param file reads the configuration file
     * @param running the configuration that the service was started with
     * @param looks number of equal reads in a row before a change counts
     */
    ConfigWatch(
            Supplier<ConfigResult> file,
            ConfigResult.Valid running,
            int looks,
            Follower follower,
            ReloadMeters meters) {
        this.file = file;
        this.looks = looks;
        this.follower = follower;
        this.meters = meters;
        this.running = running.config();
        this.seen = running;
        this.handled = running;
        this.toldWarnings = running.warnings();
    }

    /** Requests an immediate read of the file, changed or not. Any thread. */
    void ask() {
        asked.release();
    }

    /** Ends the watch: a waiting step returns, and the file is not read any more. Any thread. */
    void end() {
        ended = true;
        asked.release();
    }

    @Override
    public void step() throws InterruptedException {
        step(LOOK);
    }

    /** Reads the file on request, or after {@code patience}. */
    void step(Duration patience) throws InterruptedException {
        boolean now = asked.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        asked.drainPermits();
        if (ended) {
            return;
        }
        ConfigResult read = file.get();
        times = read.equals(seen) ? Math.min(looks, times + 1) : 1;
        seen = read;
        if (now || (times == looks && !read.equals(handled))) {
            handled = read;
            handle(read);
        }
    }

    private void handle(ConfigResult read) throws InterruptedException {
        if (read instanceof ConfigResult.Valid valid) {
            follow(valid);
        } else if (read instanceof ConfigResult.Invalid invalid) {
            invalid.problems().forEach(log::error);
            refused();
        }
    }

    private void follow(ConfigResult.Valid valid) throws InterruptedException {
        ConfigDifference difference = ConfigDifference.between(running, valid.config());
        meters.restartNeeded(!difference.needRestart().isEmpty());
        RelayConfig next = difference.applyTo(running);
        try {
            if (!difference.isOfNoRoute()) {
                follower.reload(difference, next);
            }
        } catch (UnusableConfigurationException e) {
            log.error(e.getMessage());
            refused();
            return;
        }
        running = next;
        if (difference.isOfNoRoute()) {
            meters.unchanged();
            log.info("configuration read again: no route changed");
        } else {
            meters.applied();
            log.info("configuration reloaded: {}", difference.summary());
        }
        warn(valid.warnings(), difference.needRestart());
    }

    private void refused() {
        meters.refused();
        log.error(
                "the configuration file was refused: the configuration stays as it was, the next change is looked at");
    }

    private void warn(List<String> warnings, List<String> needRestart) {
        warnings.stream().filter(line -> !toldWarnings.contains(line)).forEach(log::warn);
        toldWarnings = warnings;
        if (!needRestart.isEmpty() && !needRestart.equals(toldRestart)) {
            log.warn("needs a restart to apply: {}", String.join(", ", needRestart));
        }
        toldRestart = needRestart;
    }
}
