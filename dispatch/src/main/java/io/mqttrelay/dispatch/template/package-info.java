/**
 * Templates and conditions of addresses: evaluates their expressions over a message, and gives the parts of a request or
 * the decision whether the message is delivered. Sinks shape messages here before they send; deliveries ask the condition
 * before their first attempt. Knows no protocol; any thread.
 */
@NullMarked
package io.mqttrelay.dispatch.template;

import org.jspecify.annotations.NullMarked;
