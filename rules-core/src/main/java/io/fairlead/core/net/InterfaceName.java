package io.fairlead.core.net;

import java.util.regex.Pattern;

/**
 * The name of a network interface, or the first characters of such a name. Only characters that both iptables and nft
 * accept are allowed, so the name can be written into a rule without quoting.
 */
public record InterfaceName(String text) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, is longer than 15 characters (the limit of the kernel),
     *     does not begin with a letter or digit, or contains a character that is not allowed
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
