package io.mqttrelay.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration that every deployment uses, deploy/config/relay.json, laid out as they lay it out. */
final class DeployedFile {
    /** Where every deployment has it. */
    static final String TARGET = "/etc/mqtt-relay/relay.json";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+)(:-)?");

    private DeployedFile() {}

    static Path path() {
        return Distribution.checkout().resolve("deploy/config/relay.json");
    }

    /** The variables that it reads; only those that it cannot do without, or all. */
    static Set<String> variables(boolean required) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = VARIABLE.matcher(Files.readString(path()));
        while (matcher.find()) {
            if (!required || matcher.group(2) == null) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    /** The files of secrets that it reads, relative to its own folder. */
    static Set<String> secrets() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\$\\{file:([^}]+)}").matcher(Files.readString(path()));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** A copy in {@code folder}, with new secrets beside it. */
    static Path in(Path folder) throws Exception {
        Secrets.make(folder.resolve("secrets"));
        return Files.copy(path(), folder.resolve("relay.json"));
    }
}
