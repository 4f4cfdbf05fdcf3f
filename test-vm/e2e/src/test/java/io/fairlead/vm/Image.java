package io.fairlead.vm;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** The container image that scripts/build-image made. */
final class Image {
    static final Path ARCHIVE = Path.of("../../target/fairlead-image-amd64.tar");

    /** What Docker knows it by once it is loaded. */
    static final String NAME = "fairlead:" + System.getProperty("fairlead.version");

    private Image() {}

    /** Gives it to Docker. */
    static void load() {
        DockerClient docker = DockerClientFactory.instance().client();
        try (InputStream archive = Files.newInputStream(ARCHIVE)) {
            docker.loadImageCmd(archive).exec();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
