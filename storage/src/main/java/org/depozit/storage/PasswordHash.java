package org.depozit.storage;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.storage.Refused.Reason;

/// A password's hash as another server wrote it, so that accounts can move over without anybody
/// choosing a new password. Known are, each with or without the scheme that Dovecot puts before it:
///
/// - `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (RFC 9106 in a PHC string), `{ARGON2ID}`
/// - `$5$salt$hash` and `$6$salt$hash`, glibc's SHA-crypt, `{SHA256-CRYPT}`, `{SHA512-CRYPT}`,
///   `{CRYPT}`
/// - `$2y$cost$…`, also `$2a$` and `$2b$`, bcrypt, `{BLF-CRYPT}`
/// - `{SSHA256}` and `{SSHA512}`, then base64 of the digest and its salt
///
/// What a hash may cost to check is bounded: 1 GiB and 20 passes, 1,000,000 rounds, cost 15.
///
/// @param text as it is kept: without a scheme where the hash tells its own
public record PasswordHash(String text) {
  private static final int LONGEST = 512;
  private static final int MEMORY_KIB = 1 << 20;
  private static final int PASSES = 20;
  private static final int ROUNDS = 1_000_000;
  private static final int COST = 15;
  private static final Pattern SCHEME = Pattern.compile("\\{([A-Za-z0-9.-]+)\\}(.+)");
  private static final Pattern ARGON2ID =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$[A-Za-z0-9+/]{11,}\\$[A-Za-z0-9+/]{16,}");
  private static final Pattern SHA_CRYPT =
      Pattern.compile(
          "\\$(?:5\\$(?:rounds=(\\d{1,9})\\$)?[^$:]{0,16}\\$[./A-Za-z0-9]{43}|6\\$(?:rounds=(\\d{1,9})\\$)?[^$:]{0,16}\\$[./A-Za-z0-9]{86})");
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final Pattern SALTED =
      Pattern.compile("\\{SSHA(?:256|512)\\}(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2,3}={0,2})?");

  /// Reads a hash as it stands in another server's file.
  ///
  /// @throws Refused CANNOT if it is of no known scheme, or too dear to check
  public static PasswordHash of(String written) {
    String text = bare(written.strip());
    if (text.length() > LONGEST || !known(text)) {
      throw new Refused(Reason.CANNOT, "Not a password hash of a known scheme and bearable cost");
    }
    return new PasswordHash(text);
  }

  private static String bare(String written) {
    Matcher scheme = SCHEME.matcher(written);
    if (!scheme.matches()) {
      return written;
    }
    String name = scheme.group(1).toUpperCase(Locale.ROOT).replace(".B64", "");
    return switch (name) {
      case "ARGON2ID", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "CRYPT" -> scheme.group(2);
      default -> "{" + name + "}" + scheme.group(2);
    };
  }

  private static boolean known(String text) {
    return argon2id(text) || shaCrypt(text) || bcrypt(text) || salted(text);
  }

  private static boolean argon2id(String text) {
    Matcher parts = ARGON2ID.matcher(text);
    return parts.matches()
        && Integer.parseInt(parts.group(1)) <= MEMORY_KIB
        && Integer.parseInt(parts.group(2)) <= PASSES;
  }

  static boolean shaCrypt(String text) {
    Matcher parts = SHA_CRYPT.matcher(text);
    return parts.matches()
        && Optional.ofNullable(parts.group(1))
            .or(() -> Optional.ofNullable(parts.group(2)))
            .stream()
            .allMatch(rounds -> Integer.parseInt(rounds) <= ROUNDS);
  }

  static boolean bcrypt(String text) {
    Matcher parts = BCRYPT.matcher(text);
    return parts.matches() && Integer.parseInt(parts.group(1)) <= COST;
  }

  static boolean salted(String text) {
    return SALTED.matcher(text).matches();
  }

  /// Never the hash: it would end up in a log.
  @Override
  public String toString() {
    return "a password's hash";
  }
}
