package io.mqttrelay.common.thread;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK has them only in {@code sun.misc}, which a build for Java 17 may not name,
 * so they are used by reflection, and only here.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls {@code handler} on a thread of the JVM at each signal.
     *
     * @param signal without {@code SIG}, such as {@code TERM}
     * @return false if this JVM or this system does not allow to handle the signal
     */
    static boolean handle(String signal, Runnable handler) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(handler, arguments);
                        }
                        handler.run();
                        return null;
                    });
            Object instance = signalType.getConstructor(String.class).newInstance(signal);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, instance, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
