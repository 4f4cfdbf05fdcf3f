package io.fairlead.cluster.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The content of several kubeconfig files, merged as client-go 0.37 does. If several files have an entry with the same
 * name, the whole entry of the first file is used. The same holds for current-context. Each entry knows its file,
 * because a relative path in the entry starts at the folder of the file.
 *
 * @param currentContext the name of the current context; "" for none
 * @param empty whether no file was found, or all files are empty
 */
record Kubeconfig(
        String currentContext,
        Map<String, YamlMap> contexts,
        Map<String, YamlMap> clusters,
        Map<String, YamlMap> users,
        boolean empty) {
    /** Problems to which the parser adds a name. The name is part of a password that begins with * or !. */
    private static final List<String> NAMING = List.of("found undefined alias", "found undefined tag handle");

    /**
     * Reads and merges the files.
     *
     * @throws AccessException if a file cannot be read or has a syntax error
     */
    static Kubeconfig read(KubeconfigFiles files, Remarks remarks) {
        List<YamlMap> documents = new ArrayList<>();
        for (String path : files.paths()) {
            read(path, files.mayBeMissing(), remarks).ifPresent(documents::add);
        }
        remarks.check();
        String currentContext = "";
        Map<String, YamlMap> contexts = new LinkedHashMap<>();
        Map<String, YamlMap> clusters = new LinkedHashMap<>();
        Map<String, YamlMap> users = new LinkedHashMap<>();
        for (YamlMap document : documents) {
            checkKind(document, remarks);
            String current = document.text("current-context");
            currentContext = currentContext.isEmpty() ? current : currentContext;
            entries(document, "contexts", "context", remarks).forEach(contexts::putIfAbsent);
            entries(document, "clusters", "cluster", remarks).forEach(clusters::putIfAbsent);
            entries(document, "users", "user", remarks).forEach(users::putIfAbsent);
            document.pass("preferences", "extensions");
            document.warnOfOthers();
        }
        remarks.check();
        return new Kubeconfig(currentContext, contexts, clusters, users, documents.isEmpty());
    }

    private static Optional<YamlMap> read(String path, boolean mayBeMissing, Remarks remarks) {
        try {
            String text = Files.readString(Path.of(path), StandardCharsets.UTF_8);
            return YamlMap.document(path, text.startsWith("\ufeff") ? text.substring(1) : text, remarks);
        } catch (NoSuchFileException _) {
            if (mayBeMissing) {
                remarks.warning("the kubeconfig " + path + " does not exist; skipping it");
            } else {
                remarks.error("the kubeconfig " + path + " does not exist");
            }
        } catch (IOException e) {
            remarks.error("cannot read the kubeconfig " + path + ": " + e);
        } catch (YamlEngineException e) {
            remarks.error("the kubeconfig " + path + " is not YAML" + reason(e));
        }
        return Optional.empty();
    }

    /**
     * Returns the place and the kind of a syntax error. The parser's own message also quotes the lines around it, which
     * may contain a token.
     */
    private static String reason(YamlEngineException e) {
        if (!(e instanceof MarkedYamlEngineException marked)) {
            return ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
        String problem = String.valueOf(marked.getProblem());
        String unnamed = NAMING.stream().filter(problem::startsWith).findAny().orElse(problem);
        return marked.getProblemMark()
                        .map(at -> ", line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1))
                        .orElse("")
                + ": " + unnamed;
    }

    private static void checkKind(YamlMap document, Remarks remarks) {
        String kind = document.text("kind");
        String version = document.text("apiVersion");
        if (!kind.isEmpty() && !kind.equals("Config")) {
            remarks.error(document.where("kind") + " is " + kind + "; a kubeconfig must have Config");
        }
        if (!version.isEmpty() && !version.equals("v1")) {
            remarks.error(document.where("apiVersion") + " is " + version + "; a kubeconfig must have v1");
        }
    }

    private static Map<String, YamlMap> entries(YamlMap document, String list, String content, Remarks remarks) {
        Map<String, YamlMap> entries = new LinkedHashMap<>();
        for (YamlMap item : document.maps(list)) {
            String name = item.text("name");
            Optional<YamlMap> entry = item.map(content);
            item.warnOfOthers();
            if (entries.containsKey(name)) {
                remarks.error(item.where("name") + " " + name + " is a duplicate");
            }
            entry.ifPresent(found -> entries.put(name, found.named(list + "[" + name + "]." + content)));
        }
        return entries;
    }
}
