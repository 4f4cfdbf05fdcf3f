package io.fairlead.agent.sysctl;

import io.fairlead.linux.sysctl.KernelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * One number in a file under /proc or /sys.
 *
 * @param name the name for an operator: "net.netfilter.nf_conntrack_max"
 * @param file the file
 * @param value the value to set
 * @param reason its purpose, as a clause after "needed for"
 */
record Setting(String name, Path file, long value, String reason) {
    /** The result of applying a setting. */
    sealed interface Result {
        /** It had this value already. */
        record AsItWas() implements Result {}

        /** It had another value, which was replaced. */
        record Written(String before) implements Result {}

        /** It still has another value; the message is one sentence for an operator. */
        record Failed(String message) implements Result {}
    }

    /** Returns a sysctl below this /proc. */
    static Setting sysctl(Path proc, String name, long value, String reason) {
        return new Setting(name, proc.resolve("sys").resolve(name.replace('.', '/')), value, reason);
    }

    /** Writes the value only if it differs, so that a read-only /proc with the right value is no problem. */
    Result apply() {
        String before;
        try {
            before = KernelFile.read(file);
        } catch (NoSuchFileException _) {
            return new Result.Failed(
                    "there is no " + file + " (is the kernel module loaded?); it is needed for " + reason);
        } catch (IOException e) {
            return new Result.Failed("cannot read " + file + ": " + describe(e));
        }
        if (before.equals(Long.toString(value))) {
            return new Result.AsItWas();
        }
        try {
            Files.writeString(
                    file,
                    value + "\n",
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
            return new Result.Written(before);
        } catch (IOException e) {
            return new Result.Failed("cannot set " + name + " from " + before + " to " + value + " (needed for "
                    + reason
                    + "): " + describe(e) + "; set it on the node beforehand, or start once with --init-only in a"
                    + " privileged init container");
        }
    }

    private static String describe(IOException e) {
        String reason = e instanceof FileSystemException at && at.getReason() != null
                ? at.getReason()
                : String.valueOf(e.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("read-only")) {
            return "the file system is read-only (the container is not privileged)";
        }
        return e instanceof AccessDeniedException ? "permission denied" : reason;
    }
}
