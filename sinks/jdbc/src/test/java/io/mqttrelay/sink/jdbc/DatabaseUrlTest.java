package io.mqttrelay.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @Test
    void theDriverGetsAUrlMadeOfTheParts() throws DatabaseUrl.InvalidException {
        DatabaseUrl url = DatabaseUrl.parse(
                "jdbc:postgresql://a,[::1]:5433/plant?sslmode=require", Map.of("currentSchema", "relay"));

        assertThat(url.driverUrl()).isEqualTo("jdbc:postgresql://a:5432,[::1]:5433/plant");
        assertThat(url.hosts()).extracting(DatabaseUrl.Host::name).containsExactly("a", "::1");
        assertThat(url.properties()).containsOnlyKeys("sslmode", "currentSchema");
        assertThat(url).hasToString("jdbc:postgresql://a:5432,[::1]:5433/plant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h/db?socketFactory=x.Y",
                "jdbc:postgresql://h/db?socketFactoryArg=http://x",
                "jdbc:postgresql://h/db?sslfactory=x.Y",
                "jdbc:postgresql://h/db?loggerFile=/etc/x",
                "jdbc:postgresql://h/db?authenticationPluginClassName=x.Y",
                "jdbc:postgresql://h/db?preferQueryMode=simple",
                "jdbc:postgresql://h/db?service=x",
                "jdbc:postgresql://h/db?user=u&password=p",
                "jdbc:postgresql://h/db?sslmode=%72equire",
                "jdbc:postgresql://u:p@h/db",
                "jdbc:postgresql:db",
                "jdbc:postgresql://h:99999/db",
                "jdbc:postgresql://h /db",
                "jdbc:postgresql://h/db/../x",
                "jdbc:mariadb://h/db?allowLocalInfile=true",
                "jdbc:mariadb://h/db?initSql=DROP",
                "jdbc:mariadb://h/db?credentialType=x",
                "jdbc:mariadb://h/db?localSocket=/x",
                "jdbc:mariadb://h/db?useServerPrepStmts=false",
                "jdbc:mariadb:replication://h/db",
                "jdbc:mariadb://address=(host=h)(port=1)/db",
                "jdbc:mysql://h/db?autoDeserialize=true",
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://x'",
                "jdbc:h2:mem:x;INIT=x",
                "jdbc:h2:tcp://h/x",
                "jdbc:h2:/etc/x",
                "http://h/",
                ""
            })
    void hostileUrlsAreRefused(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url, Map.of())).isInstanceOf(DatabaseUrl.InvalidException.class);
    }

    @Test
    void propertiesBesideTheUrlAreCheckedToo() {
        assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:postgresql://h/db", Map.of("sslmod", "require")))
                .hasMessageContaining("property sslmod is not allowed")
                .hasMessageContaining("the nearest is sslmode");
        assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:h2:mem:x", Map.of("MODE", "x;INIT=RUNSCRIPT")))
                .isInstanceOf(DatabaseUrl.InvalidException.class);
    }
}
