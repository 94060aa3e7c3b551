package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTests {
  private static final Service GREETING = connection -> connection.output().line("hello");

  @TempDir Path directory;

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static X509Certificate shown(TestServer server) throws IOException {
    try (Peer peer = server.connect()) {
      peer.startTls();
      assertThat(peer.line()).isEqualTo("hello");
      return peer.certificate();
    }
  }

  private static TestServer server(Tls tls) throws IOException {
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    return TestServer.of(endpoint, Limits.DEFAULTS, GREETING);
  }

  @Test
  void theSelfSignedCertificateNamesTheHostAndLastsTenYears() throws Exception {
    Tls tls = Tls.selfSigned(directory, "mail.example.org");
    try (TestServer server = server(tls)) {
      X509Certificate certificate = shown(server);
      assertThat(certificate.getSubjectAlternativeNames())
          .extracting(name -> name.get(1).toString())
          .contains("mail.example.org", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
      Date nineYears = Date.from(Instant.now().plus(Duration.ofDays(9 * 365)));
      certificate.checkValidity(nineYears);
      certificate.verify(certificate.getPublicKey());
    }
  }

  @Test
  void theSelfSignedCertificateIsKeptAndItsKeyIsForItsOwnerOnly() throws IOException {
    byte[] first = Files.readAllBytes(keep("one"));
    assertThat(Files.readAllBytes(keep("two"))).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls-key.pem"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  private Path keep(String hostName) throws IOException {
    assertThat(Tls.selfSigned(directory, hostName).context()).isNotNull();
    return file("tls-certificate.pem");
  }

  @Test
  void aHostNameThatNoDnsCouldHoldDoesNoHarm() throws IOException {
    try (TestServer server = server(Tls.selfSigned(directory, "ana's\nlaptop ș"))) {
      assertThat(shown(server).getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
    }
  }

  @Test
  void keysAreReadInEachFormThatToolsWrite() throws Exception {
    Path one = Files.createDirectory(file("ec"));
    Tls.selfSigned(one, "localhost");
    PrivateKey ec = Pem.privateKey(one.resolve("tls-key.pem"));
    BigInteger secret = ((java.security.interfaces.ECPrivateKey) ec).getS();
    byte[] sec1 = new ECPrivateKey(256, secret, SECObjectIdentifiers.secp256r1).getEncoded();
    write("sec1.pem", new PemObject("EC PRIVATE KEY", sec1));
    assertThat(Pem.privateKey(file("sec1.pem")))
        .asInstanceOf(InstanceOfAssertFactories.type(java.security.interfaces.ECPrivateKey.class))
        .extracting(java.security.interfaces.ECPrivateKey::getS)
        .isEqualTo(secret);

    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey rsa = generator.generateKeyPair().getPrivate();
    write("pkcs1.pem", new JcaMiscPEMGenerator(rsa));
    assertThat(Files.readString(file("pkcs1.pem"))).contains("BEGIN RSA PRIVATE KEY");
    assertThat(Pem.privateKey(file("pkcs1.pem")).getEncoded()).isEqualTo(rsa.getEncoded());
  }

  private void write(String name, Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(object);
    }
    Files.writeString(file(name), text.toString());
  }

  @Test
  void certificateAndKeyMayShareAFile() throws IOException {
    Tls.selfSigned(directory, "localhost");
    Files.writeString(
        file("both.pem"),
        "a comment that tools write\n"
            + Files.readString(file("tls-key.pem"))
            + Files.readString(file("tls-certificate.pem")));
    try (TestServer server = server(Tls.of(file("both.pem"), file("both.pem")))) {
      assertThat(shown(server)).isNotNull();
    }
  }

  @Test
  void faultsNameTheFile() throws IOException, GeneralSecurityException {
    Path other = Files.createDirectory(file("other"));
    Tls.selfSigned(directory, "localhost");
    Tls.selfSigned(other, "localhost");
    Path certificate = file("tls-certificate.pem");
    Path key = file("tls-key.pem");
    Path strange = Files.writeString(file("strange.pem"), "hello\n");
    Path broken = Files.writeString(file("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
    Path garbage =
        Files.writeString(
            file("garbage.pem"),
            """
            -----BEGIN CERTIFICATE-----
            AAAA
            -----END CERTIFICATE-----
            -----BEGIN PRIVATE KEY-----
            MAMCAQA=
            -----END PRIVATE KEY-----
            """);
    Path missing = file("missing.pem");

    assertFault(certificate, other.resolve("tls-key.pem"), "other/tls-key.pem: not the key");
    assertFault(strange, key, "strange.pem: holds no certificate");
    assertFault(certificate, strange, "strange.pem: holds no private key");
    assertFault(certificate, certificate, "tls-certificate.pem: holds no private key");
    assertFault(broken, key, "broken.pem");
    assertFault(garbage, key, "garbage.pem");
    assertFault(certificate, garbage, "garbage.pem");
    assertFault(missing, key, "missing.pem");
  }

  private static void assertFault(Path certificate, Path key, String message) {
    assertThatThrownBy(() -> Tls.of(certificate, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aRenewedCertificateIsServedAfterAReload() throws IOException {
    Path renewed = Files.createDirectory(file("renewed"));
    Tls tls = Tls.selfSigned(directory, "old.example.org");
    Tls.selfSigned(renewed, "new.example.org");
    try (TestServer server = server(tls)) {
      assertThat(shown(server).getSubjectX500Principal().getName()).isEqualTo("CN=old.example.org");
      Files.writeString(file("tls-certificate.pem"), "half a file");
      assertThatThrownBy(tls::reload).isInstanceOf(IOException.class);
      assertThat(shown(server).getSubjectX500Principal().getName()).isEqualTo("CN=old.example.org");
      for (String name : List.of("tls-certificate.pem", "tls-key.pem")) {
        Files.copy(renewed.resolve(name), file(name), StandardCopyOption.REPLACE_EXISTING);
      }
      tls.reload();
      assertThat(shown(server).getSubjectX500Principal().getName()).isEqualTo("CN=new.example.org");
    }
  }
}
