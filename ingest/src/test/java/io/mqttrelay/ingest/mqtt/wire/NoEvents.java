package io.mqttrelay.ingest.mqtt.wire;

/** Ignores the events of a connection. */
class NoEvents implements Link.Events {
    @Override
    public void published(Publish publish, Runnable acknowledge) {}

    @Override
    public void ended(Link.Ending ending) {}
}
