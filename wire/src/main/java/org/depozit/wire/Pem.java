package org.depozit.wire;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Certificates and keys in PEM files (RFC 7468), in whichever of the three forms tools write keys.
final class Pem {
  private Pem() {}

  /// The certificates of a file, in its order, at least one.
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    for (Object one : objects(file)) {
      if (one instanceof X509CertificateHolder certificate) {
        found.add(certificate(certificate, file));
      }
    }
    if (found.isEmpty()) {
      throw new IOException(file + ": holds no certificate");
    }
    return found;
  }

  private static X509Certificate certificate(X509CertificateHolder certificate, Path file)
      throws IOException {
    try {
      return new JcaX509CertificateConverter().getCertificate(certificate);
    } catch (CertificateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// The first private key of a file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted.
  static PrivateKey privateKey(Path file) throws IOException {
    for (Object one : objects(file)) {
      if (one instanceof PrivateKeyInfo key) {
        return privateKey(key, file);
      }
      if (one instanceof PEMKeyPair pair) {
        return privateKey(pair.getPrivateKeyInfo(), file);
      }
    }
    throw new IOException(file + ": holds no private key that is not encrypted");
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
