package org.depozit.storage;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Passwords as argon2id hashes (RFC 9106) in PHC strings:
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. The parameters are OWASP's: 19 MiB, 2 passes, 1
/// lane; some 35 ms on the machine of the study. A hash made with others is checked with its own,
/// and one that came from another server as [MovedPasswords] knows.
///
/// A password is taken in NFC, so that it does not matter how a keyboard composes a letter (RFC
/// 8265 §4.2.2). One check for each two processors goes on at a time, others wait in order.
final class Passwords {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT = 16;
  private static final int HASH = 32;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private static final int AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /// Blocks of memory that checks use one after the other, and those that one works with.
  private static final int BLOCKS =
      AT_ONCE * (Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES) + 4);

  private final Semaphore permits = new Semaphore(AT_ONCE, true);

  /// The blocks: new ones for each check would be more garbage than a thousand commands make, and
  /// in the middle of a check all of it is alive. A collector that wants room takes them.
  private volatile SoftReference<FixedBlockPool> blocks = new SoftReference<>(null);

  private final SecureRandom random = new SecureRandom();

  /// What the password of an unknown user is compared with: it costs the same and never fits.
  private final String nobody =
      encoded(MEMORY_KIB, PASSES, LANES, randomOctets(SALT), randomOctets(HASH));

  /// The PHC string of a password.
  String hash(char[] password) {
    byte[] salt = randomOctets(SALT);
    byte[] hash = argon2id(password, MEMORY_KIB, PASSES, LANES, salt, HASH);
    return encoded(MEMORY_KIB, PASSES, LANES, salt, hash);
  }

  /// Whether the password is the one that was hashed; takes as long if there is no hash.
  ///
  /// @param phc the account's, empty if there is no such account
  boolean fits(char[] password, Optional<String> phc) {
    String hashed = phc.orElse(nobody);
    Matcher parts = PHC.matcher(hashed);
    if (!parts.matches()) {
      return moved(password, hashed);
    }
    byte[] salt = Base64.getDecoder().decode(parts.group(4));
    byte[] expected = Base64.getDecoder().decode(parts.group(5));
    byte[] hash =
        argon2id(
            password,
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)),
            salt,
            expected.length);
    return MessageDigest.isEqual(hash, expected) && phc.isPresent();
  }

  /// Whether a hash is one that [#hash] could have made.
  boolean current(String hash) {
    Matcher parts = PHC.matcher(hash);
    return parts.matches()
        && Integer.parseInt(parts.group(1)) >= MEMORY_KIB
        && Integer.parseInt(parts.group(2)) >= PASSES;
  }

  private boolean moved(char[] password, String hash) {
    boolean dear = MovedPasswords.dear(hash);
    byte[] octets = octets(password);
    if (dear) {
      permits.acquireUninterruptibly();
    }
    try {
      return MovedPasswords.fits(octets, hash);
    } finally {
      if (dear) {
        permits.release();
      }
      Arrays.fill(octets, (byte) 0);
    }
  }

  private byte[] argon2id(
      char[] password, int memory, int passes, int lanes, byte[] salt, int length) {
    byte[] octets = octets(password);
    permits.acquireUninterruptibly();
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memory)
              .withIterations(passes)
              .withParallelism(lanes)
              .withSalt(salt)
              .withBlockPool(blocks())
              .build());
      byte[] hash = new byte[length];
      generator.generateBytes(octets, hash);
      return hash;
    } finally {
      permits.release();
      Arrays.fill(octets, (byte) 0);
    }
  }

  private FixedBlockPool blocks() {
    FixedBlockPool pool = blocks.get();
    if (pool == null) {
      pool = new FixedBlockPool(BLOCKS);
      blocks = new SoftReference<>(pool);
    }
    return pool;
  }

  private static byte[] octets(char[] password) {
    CharBuffer composed =
        isAscii(password)
            ? CharBuffer.wrap(password)
            : CharBuffer.wrap(Normalizer.normalize(CharBuffer.wrap(password), Normalizer.Form.NFC));
    ByteBuffer buffer = ByteBuffer.allocate(composed.length() * 3);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(composed, buffer, true);
    byte[] octets = Arrays.copyOf(buffer.array(), buffer.position());
    Arrays.fill(buffer.array(), (byte) 0);
    return octets;
  }

  private static boolean isAscii(char[] password) {
    for (char c : password) {
      if (c >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private byte[] randomOctets(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  private static String encoded(int memory, int passes, int lanes, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + memory
        + ",t="
        + passes
        + ",p="
        + lanes
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }
}
