package io.fairlead.ui;

import io.fairlead.agent.serve.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests the page answers. A server that listens on a loopback address answers every user of the node,
 * unless there is a token. A server that listens on another address answers only requests with the token.
 *
 * @param loopback whether the server listens on a loopback address only
 * @param tokenFile the file with the token; null if there is none. It is read at each request, so that a token can be
 *     replaced while the agent runs
 */
public record Access(boolean loopback, @Nullable Path tokenFile) {
    /** The least length of a token. Shorter tokens could be guessed, because the number of requests is not limited. */
    static final int SHORTEST_TOKEN = 16;

    private static final long LONGEST_FILE = 4_096;

    /** Returns why no request can be answered with this configuration; empty if requests can be answered. */
    public Optional<String> problem() {
        if (tokenFile == null) {
            return loopback
                    ? Optional.empty()
                    : Optional.of("metricsBindAddress is not a loopback address, and there is no --ui-token-file");
        }
        try {
            return token(tokenFile).length() < SHORTEST_TOKEN
                    ? Optional.of("the token in " + tokenFile + " is shorter than " + SHORTEST_TOKEN + " characters")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot read " + tokenFile + ": " + e.getClass().getSimpleName());
        }
    }

    /** Returns the answer that refuses a request; empty if the request may be answered. */
    Optional<Page> refusal(Page.Request request) {
        if (tokenFile == null && loopback) {
            return isLocalName(request.host())
                    ? Optional.empty()
                    : Optional.of(Page.text(
                            403,
                            "the header Host must be localhost or a loopback address, because a page of another site"
                                    + " could otherwise read this one through the browser\n"));
        }
        return hasToken(request.authorization())
                ? Optional.empty()
                : Optional.of(
                        Page.text(401, "this page needs the token of --ui-token-file as the password, with any name\n")
                                .with("WWW-Authenticate", "Basic realm=\"Fairlead\", charset=\"UTF-8\""));
    }

    private boolean hasToken(String authorization) {
        String given = password(authorization);
        if (tokenFile == null || given.isEmpty()) {
            return false;
        }
        try {
            String token = token(tokenFile);
            return token.length() >= SHORTEST_TOKEN
                    && MessageDigest.isEqual(
                            token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            return false;
        }
    }

    private static String token(Path file) throws IOException {
        if (Files.size(file) > LONGEST_FILE) {
            throw new IOException("too long");
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    /** Returns the token of "Bearer TOKEN", or the password of "Basic ..."; "" for anything else. */
    private static String password(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return "";
        }
        String rest = authorization.substring(space + 1).strip();
        return switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "bearer" -> rest;
            case "basic" -> ofBasic(rest);
            default -> "";
        };
    }

    private static String ofBasic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    /** Returns whether the header Host, "name" or "name:port", names the loopback interface. */
    private static boolean isLocalName(String host) {
        return host.matches("(?i)(localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1])(:[0-9]{1,5})?");
    }
}
