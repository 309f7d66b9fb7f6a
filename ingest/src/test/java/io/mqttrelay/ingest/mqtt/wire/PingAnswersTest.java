package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The client's PINGREQ while the broker's answer cannot be read. */
class PingAnswersTest {
    private final Wire wire = new Wire(new NoEvents(), true);
    private final EmbeddedChannel channel = new EmbeddedChannel(new PingAnswers(wire));

    private void ping() {
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0xC0, 0}));
        ByteBuf sent = channel.readOutbound();
        assertThat(sent.readableBytes()).as("the broker is told").isEqualTo(2);
        sent.release();
    }

    private void halfASecondPasses() {
        channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void isAnsweredWhileTheSocketIsNotRead() {
        wire.hold(Wire.Wait.MEMORY);
        ping();
        assertThat(channel.inboundMessages()).hasSize(1);
    }

    @Test
    void isAnsweredWhenReadingStopsBeforeTheAnswer() {
        ping();
        wire.hold(Wire.Wait.MEMORY);
        halfASecondPasses();
        assertThat(channel.inboundMessages()).hasSize(1);
    }

    @Test
    void isLeftToTheBrokerWhileTheSocketIsRead() {
        ping();
        halfASecondPasses();
        assertThat(channel.inboundMessages()).isEmpty();
    }
}
