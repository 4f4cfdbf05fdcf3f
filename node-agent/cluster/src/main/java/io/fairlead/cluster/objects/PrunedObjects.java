package io.fairlead.cluster.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects as generic trees. Kinds and fields that neither rules nor commands need are left out. Therefore the
 * trees contain no annotations and no Secrets.
 */
public final class PrunedObjects {
    private static final FieldMask TARGET = FieldMask.whole("kind", "namespace", "name");

    /** The names of pods are kept, because the commands print them. */
    private static final FieldMask SLICE = SliceReading.FIELDS.with(
            "endpoints",
            FieldMask.whole("addresses", "nodeName", "conditions", "hints").with("targetRef", TARGET));

    private static final FieldMask ADDRESSES = FieldMask.whole("ip", "nodeName").with("targetRef", TARGET);

    private static final FieldMask ENDPOINTS = EndpointsReading.FIELDS.with(
            "subsets",
            new FieldMask(Map.of("addresses", ADDRESSES, "notReadyAddresses", ADDRESSES, "ports", FieldMask.PORTS)));

    private final boolean recursive;
    private final InputStream standardInput;

    /** Creates a reader. The parameters have the same meaning as in {@link ClusterReader}. */
    public PrunedObjects(boolean recursive, InputStream standardInput) {
        this.recursive = recursive;
        this.standardInput = standardInput;
    }

    /**
     * Returns the objects under these paths as one Kubernetes object of kind List.
     *
     * @throws IOException if a path does not exist or cannot be read, or is not YAML or JSON
     */
    public Map<String, Object> read(List<String> paths) throws IOException {
        List<Object> items = new ArrayList<>();
        for (String path : paths) {
            if (path.equals(ClusterReader.STANDARD_INPUT)) {
                String text = new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
                add("standard input", text, items);
            } else {
                for (Path file : ClusterReader.filesOfExport(Path.of(path), recursive)) {
                    add(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8), items);
                }
            }
        }
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("apiVersion", "v1");
        list.put("kind", "List");
        list.put("items", items);
        return list;
    }

    private static void add(String source, String text, List<Object> items) throws IOException {
        for (Documents.Document document : Documents.read(source, text)) {
            if (!document.error().isEmpty()) {
                throw new IOException(document.position().text() + ": " + document.error());
            }
            add(document.tree(), "", "", items);
        }
    }

    private static void add(@Nullable Object tree, String listKind, String listVersion, List<Object> items) {
        if (!(tree instanceof Map<?, ?> map)) {
            return;
        }
        String kind = map.get("kind") instanceof String given ? given : listKind;
        String version = map.get("apiVersion") instanceof String given ? given : listVersion;
        if (kind.endsWith("List") && map.get("items") instanceof List<?> inside) {
            String ofItems = kind.substring(0, kind.length() - "List".length());
            inside.forEach(item -> add(item, ofItems, kind.equals("List") ? "" : version, items));
            return;
        }
        FieldMask fields = mask(version + " " + kind);
        if (fields != null && fields.prune(map) instanceof Map<?, ?> pruned) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("apiVersion", version);
            object.put("kind", kind);
            pruned.forEach((field, value) -> object.put(String.valueOf(field), value));
            items.add(object);
        }
    }

    private static @Nullable FieldMask mask(String versionAndKind) {
        return switch (versionAndKind) {
            case "v1 Service" -> ServiceReading.FIELDS;
            case "discovery.k8s.io/v1 EndpointSlice" -> SLICE;
            case "v1 Endpoints" -> ENDPOINTS;
            case "v1 Node" -> NodeReading.FIELDS;
            case "networking.k8s.io/v1 ServiceCIDR", "networking.k8s.io/v1beta1 ServiceCIDR" ->
                ServiceCidrReading.FIELDS;
            default -> null;
        };
    }
}
