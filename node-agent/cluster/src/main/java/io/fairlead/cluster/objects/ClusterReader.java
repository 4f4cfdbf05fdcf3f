package io.fairlead.cluster.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects from files, folders and standard input. A file whose size and modification time are unchanged is not
 * read again. For one thread only.
 */
public final class ClusterReader {
    /** The path that means standard input. */
    public static final String STANDARD_INPUT = "-";

    private record Stamp(
            long size, FileTime modified, @Nullable Object fileKey) {}

    private record Cached(Stamp stamp, SourceContent content) {}

    private final boolean recursive;
    private final boolean keepLastGood;
    private final InputStream standardInput;
    private final TypedObjects typed = new TypedObjects();
    private final Map<Path, Cached> cache = new HashMap<>();

    /**
     * Creates a reader.
     *
     * @param recursive whether folders inside folders are read too
     * @param keepLastGood whether the old content of a file stays in use while the file cannot be read; another program
     *     may be writing it
     * @param standardInput the stream behind {@link #STANDARD_INPUT}; it is not closed
     */
    public ClusterReader(boolean recursive, boolean keepLastGood, InputStream standardInput) {
        this.recursive = recursive;
        this.keepLastGood = keepLastGood;
        this.standardInput = standardInput;
    }

    /**
     * Reads everything under these paths. Of a folder it reads the files whose names end in .yaml, .yml or .json, in
     * the order of their names. Hidden files are skipped, because a mounted ConfigMap has some.
     *
     * @param paths files, folders or {@link #STANDARD_INPUT}
     * @throws IOException if a path does not exist or cannot be read. A file of a folder that is deleted during the
     *     reading is ignored
     */
    public ClusterInput read(List<String> paths) throws IOException {
        List<SourceContent> contents = new ArrayList<>();
        SortedMap<String, Boolean> readable = new TreeMap<>();
        for (String path : paths) {
            if (path.equals(STANDARD_INPUT)) {
                String text = new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
                add("standard input", new SourceReading(typed).read("standard input", text), contents, readable);
                continue;
            }
            for (Path file : files(Path.of(path), recursive)) {
                add(file.toString(), content(file), contents, readable);
            }
        }
        return Merging.merge(
                contents,
                readable.entrySet().stream()
                        .filter(entry -> !entry.getValue())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static void add(
            String source, SourceContent content, List<SourceContent> contents, Map<String, Boolean> readable) {
        contents.add(content);
        readable.put(source, content.readable());
    }

    private SourceContent content(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Stamp stamp = new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        Cached cached = cache.get(file);
        if (cached != null && cached.stamp().equals(stamp)) {
            return cached.content();
        }
        SourceContent content = new SourceReading(typed).read(file.toString(), text(file));
        if (keepLastGood && !content.readable() && cached != null) {
            content = cached.content().standingInFor(content);
        }
        cache.put(file, new Cached(stamp, content));
        return content;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Returns the files under a path, as {@link #read} reads them. */
    static List<Path> files(Path path, boolean recursive) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        Path start = path.toRealPath(); // a walk follows no link, not even the first one
        try (Stream<Path> found = Files.walk(start, recursive ? Integer.MAX_VALUE : 1)) {
            return found.filter(Files::isRegularFile)
                    .map(start::relativize)
                    .filter(ClusterReader::isObjectFile)
                    .sorted()
                    .map(path::resolve)
                    .toList();
        }
    }

    /**
     * Returns whether a file of a folder is read.
     *
     * @param relative its path in the folder
     */
    public static boolean isObjectFile(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = relative.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }
}
