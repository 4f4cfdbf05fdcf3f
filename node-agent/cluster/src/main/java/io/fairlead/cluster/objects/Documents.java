package io.fairlead.cluster.objects;

import io.fairlead.cluster.yaml.BoundedYaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses text into generic trees, one tree for each YAML or JSON document. YAML text is first split at its document
 * markers, so that an error in one document does not affect the following documents. The YAML parser is the parser that
 * fabric8 uses, but it is called directly: fabric8 8.0.0 keeps the parser's default limit of 3 MiB for each document,
 * and a cluster of 5,000 Services needs more.
 */
final class Documents {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOG_START = "==== START logs for container ";
    private static final String LOG_END = "==== END logs for container ";

    /**
     * The result of parsing one document.
     *
     * @param tree the content of the document; null if the document is empty or could not be parsed
     * @param error the reason why the document could not be parsed, with the line number; "" if it was parsed
     */
    record Document(SourcePosition position, @Nullable Object tree, String error) {}

    /** One document of a YAML text, with the number of its first line in the text (counted from 0). */
    private record Chunk(String text, int firstLine) {}

    private Documents() {}

    static List<Document> read(String source, String text) {
        String body = withoutLogs(text.startsWith("\ufeff") ? text.substring(1) : text);
        if (!looksLikeJson(body)) {
            return readYaml(source, body);
        }
        List<Document> documents = readJson(source, body);
        if (documents.stream().anyMatch(document -> !document.error().isEmpty())) {
            List<Document> asYaml = readYaml(source, body);
            if (asYaml.stream().allMatch(document -> document.error().isEmpty())) {
                return asYaml;
            }
        }
        return documents;
    }

    /**
     * Returns the text with empty lines instead of logs, so that the numbers of the other lines stay. The output of
     * {@code kubectl cluster-info dump} has the logs of all containers between its documents.
     */
    private static String withoutLogs(String text) {
        if (!text.contains(LOG_START)) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        boolean inLog = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            inLog |= line.startsWith(LOG_START);
            kept.append(inLog ? "" : line).append('\n');
            inLog &= !line.startsWith(LOG_END);
        }
        return kept.toString();
    }

    private static boolean looksLikeJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    private static List<Document> readJson(String source, String text) {
        List<Object> trees = new ArrayList<>();
        String error = "";
        try (MappingIterator<Object> values = JSON.readerFor(Object.class).readValues(text)) {
            while (values.hasNextValue()) {
                trees.add(values.nextValue());
            }
        } catch (JacksonException e) {
            error = e.getLocation() == null
                    ? "not JSON: " + e.getOriginalMessage()
                    : "not JSON, line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage();
        }
        boolean several = trees.size() + (error.isEmpty() ? 0 : 1) > 1;
        List<Document> documents = new ArrayList<>();
        for (Object tree : trees) {
            documents.add(new Document(new SourcePosition(source, several ? documents.size() + 1 : 0, 0), tree, ""));
        }
        if (!error.isEmpty()) {
            documents.add(new Document(new SourcePosition(source, several ? documents.size() + 1 : 0, 0), null, error));
        }
        return documents;
    }

    private static List<Document> readYaml(String source, String text) {
        List<Chunk> chunks = chunks(text);
        List<Document> documents = new ArrayList<>();
        for (Chunk chunk : chunks) {
            SourcePosition position = new SourcePosition(source, chunks.size() > 1 ? documents.size() + 1 : 0, 0);
            try {
                documents.add(new Document(position, load(chunk.text()), ""));
            } catch (YamlEngineException e) {
                documents.add(new Document(position, null, describe(e, chunk.firstLine())));
            }
        }
        return documents;
    }

    private static @Nullable Object load(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setSchema(new KubernetesYaml())
                .build();
        return new StandardConstructor(settings).constructSingleDocument(BoundedYaml.single(settings, text));
    }

    private static String describe(YamlEngineException e, int firstLine) {
        if (e instanceof MarkedYamlEngineException marked) {
            Optional<Mark> mark = marked.getProblemMark();
            String problem = marked.getProblem() == null ? "syntax error" : marked.getProblem();
            return mark.map(at -> "not YAML, line " + (firstLine + at.getLine() + 1) + ", column "
                            + (at.getColumn() + 1) + ": " + problem)
                    .orElse("not YAML: " + problem);
        }
        String message = String.valueOf(e.getMessage());
        return "not YAML, in the document that starts in line " + (firstLine + 1) + ": "
                + message.lines().findFirst().orElse("");
    }

    /**
     * Splits YAML text into documents, and leaves out documents that contain only comments. A document marker in column
     * 0 always separates documents, even inside a block scalar.
     */
    private static List<Chunk> chunks(String text) {
        List<Chunk> chunks = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        boolean content = false;
        int firstLine = 0;
        int lineNumber = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            boolean starts = isMarker(line, "---");
            boolean ends = isMarker(line, "...");
            if ((starts || ends) && content) {
                chunks.add(new Chunk(current.toString(), firstLine));
            }
            if (ends || (starts && (content || current.indexOf("%") < 0))) {
                current.setLength(0);
                firstLine = lineNumber + (ends ? 1 : 0);
                content = false;
            }
            if (!ends) {
                current.append(line).append('\n');
                content |= starts ? isContent(line.substring(3)) : isContent(line) && !line.startsWith("%");
            }
            lineNumber++;
        }
        if (content) {
            chunks.add(new Chunk(current.toString(), firstLine));
        }
        return chunks;
    }

    private static boolean isMarker(String line, String marker) {
        return line.startsWith(marker) && (line.length() == 3 || Character.isWhitespace(line.charAt(3)));
    }

    private static boolean isContent(String line) {
        String text = line.strip();
        return !text.isEmpty() && text.charAt(0) != '#';
    }
}
