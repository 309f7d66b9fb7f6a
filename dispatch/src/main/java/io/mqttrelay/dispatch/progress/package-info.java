/**
 * The stored form of progress: which offsets of a partition are complete for each address, and the failed attempts of
 * the others. It is encoded into the metadata of an offset commit. Progress that does not fit is written to a record of
 * the topic {@code _progress}, which the commit names.
 *
 * <p>Thread: {@code dispatch-consumer}. The records are written and read by {@code dispatch-progress}, which owns the
 * topic's producer and a consumer without a group.
 */
@NullMarked
package io.mqttrelay.dispatch.progress;

import org.jspecify.annotations.NullMarked;
