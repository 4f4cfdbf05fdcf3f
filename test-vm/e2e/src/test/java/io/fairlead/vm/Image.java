package io.fairlead.vm;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** The container image that scripts/build-image built. */
final class Image {
    static final Path ARCHIVE = Path.of("../../target/fairlead-image-amd64.tar");

    /** The image's name in Docker after it is loaded. */
    static final String NAME = "fairlead:" + System.getProperty("fairlead.version");

    private Image() {}

    /** Loads the image into Docker. */
    static void load() {
        DockerClient docker = DockerClientFactory.instance().client();
        try (InputStream archive = Files.newInputStream(ARCHIVE)) {
            docker.loadImageCmd(archive).exec();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
