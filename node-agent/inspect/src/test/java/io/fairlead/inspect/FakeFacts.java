package io.fairlead.inspect;

import io.fairlead.linux.node.NodeFacts;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A fake node. Tests add its files, links and pages to the maps. */
public final class FakeFacts implements NodeFacts {
    public final Map<String, String> files = new HashMap<>();
    public final Map<String, String> links = new HashMap<>();
    public final Map<String, String> pages = new HashMap<>();

    @Override
    public Optional<String> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> names(String folder) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(folder + "/"))
                .map(path -> path.substring(folder.length() + 1).split("/", 2)[0])
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public Optional<String> link(String path) {
        return Optional.ofNullable(links.get(path));
    }

    @Override
    public Optional<String> page(URI address) {
        return Optional.ofNullable(pages.get(address.toString()));
    }
}
