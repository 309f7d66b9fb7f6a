package io.mqttrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FlameGraphTest {
    private static List<String> titles(List<String> stacks) throws Exception {
        String svg = FlameGraph.of("a <title> & more", stacks);
        NodeList all = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("title");
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            titles.add(((Element) all.item(i)).getTextContent());
        }
        return titles;
    }

    @Test
    void aFrameHasTheSamplesOfAllThatItCalled() throws Exception {
        assertThat(titles(List.of("main;io/mqttrelay/A.run;okhttp3/B.call 3", "main;io/mqttrelay/A.run 1")))
                .containsExactly("main 100.0 %", "io/mqttrelay/A.run 100.0 %", "okhttp3/B.call 75.0 %");
    }

    @Test
    void threadsOfOneNameAreOne() throws Exception {
        assertThat(titles(List.of("[pool-1 tid=7];a/B.c 1", "[pool-2 tid=8];a/B.c 1")))
                .containsExactly("[pool] 100.0 %", "a/B.c 100.0 %");
    }

    @Test
    void omitsFramesThatAreTooNarrow() throws Exception {
        assertThat(titles(List.of("a/Wide.x 10000", "a/Narrow.x 1"))).containsExactly("a/Wide.x 100.0 %");
    }

    @Test
    void namesAMalformedStack() {
        assertThatThrownBy(() -> FlameGraph.of("", List.of("a;b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a;b");
    }
}
