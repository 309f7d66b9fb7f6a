package io.mqttrelay.dispatch.progress;

/**
 * A range of offsets.
 *
 * @param last inclusive
 */
public record Run(long first, long last) {
    public boolean contains(long offset) {
        return first <= offset && offset <= last;
    }
}
