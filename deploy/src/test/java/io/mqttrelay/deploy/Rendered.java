package io.mqttrelay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The objects of an overlay of deploy/kubernetes, as kubectl renders them. */
final class Rendered {
    private final List<JsonNode> objects;

    private Rendered(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** Renders a copy of it in {@code folder}, with secrets; without kubectl the test is skipped. */
    static Rendered overlay(String name, Path folder) throws Exception {
        Path kubectl = Installed.program("kubectl", "https://kubernetes.io/docs/tasks/tools");
        Path deploy = Distribution.checkout().resolve("deploy");
        copy(deploy.resolve("config"), folder.resolve("config"));
        copy(deploy.resolve("kubernetes"), folder.resolve("kubernetes"));
        Path overlay = folder.resolve("kubernetes/overlays").resolve(name);
        Secrets.make(overlay.resolve("secrets"));
        Distribution.Result result = Distribution.run(folder, kubectl, List.of("kustomize", overlay.toString()));
        if (result.exitCode() != 0) {
            throw new AssertionError(result.err());
        }
        YAMLMapper yaml = new YAMLMapper();
        try (MappingIterator<JsonNode> all = yaml.readerFor(JsonNode.class).readValues(result.out())) {
            return new Rendered(all.readAll());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(file -> !file.toString().contains("secrets")).forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    List<JsonNode> all() {
        return objects;
    }

    List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode only(String kind, String name) {
        List<JsonNode> found = all(kind).stream()
                .filter(each -> each.at("/metadata/name").asText().matches(name + "(-[a-z0-9]{10})?"))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(kind + " " + name + ": " + found);
        }
        return found.get(0);
    }

    /** What makes the pods of a service: {@code ingest} or {@code dispatch}. */
    JsonNode workload(String service) {
        return only(service.equals("ingest") ? "StatefulSet" : "Deployment", "relay-" + service);
    }

    JsonNode pod(String service) {
        return workload(service).at("/spec/template/spec");
    }

    JsonNode container(String service) {
        return pod(service).at("/containers/0");
    }

    /** What the process finds in the environment; where Kubernetes fills something in, its name. */
    Map<String, String> environment(String service) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode from : container(service).path("envFrom")) {
            String name = from.at("/configMapRef/name").asText();
            only("ConfigMap", name)
                    .path("data")
                    .properties()
                    .forEach(each ->
                            environment.put(each.getKey(), each.getValue().asText()));
        }
        for (JsonNode each : container(service).path("env")) {
            environment.put(
                    each.path("name").asText(),
                    each.path("value")
                            .asText(each.at("/valueFrom/fieldRef/fieldPath").asText()));
        }
        return environment;
    }
}
