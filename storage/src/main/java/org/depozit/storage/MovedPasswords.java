package org.depozit.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Checks passwords against the hashes that accounts brought along from another server
/// ([PasswordHash]). Digests are compared in constant time.
final class MovedPasswords {
  /// What bcrypt reads of a password; more is left out by all who hash with it.
  private static final int BCRYPT_OCTETS = 72;

  private MovedPasswords() {}

  /// Whether checking burns processor time, so that it wants a permit.
  static boolean dear(String hash) {
    return hash.startsWith("$");
  }

  /// Whether the password is the one that was hashed; no, if the hash is of no known scheme.
  ///
  /// @param password UTF-8; not changed
  static boolean fits(byte[] password, String hash) {
    if (PasswordHash.salted(hash)) {
      return salted(password, hash);
    }
    if (PasswordHash.shaCrypt(hash)) {
      return same(shaCrypt(password.clone(), hash), hash);
    }
    return PasswordHash.bcrypt(hash)
        && OpenBSDBCrypt.checkPassword(
            hash, Arrays.copyOf(password, Math.min(password.length, BCRYPT_OCTETS)));
  }

  private static String shaCrypt(byte[] password, String hash) {
    return hash.startsWith("$5$")
        ? Sha2Crypt.sha256Crypt(password, hash)
        : Sha2Crypt.sha512Crypt(password, hash);
  }

  private static boolean salted(byte[] password, String hash) {
    int close = hash.indexOf('}');
    boolean wide = hash.startsWith("{SSHA512}");
    int length = wide ? 64 : 32;
    byte[] both = Base64.getDecoder().decode(hash.substring(close + 1));
    if (both.length < length) {
      return false;
    }
    MessageDigest digest = digest(wide ? "SHA-512" : "SHA-256");
    digest.update(password);
    digest.update(both, length, both.length - length);
    return MessageDigest.isEqual(digest.digest(), Arrays.copyOf(both, length));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
