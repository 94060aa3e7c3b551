package org.depozit.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The accounts that both contenders get, with the same hashes of the same password.
final class Accounts {
  static final String PASSWORD = "secret";

  /// Whose password is hashed dearly.
  static final String ARGON = "argon";

  /// Who warms a program up, and has the big mails.
  static final String SMALL = "small";

  static final int WRITERS = 16;
  static final int IDLERS = 100;

  /// 19 MiB, 2 passes, 1 lane, of the password.
  private static final String ARGON2ID =
      "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$6G4RVhNf4sYzxbGJQzsImNwnF3BnniV+nogjylwdjiA";

  private Accounts() {}

  /// Who has a mailbox of this size.
  static String of(int size) {
    return "u" + size;
  }

  static String writer(int number) {
    return "w" + number;
  }

  static String idler(int number) {
    return "i" + number % IDLERS;
  }

  /// Every account and its hash.
  static Map<String, String> hashes(List<Integer> sizes) {
    Map<String, String> hashes = new LinkedHashMap<>();
    String cheap = saltedSha256();
    sizes.forEach(size -> hashes.put(of(size), cheap));
    for (int i = 0; i < WRITERS; i++) {
      hashes.put(writer(i), cheap);
    }
    for (int i = 0; i < IDLERS; i++) {
      hashes.put(idler(i), cheap);
    }
    hashes.put(SMALL, cheap);
    hashes.put(ARGON, "{ARGON2ID}" + ARGON2ID);
    return hashes;
  }

  private static String saltedSha256() {
    try {
      byte[] salt = "saltsalt".getBytes(StandardCharsets.US_ASCII);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Octets.of(PASSWORD));
      digest.update(salt);
      return "{SSHA256}" + Base64.getEncoder().encodeToString(Octets.join(digest.digest(), salt));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
