package io.fairlead.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import io.fairlead.core.fixture.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares every message of the product with a golden file of its module, so that a reviewer sees each change of
 * wording. The messages are the string literals that contain words: texts in logs, exceptions, problems, pages and
 * commands. The help texts of commands are in golden files of the cli module.
 */
final class MessageCatalogueTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/messages");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern TWO_WORDS = Pattern.compile("(?s).*\\b[A-Za-z][a-z]+[,;:]? +[a-z]{2,}\\b.*");

    /** The packages that write rules. Their string literals are words of iptables and nft, not messages. */
    private static final Pattern WRITES_RULES =
            Pattern.compile("io/fairlead/(iptables/(text|rule|render)|nft/(text|render))/");

    /** Returns the source files of the product, by module. */
    static Map<String, List<Path>> modules() {
        Map<String, List<Path>> modules = new TreeMap<>();
        for (Path file : ProjectFiles.all(MessageCatalogueTest::isProduct)) {
            String path = file.toString();
            String module = path.substring(0, path.indexOf("/" + SOURCES)).replace('/', '-');
            modules.computeIfAbsent(module, _ -> new ArrayList<>()).add(file);
        }
        return modules;
    }

    private static boolean isProduct(Path file) {
        String path = file.toString();
        return path.endsWith(".java")
                && path.contains("/" + SOURCES)
                && !path.startsWith("test-vm/")
                && !WRITES_RULES.matcher(path).find();
    }

    static Stream<String> names() {
        return modules().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void messagesAreAsReviewed(String module) throws IOException {
        Golden.assertMatches(
                GOLDEN.resolve(module + ".txt"), catalogue(modules().getOrDefault(module, List.of())));
    }

    @Test
    void eachGoldenFileBelongsToAModule() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .isSubsetOf(modules().keySet());
        }
    }

    @Test
    void joinsTheStringsOfAMessage() {
        assertThat(messages("""
                class A {
                    @Deprecated(since = "not a message") void log(String why) {
                        LOG.warn("cannot read " + name + " from "
                                + "the kernel (" + (why.isEmpty() ? "no reason was given" : why) + ")\\n");
                        call("-j", "word", 1 + 2 + "x");
                    }
                }
                """)).containsExactly("cannot read {} from the kernel ({})\\n", "no reason was given");
    }

    /** Returns the messages by class, in the order in which they occur in the source. */
    private static String catalogue(List<Path> files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            List<String> messages = messages(Files.readString(ProjectFiles.ROOT.resolve(file)));
            if (!messages.isEmpty()) {
                String path = file.toString();
                text.append(path.substring(path.indexOf("io/fairlead/") + "io/fairlead/".length()))
                        .append('\n');
                messages.forEach(message -> text.append("    ").append(message).append('\n'));
            }
        }
        return text.toString();
    }

    private static List<String> messages(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Messages messages = new Messages();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, List.of(new SourceText(source)));
            for (CompilationUnitTree unit : task.parse()) {
                messages.scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages.found;
    }

    /**
     * Collects string literals and concatenations. In a concatenation, "{}" replaces each part that is not a literal.
     */
    private static final class Messages extends TreeScanner<Void, Void> {
        final List<String> found = new ArrayList<>();

        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void unused) {
            return null;
        }

        @Override
        public Void visitLiteral(LiteralTree literal, Void unused) {
            if (literal.getValue() instanceof String text) {
                add(text);
            }
            return null;
        }

        @Override
        public Void visitBinary(BinaryTree binary, Void unused) {
            List<Tree> parts = new ArrayList<>();
            flatten(binary, parts);
            if (parts.stream().noneMatch(Messages::isText)) {
                return super.visitBinary(binary, null);
            }
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(isText(part) ? ((LiteralTree) part).getValue() : "{}"));
            add(text.toString());
            parts.stream().filter(part -> !isText(part)).forEach(part -> scan(part, null));
            return null;
        }

        private static boolean isText(Tree part) {
            return part instanceof LiteralTree literal && literal.getValue() instanceof String;
        }

        private static void flatten(Tree tree, List<Tree> parts) {
            if (tree instanceof BinaryTree binary && binary.getKind() == Tree.Kind.PLUS) {
                flatten(binary.getLeftOperand(), parts);
                flatten(binary.getRightOperand(), parts);
            } else {
                parts.add(tree);
            }
        }

        private void add(String text) {
            if (TWO_WORDS.matcher(text.replace("{}", "xx")).matches()) {
                found.add(text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"));
            }
        }
    }
}
