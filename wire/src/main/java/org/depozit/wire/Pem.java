package org.depozit.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Certificates and keys in PEM files (RFC 7468), in whichever of the three forms tools write keys.
final class Pem {
  private static final Pattern CERTIFICATE = block("(?:X509 )?CERTIFICATE");
  private static final Pattern PKCS8 = block("PRIVATE KEY");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private Pem() {}

  private static Pattern block(String label) {
    return Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----");
  }

  /// The certificates of a file, in its order, at least one.
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    Matcher blocks = CERTIFICATE.matcher(text(file));
    while (blocks.find()) {
      found.add(certificate(decoded(blocks.group(1), file), file));
    }
    if (found.isEmpty()) {
      throw new IOException(file + ": holds no certificate");
    }
    return found;
  }

  private static X509Certificate certificate(byte[] der, Path file) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// The first private key of a file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted. The first
  /// form, which most tools write, is the JDK's own; for the others a library is loaded.
  static PrivateKey privateKey(Path file) throws IOException {
    Matcher block = PKCS8.matcher(text(file));
    if (block.find()) {
      return privateKey(new PKCS8EncodedKeySpec(decoded(block.group(1), file)), file);
    }
    for (Object one : objects(file)) {
      if (one instanceof PEMKeyPair pair) {
        return privateKey(pair.getPrivateKeyInfo(), file);
      }
    }
    throw new IOException(file + ": holds no private key that is not encrypted");
  }

  private static PrivateKey privateKey(PKCS8EncodedKeySpec key, Path file) throws IOException {
    GeneralSecurityException last = new GeneralSecurityException("no key");
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new IOException(file + ": holds no private key of a known kind", last);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static byte[] decoded(String base64, Path file) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(PrivateKeyInfo key, Path file) throws IOException {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(key);
    } catch (PEMException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// What stands in a file between its BEGIN and END lines.
  private static List<Object> objects(Path file) throws IOException {
    List<Object> found = new ArrayList<>();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        PEMParser parser = new PEMParser(text)) {
      for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
        found.add(one);
      }
      return found;
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The parser meets some nonsense with a runtime exception.
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Signs and verifies a few octets, since a key beside the wrong certificate is found by the
  /// first client otherwise.
  static void requirePair(
      X509Certificate certificate, PrivateKey key, Path certificateFile, Path keyFile)
      throws IOException {
    if (!belongTogether(certificate, key)) {
      throw new IOException(keyFile + ": not the key of the certificate in " + certificateFile);
    }
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    byte[] octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    try {
      Signature signature = Signature.getInstance(signatureOf(key));
      signature.initSign(key);
      signature.update(octets);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(octets);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
