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
 * Reads cluster objects from files, folders and standard input. A file is read again only if its size, modification
 * time or inode has changed. Not thread-safe.
 */
public final class ClusterReader {
    /** The path that stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    private record Stamp(
            long size, FileTime modified, @Nullable Object fileKey) {}

    private record Cached(Stamp stamp, SourceContent content) {}

    private final boolean recursive;
    private final boolean keepLastGood;
    private final InputStream standardInput;
    private boolean withPods;
    private final TypedObjects typed = new TypedObjects();
    private final Map<Path, Cached> cache = new HashMap<>();

    /**
     * Creates a reader.
     *
     * @param recursive whether subfolders are read too
     * @param keepLastGood whether the last readable content of a file is used while the file cannot be parsed, for
     *     example because another program is writing it
     * @param standardInput the stream that is read for {@link #STANDARD_INPUT}; it is not closed
     */
    public ClusterReader(boolean recursive, boolean keepLastGood, InputStream standardInput) {
        this.recursive = recursive;
        this.keepLastGood = keepLastGood;
        this.standardInput = standardInput;
    }

    /**
     * Makes this reader also read pods and their names, for commands that print them. The endpoints of a Service
     * without slices are computed from pods. The folders of {@code kubectl cluster-info dump} and of {@code oc adm
     * must-gather} are read with all their subfolders. The agent does not call this method.
     */
    public ClusterReader withPods() {
        withPods = true;
        return this;
    }

    private SourceReading reading() {
        return withPods ? new SourceReading(typed, new PodReading()) : new SourceReading(typed);
    }

    /**
     * Reads all objects under these paths. In a folder, it reads the files whose names end in .yaml, .yml or .json, in
     * the order of their names. Hidden files and folders are skipped, because a mounted ConfigMap contains hidden
     * folders with copies of its files.
     *
     * @param paths files, folders or {@link #STANDARD_INPUT}
     * @throws IOException if a path does not exist, or if a file or folder cannot be read
     */
    public ClusterInput read(List<String> paths) throws IOException {
        List<SourceContent> contents = new ArrayList<>();
        SortedMap<String, Boolean> readable = new TreeMap<>();
        for (String path : paths) {
            if (path.equals(STANDARD_INPUT)) {
                String text = new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
                add("standard input", reading().read("standard input", text), contents, readable);
                continue;
            }
            for (Path file : withPods ? filesOfExport(Path.of(path), recursive) : files(Path.of(path), recursive)) {
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
        SourceContent content = reading().read(file.toString(), text(file));
        if (keepLastGood && !content.readable() && cached != null) {
            content = cached.content().standingInFor(content);
        }
        cache.put(file, new Cached(stamp, content));
        return content;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /**
     * Returns the files under a path. If the path is an export of a cluster (see {@link Exports}), returns only the
     * files with objects that commands need, including those in subfolders.
     */
    static List<Path> filesOfExport(Path path, boolean recursive) throws IOException {
        if (!Files.isDirectory(path) || !Exports.isExport(path)) {
            return files(path, recursive);
        }
        return files(path, true).stream()
                .filter(file -> Exports.isNeeded(path.relativize(file)))
                .toList();
    }

    /** Returns the files under a path, as {@link #read} reads them. */
    static List<Path> files(Path path, boolean recursive) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        Path start = path.toRealPath(); // because Files.walk does not follow symbolic links, not even at the start
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
     * Returns whether a file in a folder is read.
     *
     * @param relative the path of the file, relative to the folder
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
