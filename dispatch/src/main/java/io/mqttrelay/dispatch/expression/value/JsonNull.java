package io.mqttrelay.dispatch.expression.value;

/** JSON's null; Java's null is a value that does not exist. */
public enum JsonNull {
    NULL
}
