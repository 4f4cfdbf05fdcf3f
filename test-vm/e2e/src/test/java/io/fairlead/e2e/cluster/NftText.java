package io.fairlead.e2e.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the output of {@code nft list table}, independently of Fairlead's own reader. */
final class NftText {
    private static final Pattern BEGIN = Pattern.compile("\\t(?:chain|map|set) (\\S+) \\{");
    private static final Pattern REFERENCE = Pattern.compile("(?:jump|goto) ([^\\s,}]+)|@([^\\s,}]+)");

    private NftText() {}

    /**
     * Returns the rules and elements that packets can reach, one per line. These are in base chains, and in the chains
     * and maps to which base chains lead.
     */
    static List<String> inForce(List<String> table) {
        Map<String, List<String>> blocks = blocks(table);
        Deque<String> open = new ArrayDeque<>();
        blocks.forEach((name, lines) -> {
            if (lines.stream().anyMatch(line -> line.startsWith("type ") && line.contains(" hook "))) {
                open.add(name);
            }
        });
        Set<String> reached = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            String name = open.remove();
            if (reached.add(name)) {
                blocks.getOrDefault(name, List.of()).forEach(line -> open.addAll(references(line)));
            }
        }
        List<String> lines = new ArrayList<>();
        reached.forEach(name -> blocks.getOrDefault(name, List.of()).forEach(line -> lines.add(name + ": " + line)));
        return lines;
    }

    private static Map<String, List<String>> blocks(List<String> table) {
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : table) {
            Matcher begin = BEGIN.matcher(line);
            if (begin.matches()) {
                current = blocks.computeIfAbsent(begin.group(1), _ -> new ArrayList<>());
            } else {
                // nft lists several elements on a line, in no fixed order. Each element becomes a line, so that lines
                // can be sorted.
                for (String part : line.replace("elements = {", "").split(",(?= |$)", -1)) {
                    String text = part.replaceAll("[{}]", "").strip();
                    if (!text.isEmpty()) {
                        current.add(text);
                    }
                }
            }
        }
        return blocks;
    }

    private static List<String> references(String line) {
        List<String> names = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(line);
        while (matcher.find()) {
            names.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return names;
    }
}
