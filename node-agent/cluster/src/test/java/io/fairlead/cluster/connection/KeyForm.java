package io.fairlead.cluster.connection;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A client certificate with its key in one format.
 *
 * @param name the name in test reports
 */
record KeyForm(String name, Issued issued, String key) {

    /** Returns all kinds of keys, each in all formats that OpenSSL writes. */
    static Stream<KeyForm> all(TestAuthority authority) {
        return Arrays.stream(KeyKind.values()).flatMap(kind -> {
            Issued issued = authority.client(kind, "client", 0x1234);
            Stream<KeyForm> forms = Stream.of(new KeyForm(kind + " PKCS#8", issued, issued.pkcs8()));
            if (kind == KeyKind.RSA) {
                forms = Stream.concat(forms, Stream.of(new KeyForm("RSA PKCS#1", issued, issued.traditional())));
            }
            if (kind.isElliptic()) {
                forms = Stream.concat(
                        forms,
                        Stream.of(
                                new KeyForm(kind + " SEC 1", issued, issued.traditional()),
                                new KeyForm(
                                        kind + " SEC 1 after parameters",
                                        issued,
                                        issued.parameters() + issued.traditional()),
                                new KeyForm(
                                        kind + " PKCS#8 after parameters",
                                        issued,
                                        issued.parameters() + issued.pkcs8())));
            }
            return forms;
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
