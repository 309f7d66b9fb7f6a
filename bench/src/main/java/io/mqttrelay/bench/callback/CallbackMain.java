package io.mqttrelay.bench.callback;

import io.mqttrelay.bench.wire.Parent;
import java.io.IOException;

/** The callback as a program. */
public final class CallbackMain {
    /** The output when the callback serves, followed by the port. */
    public static final String SERVES = "callback serves on ";

    private CallbackMain() {}

    public static void main(String[] arguments) throws IOException {
        Parent.endWithIt();
        Callback callback = new Callback();
        System.out.println(SERVES + callback.port());
        callback.run();
    }
}
