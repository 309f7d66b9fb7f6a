package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.format.MessageHeaders;
import java.util.List;

/**
 * The format of one request whose body a template has given.
 *
 * @param content of the request
 * @param usual of the address, for the headers that describe a message
 */
record ShapedFormat(Content content, BodyFormat usual) implements BodyFormat {
    @Override
    public Content content(List<RelayMessage> messages) {
        return content;
    }

    @Override
    public void headers(List<RelayMessage> messages, MessageHeaders headers) {
        usual.headers(messages, headers);
    }
}
