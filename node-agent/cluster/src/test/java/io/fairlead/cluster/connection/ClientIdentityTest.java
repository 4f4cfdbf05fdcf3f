package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class ClientIdentityTest {
    private final TestAuthority authority = TestAuthority.make("clients");
    private final Issued client = authority.client(KeyKind.P256, "client", 7);

    private static ClientIdentity read(String certificate, String key) throws CredentialException {
        return ClientIdentity.read(certificate, "me.crt", key, "me.key");
    }

    static Stream<KeyForm> forms() {
        return KeyForm.all(TestAuthority.make("clients"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void readsEveryKindOfKeyInEveryForm(KeyForm form) throws CredentialException {
        ClientIdentity identity = read(form.issued().certificatePem(), form.key());
        assertThat(identity.key().getAlgorithm()).isEqualTo(form.issued().key().getAlgorithm());
        assertThat(identity.chain()).containsExactly(form.issued().certificate());
    }

    @Test
    void readsCertificateAndKeyFromOneTextInAnyOrder() throws CredentialException {
        String certificateFirst = client.certificatePem() + client.pkcs8();
        String keyFirst = "a note\n" + client.traditional() + "another: note\n" + client.certificatePem();
        assertThat(read(certificateFirst, certificateFirst).chain()).containsExactly(client.certificate());
        assertThat(read(keyFirst, keyFirst).chain()).containsExactly(client.certificate());
    }

    @Test
    void keepsTheWholeChain() throws CredentialException {
        assertThat(read(client.certificatePem() + authority.pem(), client.pkcs8())
                        .chain())
                .containsExactly(client.certificate(), authority.certificate());
    }

    @Test
    void skipsOtherBlocks() throws CredentialException {
        String other = Issued.pem("X509 CRL", new byte[] {1, 2}) + "-----BEGIN PRIVATE KEY-----\ncut off\n";
        assertThat(read(other + client.certificatePem(), other + client.pkcs8()).key())
                .isEqualTo(client.key());
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        Issued sameKind = authority.client(KeyKind.P256, "other", 8);
        Issued otherKind = authority.client(KeyKind.RSA, "other", 9);
        assertThatThrownBy(() -> read(client.certificatePem(), sameKind.pkcs8()))
                .hasMessage("me.key is not the key for the certificate in me.crt");
        assertThatThrownBy(() -> read(client.certificatePem(), otherKind.traditional()))
                .hasMessage("me.key (RSA PRIVATE KEY) is not a key for the certificate, whose key is of type EC");
    }

    @Test
    void reportsWhatIsMissingOrUnreadable() {
        assertThatThrownBy(() -> read(client.pkcs8(), client.pkcs8()))
                .hasMessage("me.crt has no PEM block CERTIFICATE");
        assertThatThrownBy(() -> read(client.certificatePem(), client.certificatePem()))
                .hasMessage("me.key has no PEM block PRIVATE KEY");
        assertThatThrownBy(() -> read(Issued.pem("CERTIFICATE", new byte[] {1, 2, 3}), client.pkcs8()))
                .hasMessageContaining("me.crt has a certificate that cannot be read");
    }

    @Test
    void refusesEncryptedKeysAndSaysSo() {
        String modern = Issued.pem("ENCRYPTED PRIVATE KEY", new byte[] {1});
        String old = """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """;
        assertThatThrownBy(() -> read(client.certificatePem(), modern)).hasMessageContaining("me.key is encrypted");
        assertThatThrownBy(() -> read(client.certificatePem(), old)).hasMessageContaining("me.key is encrypted");
    }

    @Test
    void refusesGarbageInsideAKey() {
        for (byte[] content :
                new byte[][] {{}, {0x30}, {0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff}}) {
            assertThatThrownBy(() -> read(client.certificatePem(), Issued.pem("EC PRIVATE KEY", content)))
                    .isInstanceOf(CredentialException.class)
                    .hasMessageContaining("is not a key for the certificate");
        }
    }
}
