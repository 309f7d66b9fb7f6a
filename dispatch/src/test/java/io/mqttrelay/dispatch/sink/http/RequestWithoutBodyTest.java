package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.format.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** A GET of a template has no body, so that nothing in its headers may speak of one. */
class RequestWithoutBodyTest {
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    void aGetIsSignedAsItIsSent() throws Exception {
        Destination signed = Samples.address("http://h/a", Map.of(), SECRET);
        RequestForm post = RequestForm.of(signed, Samples.CLOCK, "agent");
        RequestForm get = new RequestForm(
                post.url(), post.display(), post.fixed(), post.format(), post.signatures(), post.clock(), "GET");

        Request request = get.request(List.of(Samples.message("{\"t\": 1}")), 1).build();

        assertThat(request.body()).isNull();
        assertThat(request.header("content-type")).isNull();
        String content = request.header("webhook-id") + "." + request.header("webhook-timestamp") + ".";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        byte[] expected = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        assertThat(request.header("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
    }
}
