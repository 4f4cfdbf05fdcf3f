package io.fairlead.cli;

/**
 * Adds colours to text for a terminal.
 *
 * @param on whether colours are added; otherwise text is unchanged
 */
public record Palette(boolean on) {

    String added(String text) {
        return paint("32", text);
    }

    String removed(String text) {
        return paint("31", text);
    }

    String title(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String warning(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
