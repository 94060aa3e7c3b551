package org.depozit.wire;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes a certificate for a server that was given none.
final class SelfSigned {
  private static final Duration VALID = Duration.ofDays(3652);

  private SelfSigned() {}

  /// Writes a new key and its certificate, the certificate last: where that exists, both are whole.
  static void write(Path certificate, Path key, String hostName) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      // A machine may bear a name that no DNS could hold.
      String name = hostName.matches("[A-Za-z0-9.-]{1,64}") ? hostName : "localhost";
      X509CertificateHolder signed = signed(pair, name);
      write(key, new JcaPKCS8Generator(pair.getPrivate(), null));
      write(certificate, signed);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no self-signed certificate: " + e.getMessage(), e);
    }
  }

  private static X509CertificateHolder signed(KeyPair pair, String hostName)
      throws IOException, OperatorCreationException {
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, hostName).build();
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, new SecureRandom()),
            // A day back, for clients whose clock is behind.
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(VALID)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.subjectAlternativeName, false, names(hostName));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
  }

  private static GeneralNames names(String hostName) {
    Set<GeneralName> names = new LinkedHashSet<>();
    names.add(new GeneralName(GeneralName.dNSName, hostName));
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    names.add(new GeneralName(GeneralName.iPAddress, "::1"));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static void write(Path file, Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(object);
    }
    Path partial = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(partial);
    try (Writer writer =
        Channels.newWriter(
            Files.newByteChannel(
                partial,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
            StandardCharsets.US_ASCII)) {
      writer.write(text.toString());
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
