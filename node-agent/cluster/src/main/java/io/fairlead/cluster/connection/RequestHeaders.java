package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Impersonation;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the credential to each request. If the server answers with the HTTP status 401, the credentials are read again.
 * If they have changed, the request is sent a second time. client-go 0.37 does not send it again but leaves this to the
 * caller.
 */
final class RequestHeaders implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHeaders.class);
    private static final String TOKEN_CHARACTERS = "!#$&'*+-.^_`|~";

    private final CredentialSource login;
    private final Optional<TlsContexts> tls;
    private final Headers fixed;

    /**
     * Creates the interceptor.
     *
     * @param tls the TLS contexts of the connection; empty for a connection without TLS
     */
    RequestHeaders(CredentialSource login, Optional<TlsContexts> tls, Optional<Impersonation> impersonation) {
        this.login = login;
        this.tls = tls;
        this.fixed = fixed(impersonation);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Credential credential = credential();
        Response response = chain.proceed(with(chain.request(), credential));
        if (response.code() != HttpURLConnection.HTTP_UNAUTHORIZED || !renewed(credential)) {
            return response;
        }
        LOG.info("the API server answered 401; sending the request again with new credentials");
        close(response);
        return chain.proceed(with(chain.request(), credential()));
    }

    private Credential credential() throws CredentialException {
        Credential credential = login.current();
        tls.ifPresent(contexts -> contexts.show(credential.identity()));
        return credential;
    }

    private boolean renewed(Credential refused) {
        boolean otherFiles = tls.map(TlsContexts::reread).orElse(false);
        try {
            return login.renew(refused) || otherFiles;
        } catch (CredentialException e) {
            LOG.warn("the API server answered 401 and the credentials cannot be renewed: {}", e.getMessage());
            return otherFiles;
        }
    }

    private static void close(Response response) {
        try (ResponseBody _ = response.body()) {
            // The body is not read, because it says no more than the status.
        }
    }

    private Request with(Request request, Credential credential) {
        Request.Builder builder = request.newBuilder();
        fixed.names().forEach(builder::removeHeader);
        Headers.Builder headers = builder.build().headers().newBuilder().addAll(fixed);
        if (!credential.authorization().isEmpty()) {
            headers.set("Authorization", credential.authorization());
        }
        return builder.headers(headers.build()).build();
    }

    private static Headers fixed(Optional<Impersonation> impersonation) {
        Headers.Builder headers = new Headers.Builder();
        headers.add("User-Agent", "fairlead");
        // Compressing lists would cost the server more than it would save in the network of the cluster.
        headers.add("Accept-Encoding", "identity");
        impersonation.ifPresent(as -> {
            headers.addUnsafeNonAscii("Impersonate-User", as.user());
            if (!as.uid().isEmpty()) {
                headers.addUnsafeNonAscii("Impersonate-Uid", as.uid());
            }
            as.groups().forEach(group -> headers.addUnsafeNonAscii("Impersonate-Group", group));
            for (Map.Entry<String, List<String>> extra : as.extra().entrySet()) {
                String name = "Impersonate-Extra-" + escaped(extra.getKey());
                extra.getValue().forEach(value -> headers.addUnsafeNonAscii(name, value));
            }
        });
        return headers.build();
    }

    /**
     * Returns a key in the form in which client-go 0.37 writes it into the name of a header: bytes that the name of a
     * header cannot contain are percent-encoded.
     */
    private static String escaped(String key) {
        StringBuilder text = new StringBuilder();
        for (byte character : key.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    character > 0 && (Character.isLetterOrDigit(character) || TOKEN_CHARACTERS.indexOf(character) >= 0);
            text.append(plain ? Character.toString(character) : String.format(Locale.ROOT, "%%%02X", character & 0xff));
        }
        return text.toString();
    }
}
