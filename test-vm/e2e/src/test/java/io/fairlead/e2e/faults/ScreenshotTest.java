package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsChromium;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.linux.process.Command;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes screenshots of the page with a browser without a window, in light and dark, wide and narrow. The pictures are
 * in target/screenshots, for people. The test checks that the colours are light or dark, that there is text, and that
 * nothing reaches the right edge, where a page that is too wide for its window would be cut.
 */
@NeedsRoot
@NeedsChromium
@Timeout(1200)
final class ScreenshotTest {
    private static final Duration START = Duration.ofMinutes(2);
    /** The time limit of one picture. It takes a second or two; the rest is for a busy machine. */
    private static final Duration PICTURE = Duration.ofMinutes(2);

    private static final int HEIGHT = 1200;

    /** The narrowest window that Chromium 156 opens. */
    private static final int NARROW = 500;

    private static final int WIDE = 1280;

    @TempDir
    Path folder;

    @Test
    void everyPageFitsItsWindowInLightAndDark() throws IOException {
        try (FileAgent agents = new FileAgent(Way.NFTABLES, folder)) {
            agents.show(3);
            NodeProcess agent = agents.start(Way.NFTABLES.environment(), "--ui");
            Await.until(() -> agent.count(" applied: ") > 0, START, agent::log);
            Flow flow = agents.flow(IpFamily.IPV4);
            Map<String, String> pages = new TreeMap<>(Map.of(
                    "services", "/ui",
                    "service", "/ui/service?namespace=default&name=many",
                    "changes", "/ui/changes",
                    "trace", "/ui/trace?protocol=udp&from=" + flow.from() + "&to=" + flow.to() + "&port=" + flow.port(),
                    "verify", "/ui/verify?run=yes",
                    "status", "/ui/status"));
            Path target = Files.createDirectories(Path.of("target/screenshots").toAbsolutePath());
            for (Map.Entry<String, String> page : pages.entrySet()) {
                for (int width : new int[] {WIDE, NARROW}) {
                    for (boolean dark : new boolean[] {false, true}) {
                        String name = page.getKey() + "-" + width + (dark ? "-dark" : "-light");
                        Path file = target.resolve(name + ".png");
                        Files.deleteIfExists(file);
                        shoot(agents, page.getValue(), file, width, dark);
                        check(name, ImageIO.read(file.toFile()), dark);
                    }
                }
            }
            assertThat(agent.stop()).isZero();
        }
    }

    private void shoot(FileAgent agents, String path, Path file, int width, boolean dark) {
        Command chromium = Command.of(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--user-data-dir=" + folder.resolve("browser"),
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--window-size=" + width + "," + HEIGHT,
                "--screenshot=" + file,
                "http://127.0.0.1:10249" + path);
        agents.world().nodeRunner().run(chromium.withTimeout(PICTURE));
        assertThat(file).exists();
    }

    private static void check(String name, BufferedImage image, boolean dark) {
        int ground = image.getRGB(0, HEIGHT - 1);
        assertThat(brightness(ground)).as(name).matches(value -> dark ? value < 60 : value > 220);
        int text = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            assertThat(image.getRGB(image.getWidth() - 1, y))
                    .as(name + ", right edge at " + y)
                    .isEqualTo(ground);
            for (int x = 0; x < image.getWidth(); x++) {
                if (Math.abs(brightness(image.getRGB(x, y)) - brightness(ground)) > 120) {
                    text++;
                }
            }
        }
        assertThat(text).as(name + ", pixels of text").isGreaterThan(2_000);
    }

    /** Returns the brightness of a colour, 0 to 255. */
    private static int brightness(int rgb) {
        return (((rgb >> 16) & 0xff) + ((rgb >> 8) & 0xff) + (rgb & 0xff)) / 3;
    }
}
