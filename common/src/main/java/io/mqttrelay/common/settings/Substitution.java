package io.mqttrelay.common.settings;

import io.mqttrelay.common.text.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills references in a string. A reference is an environment variable ({@code env:NAME}, {@code env:NAME:-default})
 * or a file's content ({@code file:/path}), between a dollar sign with an opening brace and a closing brace. Two
 * dollar signs with a brace stand for the literal characters. Inserted text is not searched for references. No error
 * quotes the string: it may be a password with a dollar sign.
 */
final class Substitution {
    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final String OPEN = "${";
    private static final String LITERAL = "$${";
    private static final String ENV = "env:";
    private static final String FILE = "file:";
    private static final String DEFAULT = ":-";

    private final Path folder;
    private final Function<String, @Nullable String> environment;
    private final FileSnapshot files;

    /** @param folder the folder of the configuration file: relative file names start there */
    Substitution(Path folder, Function<String, @Nullable String> environment, FileSnapshot files) {
        this.folder = folder;
        this.environment = environment;
        this.files = files;
    }

    static boolean hasReference(String written) {
        return written.replace(LITERAL, "").contains(OPEN);
    }

    /**
     * The string with all references filled in.
     *
     * @param opened is called with every file that was read
     * @param emptied is called with every reference without a default whose value is empty
     * @throws ReferenceException with the problem, without the string
     */
    String apply(String written, Consumer<Path> opened, Consumer<String> emptied) throws ReferenceException {
        return fill(written, opened, emptied).text();
    }

    /** As {@link #apply}, with the ranges that came from references. */
    Value.Filled fill(String written, Consumer<Path> opened, Consumer<String> emptied) throws ReferenceException {
        StringBuilder filled = new StringBuilder(written.length());
        List<Value.Range> fromOutside = new ArrayList<>();
        int at = 0;
        while (at < written.length()) {
            if (written.startsWith(LITERAL, at)) {
                filled.append(OPEN);
                at += LITERAL.length();
            } else if (written.startsWith(OPEN, at)) {
                int end = written.indexOf('}', at);
                if (end < 0) {
                    throw new ReferenceException("a ${ has no }; write $${ for the characters ${ themselves");
                }
                String reference = written.substring(at + OPEN.length(), end);
                String value = resolve(reference, opened);
                if (value.isEmpty() && !reference.contains(DEFAULT)) {
                    emptied.accept(reference);
                }
                fromOutside.add(new Value.Range(filled.length(), filled.length() + value.length()));
                filled.append(value);
                at = end + 1;
            } else {
                filled.append(written.charAt(at++));
            }
        }
        return new Value.Filled(filled.toString(), fromOutside);
    }

    private String resolve(String reference, Consumer<Path> opened) throws ReferenceException {
        if (reference.startsWith(ENV)) {
            return variable(reference.substring(ENV.length()));
        }
        if (reference.startsWith(FILE)) {
            return content(reference.substring(FILE.length()), opened);
        }
        throw new ReferenceException(
                "a ${ } must be ${env:NAME}, ${env:NAME:-default} or ${file:/path}; write $${ for the characters ${ themselves");
    }

    private String variable(String reference) throws ReferenceException {
        int separator = reference.indexOf(DEFAULT);
        String name = separator < 0 ? reference : reference.substring(0, separator);
        if (name.isBlank()) {
            throw new ReferenceException("${env:} has no name of a variable");
        }
        String value = environment.apply(name);
        if (separator >= 0 && (value == null || value.isEmpty())) {
            return reference.substring(separator + DEFAULT.length());
        }
        if (value == null) {
            throw new ReferenceException("the environment variable " + Printable.cut(name) + " is not set");
        }
        return value;
    }

    private String content(String name, Consumer<Path> opened) throws ReferenceException {
        String shown = "the file " + Printable.cut(name) + " ";
        try {
            Path file = locate(name);
            String text = withoutNewline(files.text(file, MAX_FILE_BYTES));
            opened.accept(file);
            return text;
        } catch (InvalidPathException e) {
            throw new ReferenceException(shown + "has a name that cannot be");
        } catch (FileSnapshot.UnreadableException e) {
            throw new ReferenceException(shown + e.why());
        }
    }

    private Path locate(String name) throws ReferenceException {
        if (name.isBlank()) {
            throw new ReferenceException("${file:} has no name of a file");
        }
        Path path = folder.resolve(name).normalize();
        if (!Path.of(name).isAbsolute() && !path.startsWith(folder.normalize())) {
            throw new ReferenceException("the file " + Printable.cut(name)
                    + " lies outside of the configuration's folder: name it with its absolute path");
        }
        return path;
    }

    private static String withoutNewline(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** A problem of a reference. */
    static final class ReferenceException extends Exception {
        private static final long serialVersionUID = 1;
        private final String what;

        ReferenceException(String what) {
            super(what, null, false, false);
            this.what = what;
        }

        String what() {
            return what;
        }
    }
}
