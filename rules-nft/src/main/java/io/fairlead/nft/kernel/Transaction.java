package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.text.OperationText;
import java.util.List;
import java.util.Optional;

/** Operations that the kernel either executes all or refuses all. */
public record Transaction(List<Part> parts) {

    /** Operations on Fairlead's table of one family. */
    public record Part(IpFamily family, List<Operation> operations) {
        /** Copies the list. */
        public Part {
            operations = List.copyOf(operations);
        }
    }

    /** Copies the list. */
    public Transaction {
        parts = List.copyOf(parts);
    }

    /** Returns a transaction for the table of one family. */
    public static Transaction of(IpFamily family, Operation... operations) {
        return new Transaction(List.of(new Part(family, List.of(operations))));
    }

    /** Returns whether there is no operation. */
    public boolean isEmpty() {
        return parts.stream().allMatch(part -> part.operations().isEmpty());
    }

    /** Returns the commands for {@code nft -f}. */
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            part.operations().forEach(operation -> OperationText.write(operation, part.family(), out));
        }
        return out.toString();
    }

    /**
     * Returns the operation or element to which a line of {@link #text()} belongs; empty if there is no such line. The
     * first line of an operation on elements counts as its first element, and the closing brace as its last element.
     *
     * @param line the number of the line, counted from 0
     */
    public Optional<Place> at(int line) {
        int rest = line;
        for (Part part : parts) {
            for (Operation operation : part.operations()) {
                int lines = OperationText.lines(operation);
                if (rest >= 0 && rest < lines) {
                    // Each element has its own line. These lines are between the line of the command and the line of
                    // the closing brace.
                    int element = lines < 3 ? Place.WHOLE : Math.clamp(rest - 1, 0, lines - 3);
                    return Optional.of(new Place(part.family(), operation, element));
                }
                rest -= lines;
            }
        }
        return Optional.empty();
    }
}
