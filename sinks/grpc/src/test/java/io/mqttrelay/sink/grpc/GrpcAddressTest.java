package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.RequestPreview;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses are valid, and how a call is explained. */
class GrpcAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"grpc://host:50051", "grpcs://host:443/", "GRPC://[::1]:1", "grpc://us:pw@10.0.0.1:50051"})
    void itIsValid(String url) {
        assertThat(GrpcAddress.problems('"' + url + '"')).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                grpc://host             | must have a port: grpc://HOST:PORT
                grpcs://host/           | must have a port: grpcs://HOST:PORT
                grpc://ho_st:1          | the host name has a character that gRPC does not allow
                grpc://host:1/a.B/C     | must have no path and no query
                grpc://host:1?deadline=1| must have no path and no query
                grpc://host:70000       | callbackAddress
                """)
    void itIsNotValid(String url, String problem) {
        assertThat(GrpcAddress.problems('"' + url + '"'))
                .singleElement()
                .asString()
                .contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                x-key-bin    | v | the header x-key-bin ends in -bin
                grpc-timeout | v | the header grpc-timeout is set by gRPC itself
                TE           | v | the header TE is set by gRPC itself
                x!y          | v | the header x!y has a character in its name
                x-key        | ü | the header x-key has a value beyond printable ASCII
                """)
    void itsHeadersMustFitIntoMetadata(String name, String value, String problem) {
        List<String> problems = GrpcAddress.problems("""
            {"url": "grpc://host:1", "headers": {"%s": "secret-%s"}}\
            """.formatted(name, value));

        assertThat(problems).isNotEmpty().allSatisfy(each -> assertThat(each).doesNotContain("secret-"));
        if (!value.equals("ü") && !name.equals("TE") && !name.equals("x!y")) { // the reader's own rules come first
            assertThat(problems).singleElement().asString().contains(problem);
        }
    }

    @Test
    void tlsIsForGrpcs() {
        assertThat(GrpcAddress.problems("{\"url\": \"grpc://host:1\", \"tls\": {}}"))
                .singleElement()
                .asString()
                .contains("does not belong to an address that starts with grpc://");
    }

    @Test
    void aCallIsExplained() {
        RequestPreview preview = GrpcAddress.of("""
            {"url": "grpc://us:password@host:50051", "headers": {"x-token": "token-1234567"}}\
            """).preview(GrpcAddress.fullMessage());

        assertThat(preview.action()).isEqualTo("mqttrelay.v1.Receiver/Deliver");
        assertThat(preview.destination()).isEqualTo("grpc://host:50051");
        assertThat(preview.headers())
                .contains("authorization: ***", "x-token: ***", "relay-topic: plant/%C3%BC/t", "relay-attempt: 1");
        assertThat(new String(preview.body(), StandardCharsets.UTF_8)).isEqualTo("""
                {"message":{"id":"0199-full","appId":"app-1","appName":"App one","clientId":"client-1",\
                "topic":"plant/ü/t","qos":2,"retain":true,"receivedAt":"2026-11-22T09:59:58.500Z",\
                "contentType":"text/plain","userProperties":[{"name":"unit","value":"°C"},\
                {"name":"unit","value":"K"}],"responseTopic":"plant/answers","correlationData":"AAH/",\
                "expiresAt":"2026-11-22T10:01:00.250Z","attempt":1,"payload":"MjEuNTA="}}""");
    }

    @Test
    void aBatchIsExplained() {
        RequestPreview preview =
                GrpcAddress.url("grpc://host:1", "\"batch\": {}").preview(GrpcAddress.message("a"));

        assertThat(preview.action()).isEqualTo("mqttrelay.v1.Receiver/DeliverBatch");
        assertThat(preview.headers()).contains("relay-batch-size: 1");
        assertThat(new String(preview.body(), StandardCharsets.UTF_8))
                .startsWith("{\"messages\":[{\"id\":\"a\"")
                .endsWith("}]}");
    }
}
