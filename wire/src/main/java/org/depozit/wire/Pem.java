package org.depozit.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
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
    try (Reader text = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(text)) {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
        if (one instanceof X509CertificateHolder certificate) {
          try (InputStream octets = new ByteArrayInputStream(certificate.getEncoded())) {
            found.add((X509Certificate) x509.generateCertificate(octets));
          }
        }
      }
    } catch (GeneralSecurityException | PEMException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IOException(file + ": holds no certificate");
    }
    return found;
  }

  /// The first private key of a file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted.
  static PrivateKey privateKey(Path file) throws IOException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (Reader text = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(text)) {
      for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
        if (one instanceof PrivateKeyInfo key) {
          return converter.getPrivateKey(key);
        }
        if (one instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        }
      }
    } catch (PEMException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    throw new IOException(file + ": holds no private key that is not encrypted");
  }

  /// Signs and verifies a few octets, since a key beside the wrong certificate is found by the
  /// first client otherwise.
  static void requirePair(
      X509Certificate certificate, PrivateKey key, Path certificateFile, Path keyFile)
      throws IOException {
    boolean belongs;
    try {
      String algorithm =
          switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
          };
      byte[] octets = new byte[32];
      new SecureRandom().nextBytes(octets);
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(octets);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(octets);
      belongs = signature.verify(signed);
    } catch (GeneralSecurityException _) {
      belongs = false;
    }
    if (!belongs) {
      throw new IOException(keyFile + ": not the key of the certificate in " + certificateFile);
    }
  }
}
