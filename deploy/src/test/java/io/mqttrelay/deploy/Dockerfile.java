package io.mqttrelay.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Dockerfile's instructions. */
final class Dockerfile {
    /** One instruction, its lines joined. */
    record Instruction(String name, String arguments) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** That of a service: {@code ingest} or {@code dispatch}. */
    static Dockerfile of(String service) throws IOException {
        Dockerfile file = new Dockerfile();
        String text =
                Files.readString(path(service)).replaceAll("(?m)^#.*\\n", "").replaceAll("\\\\\\n\\s*", "");
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split(" ", 2);
            file.instructions.add(new Instruction(parts[0], parts[1]));
        });
        return file;
    }

    static Path path(String service) {
        return Distribution.checkout().resolve("deploy/docker/" + service + ".Dockerfile");
    }

    /** What all instructions of that name say, in order. */
    List<String> all(String name) {
        return instructions.stream()
                .filter(each -> each.name().equals(name))
                .map(Instruction::arguments)
                .toList();
    }

    /** What the last stage, which is the image, says; in order. */
    List<Instruction> image() {
        int from = 0;
        for (int i = 0; i < instructions.size(); i++) {
            if (instructions.get(i).name().equals("FROM")) {
                from = i;
            }
        }
        return instructions.subList(from, instructions.size());
    }

    /** What the image's only instruction of that name says. */
    String only(String name) {
        List<String> found = image().stream()
                .filter(each -> each.name().equals(name))
                .map(Instruction::arguments)
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + ": " + found);
        }
        return found.get(0);
    }
}
