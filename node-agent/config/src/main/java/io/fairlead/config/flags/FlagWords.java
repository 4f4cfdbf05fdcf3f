package io.fairlead.config.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Converts the words of a command line to the form {@code --flag=value}. The same forms are accepted as by kube-proxy:
 * {@code --flag value}, {@code --flag} for a boolean flag, {@code -v4}, {@code -v 4}, and names with underscores. Words
 * that are not flags of kube-proxy are unchanged.
 */
public final class FlagWords {

    private FlagWords() {}

    /**
     * Returns the converted command line. If the value of the last flag is missing, the flag is returned without a
     * value; the parser that reads the result reports this.
     */
    public static List<String> normal(List<String> words) {
        List<String> normal = new ArrayList<>();
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i++);
            if (word.equals("--")) {
                normal.addAll(words.subList(i - 1, words.size()));
                break;
            }
            Optional<KubeProxyFlag> flag = flag(word);
            if (flag.isEmpty()) {
                // kube-proxy ignores empty words. Scripts pass an empty word if a variable is empty.
                if (!word.isEmpty()) {
                    normal.add(word);
                }
            } else if (value(word).isPresent()) {
                normal.add(flag.get().option() + "=" + value(word).get());
            } else if (flag.get().type() == FlagType.BOOL) {
                normal.add(flag.get().option() + "=true");
            } else if (i < words.size()) {
                normal.add(flag.get().option() + "=" + words.get(i++));
            } else {
                normal.add(flag.get().option());
            }
        }
        return normal;
    }

    private static Optional<KubeProxyFlag> flag(String word) {
        if (word.startsWith("--")) {
            String name = word.substring(2).split("=", 2)[0].replace('_', '-');
            return KubeProxyFlag.named(name);
        }
        return isShortV(word) ? Optional.of(KubeProxyFlag.V) : Optional.empty();
    }

    /** Returns whether a word is the flag for verbosity: {@code -v}, {@code -v=4} or {@code -v4}. */
    private static boolean isShortV(String word) {
        return word.equals("-v") || word.startsWith("-v=") || word.matches("-v-?\\d+");
    }

    private static Optional<String> value(String word) {
        int equals = word.indexOf('=');
        if (equals >= 0) {
            return Optional.of(word.substring(equals + 1));
        }
        return !word.startsWith("--") && word.length() > 2 ? Optional.of(word.substring(2)) : Optional.empty();
    }
}
