package io.fairlead.demo;

import io.fairlead.core.rules.ChangeReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Prints the text of the demo.
 *
 * @param out the writer for the text; it is flushed after each line
 * @param coloured whether {@code out} is a terminal that shows colours
 * @param changeText formats a change as {@code fairlead diff} does
 */
record Stage(PrintWriter out, boolean coloured, Function<ChangeReport, String> changeText) {
    private static final String BOLD = "1";
    private static final String FAINT = "2";
    private static final String GREEN = "32";
    private static final String RED = "31";

    void act(String title) {
        line("");
        line(paint(BOLD, "=== " + title + " " + "=".repeat(Math.max(3, 100 - title.length()))));
    }

    void chapter(int number, String headline) {
        line("");
        line(paint(BOLD, number + ". " + headline));
    }

    void paragraph(String text) {
        text.lines().map(line -> "   " + line).forEach(this::line);
    }

    /** Prints the changes of the kernel's rules. */
    void show(ChangeReport report) {
        line("");
        changeText
                .apply(report)
                .lines()
                .map(line -> ("     " + line).stripTrailing())
                .forEach(this::line);
        line("");
    }

    void note(String text) {
        line("   " + paint(FAINT, text));
    }

    void result(Trial trial) {
        String mark = trial.asExpected() ? paint(GREEN, "ok   ") : paint(RED, "WRONG");
        String seen = trial.asExpected() ? trial.seen() : trial.seen() + " (expected: " + trial.expected() + ")";
        line("   " + mark + " " + trial.tried() + ": " + seen);
    }

    /** Prints a table. Each column is as wide as its widest cell; the first row is a heading. */
    void table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths.add(rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0));
        }
        for (int i = 0; i < rows.size(); i++) {
            StringBuilder line = new StringBuilder("   ");
            for (int column = 0; column < columns; column++) {
                String cell = rows.get(i).get(column);
                line.append(cell).repeat(' ', widths.get(column) - cell.length() + 2);
            }
            line(
                    i == 0
                            ? paint(BOLD, line.toString().stripTrailing())
                            : line.toString().stripTrailing());
        }
    }

    void verdict(boolean good, String text) {
        line("");
        line(paint(good ? GREEN : RED, text));
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    private String paint(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
