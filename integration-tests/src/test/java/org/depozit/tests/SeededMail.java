package org.depozit.tests;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// Mail that can be made again from its seed, which stands in its first line: whoever reads a
/// message knows what it should be.
final class SeededMail {
  private static final String FIRST = "X-Seed: ";
  private static final int SMALL = 4_000;
  private static final int LARGE = 200_000;

  private SeededMail() {}

  /// The message of a seed: a few kilobytes, one in twenty up to 200 KB; some lines begin with a
  /// dot.
  static String of(long seed) {
    Random random = new Random(seed);
    StringBuilder mail = new StringBuilder(FIRST).append(seed).append("\r\n");
    mail.append("From: Cristi <cristi@example.org>\r\nTo: ana@example.org\r\nSubject: mail ")
        .append(seed)
        .append("\r\n\r\n");
    int size = random.nextInt(random.nextInt(20) == 0 ? LARGE : SMALL);
    while (mail.length() < size) {
      mail.append(random.nextInt(8) == 0 ? "." : "").append(random.nextLong()).append("\r\n");
    }
    return mail.toString();
  }

  /// What stands below the trace headers of a message that was served.
  static String belowTheTrace(String served) {
    int start = served.startsWith(FIRST) ? 0 : served.indexOf("\r\n" + FIRST) + 2;
    if (start == 1) {
      throw new AssertionError("not of a seed: " + served);
    }
    return served.substring(start);
  }

  /// The seed that a message tells.
  static long seed(String belowTheTrace) {
    return Long.parseLong(belowTheTrace.substring(FIRST.length(), belowTheTrace.indexOf('\r')));
  }

  /// The SHA-256 of a text of octets, in hexadecimal.
  static String sha256(String octets) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(octets.getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
