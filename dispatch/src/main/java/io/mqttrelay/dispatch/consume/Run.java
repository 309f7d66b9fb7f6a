package io.mqttrelay.dispatch.consume;

/**
 * A range of offsets.
 *
 * @param last inclusive
 */
record Run(long first, long last) {
    boolean contains(long offset) {
        return first <= offset && offset <= last;
    }
}
