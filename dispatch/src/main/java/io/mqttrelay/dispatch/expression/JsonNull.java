package io.mqttrelay.dispatch.expression;

/** JSON's null; Java's null is a value that does not exist. */
enum JsonNull {
    NULL
}
