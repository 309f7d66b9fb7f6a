package io.mqttrelay.testkit.architecture;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The limits of size and naming for the source files of all modules. Each method returns the names that exceed one
 * limit; {@link HouseExceptions} lists those that are let through.
 *
 * @param files the source files below a folder
 */
record HouseLimits(List<SourceFile> files) {
    static final int FILES_OF_A_PACKAGE = 25;
    static final int LINES_OF_A_FILE = 250;
    static final int LINES_OF_A_TEST = 400;

    private static final Pattern SOURCE =
            Pattern.compile("(?:.*/)?src/(main|test)/java/io/mqttrelay/(.+)/(\\w[\\w-]*)\\.java");
    /** A method that begins with a question word; {@code whole} does not. */
    private static final Pattern QUESTION =
            Pattern.compile("^ +(?:public )?[\\w<>]+ ((?:what|who|where)(?:ever)?[A-Z]\\w*)\\(");

    /**
     * One source file.
     *
     * @param packageName below {@code io.mqttrelay}
     * @param name the simple name of its class
     */
    record SourceFile(Path folder, boolean isTest, String packageName, String name, List<String> lines) {
        String className() {
            return packageName + "." + name;
        }

        private boolean isClass() {
            return !name.equals("package-info");
        }

        private boolean isTooLong() {
            return lines.size() > (isTest ? LINES_OF_A_TEST : LINES_OF_A_FILE);
        }
    }

    /** Reads the sources of all modules below a folder. */
    static HouseLimits of(Path checkout) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        Files.walkFileTree(checkout, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = String.valueOf(folder.getFileName());
                boolean isBuilt = name.equals("target") || (name.startsWith(".") && !folder.equals(checkout));
                return isBuilt ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Matcher source = SOURCE.matcher(checkout.relativize(file).toString());
                if (source.matches()) {
                    files.add(new SourceFile(
                            file.getParent(),
                            source.group(1).equals("test"),
                            source.group(2).replace('/', '.'),
                            source.group(3),
                            Files.readAllLines(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new HouseLimits(List.copyOf(files));
    }

    /** Packages with too many files; main and test sources count apart, and each module's. */
    Set<String> largePackages() {
        Map<Path, List<SourceFile>> folders = files.stream().collect(Collectors.groupingBy(SourceFile::folder));
        return names(
                folders.values().stream()
                        .filter(folder -> folder.size() > FILES_OF_A_PACKAGE)
                        .map(folder -> folder.get(0))
                        .toList(),
                any -> any.packageName() + (any.isTest() ? " (tests)" : ""));
    }

    /** Classes whose file is too long. */
    Set<String> longFiles() {
        return names(files.stream().filter(SourceFile::isTooLong).toList(), SourceFile::name);
    }

    /** Test methods whose name begins with what, who or where, each with its class. */
    Set<String> questions() {
        Set<String> questions = new TreeSet<>();
        for (SourceFile file : files) {
            for (String line : file.isTest() ? file.lines() : List.<String>of()) {
                Matcher question = QUESTION.matcher(line);
                if (question.find()) {
                    questions.add(file.className() + "." + question.group(1));
                }
            }
        }
        return questions;
    }

    /** Simple names that more than one class has. */
    Set<String> sharedNames() {
        return files.stream()
                .filter(SourceFile::isClass)
                .collect(Collectors.groupingBy(SourceFile::name, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(name -> name.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(List<SourceFile> files, Function<SourceFile, String> name) {
        return files.stream().map(name).collect(Collectors.toCollection(TreeSet::new));
    }
}
