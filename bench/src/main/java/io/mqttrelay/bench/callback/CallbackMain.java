package io.mqttrelay.bench.callback;

import io.mqttrelay.bench.wire.Parent;
import java.io.IOException;

/** The callback as a program. */
public final class CallbackMain {
    /** What it prints when it serves, and the port behind it. */
    public static final String SERVES = "callback serves on ";

    private CallbackMain() {}

    public static void main(String[] arguments) throws IOException {
        Parent.endWithIt();
        Callback callback = new Callback();
        System.out.println(SERVES + callback.port());
        callback.run();
    }
}
