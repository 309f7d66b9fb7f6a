package io.mqttrelay.dispatch.consume;

/**
 * Offsets that follow each other.
 *
 * @param last inclusive
 */
record Run(long first, long last) {
    boolean contains(long offset) {
        return first <= offset && offset <= last;
    }
}
