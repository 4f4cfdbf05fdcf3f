package io.fairlead.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final String PROXY = "http://10.9.9.9:3128";

    private static Optional<URI> proxy(String server, Map<String, String> environment) {
        Remarks remarks = new Remarks();
        Optional<URI> proxy = Proxies.ofEnvironment(URI.create(server), environment, remarks);
        remarks.check();
        return proxy;
    }

    @Test
    void readsTheVariableOfTheScheme() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", PROXY, "http_proxy", "10.9.9.8:3128");
        assertThat(proxy("https://10.0.0.1", environment)).contains(URI.create(PROXY));
        assertThat(proxy("http://10.0.0.1", environment)).contains(URI.create("http://10.9.9.8:3128"));
        assertThat(proxy("https://10.0.0.1", Map.of("HTTP_PROXY", PROXY))).isEmpty();
        assertThat(proxy("https://10.0.0.1", Map.of("HTTPS_PROXY", "", "https_proxy", "socks5h://a:1080")))
                .contains(URI.create("socks5://a:1080"));
    }

    @Test
    void refusesOtherSchemes() {
        assertThatThrownBy(() -> proxy("https://10.0.0.1", Map.of("HTTPS_PROXY", "ftp://a")))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("HTTPS_PROXY is not the address of a proxy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://localhost:6443      | ''                       | false
            https://127.0.0.1:6443      | ''                       | false
            https://[::1]:6443          | ''                       | false
            https://10.0.0.1:6443       | ''                       | true
            https://10.0.0.1:6443       | *                        | false
            https://10.0.0.1:6443       | '10.0.0.2, 10.0.0.1'     | false
            https://10.0.0.1:6443       | 10.0.0.0/8               | false
            https://10.0.0.1:6443       | 10.0.0.0/33              | true
            https://11.0.0.1:6443       | 10.0.0.0/8               | true
            https://[fd00::1]:6443      | fd00::/8                 | false
            https://[fd00::1]:6443      | fd00::1                  | false
            https://[fd00::1]:6443      | [fd00::1]:6443           | false
            https://[fd00::1]:6443      | [fd00::1]:443            | true
            https://10.0.0.1:6443       | 10.0.0.1:6443            | false
            https://10.0.0.1            | 10.0.0.1:443             | false
            https://10.0.0.1:6443       | 10.0.0.1:443             | true
            https://API.example.com     | example.com              | false
            https://example.com         | example.com              | false
            https://example.com         | .example.com             | true
            https://api.example.com     | .example.com             | false
            https://example.com         | *.example.com            | true
            https://api.example.com     | *.EXAMPLE.com            | false
            https://notexample.com      | example.com              | true
            https://api.example.com     | example.com:6443         | true
            https://api.example.com     | ,                        | true
            """)
    void connectsDirectlyToServersOfNoProxy(String server, String exceptions, boolean proxied) {
        assertThat(proxy(server, Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", exceptions))
                        .isPresent())
                .isEqualTo(proxied);
    }
}
