package io.mqttrelay.deploy;

import java.nio.file.Path;
import java.util.List;

/** What deploy/make-secrets makes. */
final class Secrets {
    private Secrets() {}

    static Path program() {
        return Distribution.checkout().resolve("deploy/make-secrets");
    }

    /** Makes them, readable for this user only. */
    static void make(Path folder) throws Exception {
        Distribution.Result result = Distribution.run(folder.getParent(), program(), List.of(folder.toString()));
        if (result.exitCode() != 0) {
            throw new IllegalStateException(result.err());
        }
    }
}
