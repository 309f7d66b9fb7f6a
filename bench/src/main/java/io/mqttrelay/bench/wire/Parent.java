package io.mqttrelay.bench.wire;

/** The process that started this one. */
public final class Parent {
    private Parent() {}

    /** Ends this process when the parent ends in any way, so that no process is left behind. */
    public static void endWithIt() {
        ProcessHandle.current().parent().ifPresent(Parent::watch);
    }

    private static void watch(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    }
}
