package io.mqttrelay.bench.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A picture of panels is well-formed and shows their lines. */
class PictureTest {
    private static final TimeRange RANGE = new TimeRange(1_000_000, 1_000_030, 10);

    @Test
    void aLineHasAGapWhereThereWasNoValue() throws Exception {
        Panel panel = new Panel("timeseries", "a <b> & c", "s", 0, 1, 8, 7, List.of());
        Picture picture = new Picture(List.of(panel), RANGE);
        picture.draw(panel, List.of(new Series("app <1>", List.of(1.0, Double.NaN, 2.0, 4.0))));

        Document svg = parsed(picture);
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(((Element) svg.getElementsByTagName("polyline").item(1))
                        .getAttribute("points")
                        .split(" "))
                .hasSize(2);
        assertThat(svg.getDocumentElement().getTextContent()).contains("a <b> & c", "app <1>  4 s", "5 s", "2.5 s");
    }

    @Test
    void theDashboardCanBeDrawnFromNothing() throws Exception {
        List<Panel> panels = Panel.read(Path.of("../deploy/grafana/dashboards/mqtt-relay.json"), "30s");
        Picture picture = new Picture(panels, RANGE);
        panels.forEach(panel -> picture.draw(panel, List.of()));

        assertThat(panels).hasSizeGreaterThan(30);
        assertThat(parsed(picture).getDocumentElement().getTextContent()).contains("Dead letters");
    }

    @ParameterizedTest
    @CsvSource({
        "0, s, 0 s",
        "0.0042, s, 4.2 ms",
        "90, s, 90 s",
        "600, s, 10 min",
        "250, ms, 250 ms",
        "1536, bytes, 1.5 KiB",
        "0.125, percentunit, 12.5 %",
        "12.34, ops, 12.3/s",
        "100, none, 100",
        "12000, short, 12 K",
        "NaN, short, -"
    })
    void valuesAreAsPeopleReadThem(double value, String unit, String expected) {
        assertThat(Quantity.text(value, unit)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, s, 1",
        "0.004, s, 0.005",
        "190, s, 300",
        "1500, bytes, 2048",
        "70, ops, 100",
        "0.3, percentunit, 0.5"
    })
    void anAxisEndsAtARoundValue(double value, String unit, double expected) {
        assertThat(Quantity.roundUp(value, unit)).isEqualTo(expected);
    }

    private static Document parsed(Picture picture) throws Exception {
        byte[] text = picture.toString().getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(text));
    }
}
