package io.fairlead.core.net;

import java.util.regex.Pattern;

/** A network interface's name, or the first letters of one: only what both tools accept, so it can stand in a rule. */
public record InterfaceName(String text) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is empty, longer than the kernel's 15 characters, or has other characters
     */
    public InterfaceName {
        if (!ALLOWED.matcher(text).matches()) {
            throw new IllegalArgumentException("not an interface name: \"" + text + "\"");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
