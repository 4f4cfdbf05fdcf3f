package io.fairlead.iptables;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An implementation of iptables-restore --noflush and iptables-save in memory. Its output is that of the legacy
 * variant, which reports a refusal by the kernel at the line COMMIT. It makes the same checks as the kernel: the target
 * chain of a rule must exist, a deleted chain must be empty and unused, MASQUERADE is allowed only below POSTROUTING,
 * and DNAT is not allowed there. {@link IptablesContract} checks that it behaves like the real programs.
 */
final class FakeIptables implements ProcessRunner {
    private static final Map<String, List<String>> BUILT_IN = Map.of(
            "mangle", List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
            "filter", List.of("INPUT", "FORWARD", "OUTPUT"),
            "nat", List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"));
    private static final Set<String> TARGETS =
            Set.of("ACCEPT", "DROP", "RETURN", "REJECT", "DNAT", "SNAT", "MASQUERADE", "MARK", "LOG");

    private final Map<String, Map<String, Map<String, List<String>>>> programs = new HashMap<>();
    private final Set<String> missing = new HashSet<>();

    /** Creates a kernel that contains only the built-in chains. */
    FakeIptables() {
        for (String program : List.of("iptables", "ip6tables")) {
            Map<String, Map<String, List<String>>> tables = new TreeMap<>();
            BUILT_IN.forEach((table, chains) -> {
                Map<String, List<String>> byName = new TreeMap<>();
                chains.forEach(chain -> byName.put(chain, List.of()));
                tables.put(table, byName);
            });
            programs.put(program, tables);
        }
    }

    /** Makes a program fail from now on as if it were not installed. */
    void uninstall(String program) {
        missing.add(program);
    }

    @Override
    public ProcessResult run(Command command) {
        String word = command.words().getFirst();
        String program = word.replaceAll("-(restore|save)$", "");
        if (missing.contains(program)) {
            throw new ProgramMissingException(word, new IOException("No such file or directory"));
        }
        Map<String, Map<String, List<String>>> tables = programs.get(program);
        if (word.endsWith("-save")) {
            return new ProcessResult(0, save(tables), "");
        }
        if (word.endsWith("-restore")) {
            return command.words().contains("--test")
                    ? new ProcessResult(0, "", "")
                    : restore(tables, command.inputText());
        }
        return new ProcessResult(0, program + " v1.8.9 (legacy)\n", "");
    }

    private static String save(Map<String, Map<String, List<String>>> tables) {
        StringBuilder out = new StringBuilder();
        tables.forEach((table, chains) -> {
            out.append('*').append(table).append('\n');
            chains.keySet()
                    .forEach(chain -> out.append(':')
                            .append(chain)
                            .append(BUILT_IN.get(table).contains(chain) ? " ACCEPT" : " -")
                            .append(" [0:0]\n"));
            chains.forEach((chain, rules) -> rules.forEach(
                    rule -> out.append(("-A " + chain + " " + rule).strip()).append('\n')));
            out.append("COMMIT\n");
        });
        return out.toString();
    }

    private static ProcessResult restore(Map<String, Map<String, List<String>>> tables, String input) {
        String table = "";
        Map<String, List<String>> work = new TreeMap<>();
        int number = 0;
        for (String line : input.lines().toList()) {
            number++;
            boolean fine = true;
            if (line.startsWith("*")) {
                table = line.substring(1);
                work = new TreeMap<>();
                for (Map.Entry<String, List<String>> chain : tables.get(table).entrySet()) {
                    work.put(chain.getKey(), new ArrayList<>(chain.getValue()));
                }
            } else if (line.equals("COMMIT")) {
                fine = kernelTakes(work);
                if (fine) {
                    tables.put(table, work);
                }
            } else if (line.startsWith(":")) {
                work.put(line.substring(1, line.indexOf(' ')), new ArrayList<>());
            } else if (!line.startsWith("#")) {
                fine = edit(work, line.split(" ", 3));
            }
            if (!fine) {
                return new ProcessResult(1, "", "iptables-restore: line " + number + " failed\n");
            }
        }
        return new ProcessResult(0, "", "");
    }

    private static boolean edit(Map<String, List<String>> work, String[] words) {
        List<String> chain = work.get(words[1]);
        if (chain == null) {
            return false;
        }
        String rule = words.length > 2 ? words[2] : "";
        switch (words[0]) {
            case "-A" -> chain.add(rule);
            case "-I" -> chain.addFirst(rule);
            case "-D" -> {
                return chain.remove(rule);
            }
            case "-X" -> {
                boolean used = work.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(other -> target(other).equals(words[1]));
                return chain.isEmpty() && !used && work.remove(words[1]) != null;
            }
            default -> throw new AssertionError("the fake does not know " + words[0]);
        }
        return true;
    }

    private static boolean kernelTakes(Map<String, List<String>> work) {
        for (Map.Entry<String, List<String>> chain : work.entrySet()) {
            for (String rule : chain.getValue()) {
                String target = target(rule);
                boolean known = target.isEmpty() || TARGETS.contains(target) || work.containsKey(target);
                boolean misplaced = target.equals("MASQUERADE")
                        && (chain.getKey().startsWith("KUBE-SEP-")
                                || chain.getKey().startsWith("KUBE-SVC-"));
                misplaced |= target.equals("DNAT") && chain.getKey().equals("KUBE-POSTROUTING");
                if (!known || misplaced) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String target(String rule) {
        int at = (" " + rule).indexOf(" -j ");
        if (at < 0) {
            return "";
        }
        return rule.substring(at + 3).split(" ", 2)[0];
    }
}
