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
 * A setting of the kernel: a number in a file under /proc or /sys.
 *
 * @param name the name for messages: "net.netfilter.nf_conntrack_max"
 * @param file the file
 * @param value the value to set
 * @param reason the purpose of the setting, as words that follow "needed for" in a message
 */
record Setting(String name, Path file, long value, String reason) {
    /** The result of applying a setting. */
    sealed interface Result {
        /** The setting already had the value. */
        record AsItWas() implements Result {}

        /**
         * The setting had another value, which was replaced.
         *
         * @param before the old value
         */
        record Written(String before) implements Result {}

        /** The setting could not be read or written. The message is one sentence for an operator. */
        record Failed(String message) implements Result {}
    }

    /**
     * Returns the setting for a sysctl.
     *
     * @param proc the folder where the proc file system is mounted
     */
    static Setting sysctl(Path proc, String name, long value, String reason) {
        return new Setting(name, proc.resolve("sys").resolve(name.replace('.', '/')), value, reason);
    }

    /**
     * Writes the value if the current value differs. Therefore a read-only /proc is not an error if the value is
     * already right.
     */
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
