package io.fairlead.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.serve.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path folder;

    private Access beyondLoopback(String token) throws IOException {
        return new Access(false, Files.writeString(folder.resolve("token"), token));
    }

    private static int status(Access access, String host, String authorization) {
        return access.refusal(new Page.Request("GET", "/ui", "", host, authorization, ""))
                .map(Page::status)
                .orElse(200);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:10249", "127.0.0.1:10249", "127.1.2.3", "[::1]:10249", "LOCALHOST"})
    void aLoopbackServerAnswersUsersOfTheNode(String host) {
        assertThat(status(new Access(true, null), host, "")).isEqualTo(200);
    }

    /** A page of another site may resolve its own name to 127.0.0.1. The browser then sends that name. */
    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "example.com:10249", "127.0.0.1.example.com", "localhost.example.com"})
    void aLoopbackServerRefusesOtherNames(String host) {
        assertThat(status(new Access(true, null), host, "")).isEqualTo(403);
    }

    @Test
    void aServerBeyondLoopbackNeedsTheToken() throws IOException {
        Access access = beyondLoopback(TOKEN + "\n");

        assertThat(access.problem()).isEmpty();
        assertThat(status(access, "192.0.2.1:10249", "")).isEqualTo(401);
        assertThat(status(access, "192.0.2.1:10249", "Bearer " + TOKEN)).isEqualTo(200);
        assertThat(status(access, "192.0.2.1:10249", basic("any:" + TOKEN))).isEqualTo(200);
        assertThat(status(access, "localhost", "")).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer 0123456789abcde",
                "Bearer 0123456789abcdefg",
                "Basic ***",
                "Basic ",
                "Digest 0123456789abcdef",
                "0123456789abcdef"
            })
    void refusesWhatIsNotTheToken(String authorization) throws IOException {
        assertThat(status(beyondLoopback(TOKEN), "192.0.2.1", authorization)).isEqualTo(401);
    }

    @Test
    void theAnswerAsksTheBrowserForThePassword() throws IOException {
        assertThat(beyondLoopback(TOKEN)
                        .refusal(new Page.Request("GET", "/ui", "", "192.0.2.1", "", ""))
                        .orElseThrow()
                        .headers())
                .containsEntry("WWW-Authenticate", "Basic realm=\"Fairlead\", charset=\"UTF-8\"");
    }

    @Test
    void aTokenIsAlsoNeededOnLoopbackIfThereIsOne() throws IOException {
        Access access = new Access(true, Files.writeString(folder.resolve("token"), TOKEN));

        assertThat(status(access, "localhost", "")).isEqualTo(401);
        assertThat(status(access, "localhost", "Bearer " + TOKEN)).isEqualTo(200);
    }

    @Test
    void withoutATokenAServerBeyondLoopbackRefusesEveryRequest() {
        Access access = new Access(false, null);

        assertThat(access.problem()).hasValueSatisfying(text -> assertThat(text).contains("--ui-token-file"));
        assertThat(status(access, "localhost", "Bearer " + TOKEN)).isEqualTo(401);
    }

    @Test
    void aShortTokenIsNoToken() throws IOException {
        Access access = beyondLoopback("short");

        assertThat(access.problem()).hasValueSatisfying(text -> assertThat(text).contains("shorter than 16"));
        assertThat(status(access, "192.0.2.1", "Bearer short")).isEqualTo(401);
    }

    @Test
    void aNewTokenCountsAtOnceAndAMissingFileRefuses() throws IOException {
        Access access = beyondLoopback(TOKEN);
        Files.writeString(folder.resolve("token"), "fedcba9876543210");
        assertThat(status(access, "192.0.2.1", "Bearer " + TOKEN)).isEqualTo(401);
        assertThat(status(access, "192.0.2.1", "Bearer fedcba9876543210")).isEqualTo(200);

        Files.delete(folder.resolve("token"));
        assertThat(access.problem()).hasValueSatisfying(text -> assertThat(text).contains("cannot read"));
        assertThat(status(access, "192.0.2.1", "Bearer fedcba9876543210")).isEqualTo(401);
    }
}
