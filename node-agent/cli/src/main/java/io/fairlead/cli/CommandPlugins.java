package io.fairlead.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Loads plug-ins with commands that are not part of the product. They are in the jars of a folder; the launcher script
 * of a source checkout sets the folder. The plug-ins have their own class loader, because the class path must be the
 * same as when the JVM's ahead-of-time cache was recorded.
 */
final class CommandPlugins {
    /** The system property whose value is the folder with the jars. If it is not set, there are no plug-ins. */
    private static final String FOLDER = "fairlead.plugins";

    private CommandPlugins() {}

    static List<CommandPlugin> load() {
        String folder = System.getProperty(FOLDER, "");
        if (folder.isEmpty()) {
            return List.of();
        }
        // The class loader stays open until the process ends, because the commands need it.
        URLClassLoader jars =
                new URLClassLoader("plugins", jars(Path.of(folder)), CommandPlugin.class.getClassLoader());
        return ServiceLoader.load(CommandPlugin.class, jars).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static URL[] jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(CommandPlugins::url)
                    .toArray(URL[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read plug-ins from " + folder, e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
