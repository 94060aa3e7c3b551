package org.depozit.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// A server's certificate and key, from PEM files, and the TLS that is spoken with them: 1.2 and
/// 1.3 (RFC 8314 §4, RFC 8996).
///
/// Each handshake takes the keys of that moment, so that [#reload()] serves a renewed certificate
/// without a restart, and sessions that are open go on. Any thread may call.
public final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final int CACHED_SESSIONS = 1024;
  private static final Duration SESSION_TIME = Duration.ofHours(1);

  static {
    // A client that renegotiates without end costs a server its processors (CVE-2011-1473); no mail
    // client needs it. The JDK looks at this when TLS is first used.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private final Path certificates;
  private final Path key;
  private volatile SSLContext context;

  private Tls(Path certificates, Path key) throws IOException {
    this.certificates = certificates;
    this.key = key;
    this.context = read(certificates, key);
  }

  /// TLS with keys of one's own.
  ///
  /// @param certificates PEM: the server's certificate, then those that lead to its root
  /// @param key PEM, not encrypted: PKCS#8, PKCS#1 or SEC 1; may be the same file
  /// @throws IOException if a file cannot be read, holds something else, or the two do not belong
  ///   together; the message names the file
  public static Tls of(Path certificates, Path key) throws IOException {
    return new Tls(certificates, key);
  }

  /// TLS with a self-signed certificate, which is made at the first call and kept, with its key, in
  /// `tls-certificate.pem` and `tls-key.pem` (mode 0600). Good for ten years, for `localhost`, the
  /// loopback addresses, and the host's name.
  ///
  /// @param directory the data directory; it exists
  /// @param hostName the name that clients use
  public static Tls selfSigned(Path directory, String hostName) throws IOException {
    Path certificate = directory.resolve("tls-certificate.pem");
    Path key = directory.resolve("tls-key.pem");
    if (!Files.exists(certificate)) {
      SelfSigned.write(certificate, key, hostName);
    }
    return new Tls(certificate, key);
  }

  /// Reads the files again.
  ///
  /// @throws IOException as [#of(Path, Path)]; the old keys then stay in use
  public void reload() throws IOException {
    context = read(certificates, key);
  }

  /// The keys in use. To be asked for at each handshake, not kept.
  public SSLContext context() {
    return context;
  }

  /// The server's side of a connection; the handshake is still to come.
  SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLContext read(Path certificates, Path key) throws IOException {
    List<X509Certificate> chain = Pem.certificates(certificates);
    PrivateKey secret = Pem.privateKey(key);
    Pem.requirePair(chain.getFirst(), secret, certificates, key);
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      char[] none = new char[0];
      store.setKeyEntry("server", secret, none, chain.toArray(X509Certificate[]::new));
      // Its keys stay decrypted; PKIX, made for stores that change, decrypts one at each handshake.
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(store, none);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys.getKeyManagers(), null, new SecureRandom());
      made.getServerSessionContext().setSessionCacheSize(CACHED_SESSIONS);
      made.getServerSessionContext().setSessionTimeout((int) SESSION_TIME.toSeconds());
      return made;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificates + ": no use for TLS: " + e.getMessage(), e);
    }
  }
}
