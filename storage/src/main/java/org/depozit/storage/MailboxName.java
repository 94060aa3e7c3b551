package org.depozit.storage;

import java.text.Normalizer;
import java.util.Optional;

/// The whole name of a mailbox, in Unicode (NFC), levels apart by `/`. `INBOX` in any case is the
/// one INBOX, also as the first level. RFC 9051 §5.1. The store never makes a file name of it.
///
/// @param value the name; no empty level, no control character, within the bounds of [StoreLimits]
public record MailboxName(String value) implements Comparable<MailboxName> {
  /// Between two levels.
  public static final char DELIMITER = '/';

  /// Where mail is delivered.
  public static final MailboxName INBOX = new MailboxName("INBOX");

  public MailboxName {
    if (!valid(value)) {
      throw new Refused(Refused.Reason.CANNOT, "Not a mailbox name");
    }
  }

  /// The name as people or clients write it: normalised, INBOX recognised, one trailing delimiter
  /// let go.
  ///
  /// @throws Refused with CANNOT if it cannot be a name, with LIMIT if it is too long or too deep
  public static MailboxName of(String written) {
    String name = Normalizer.normalize(written, Normalizer.Form.NFC);
    if (name.length() > 1 && name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.length() > StoreLimits.DEFAULTS.mailboxNameLength()
        || name.chars().filter(c -> c == DELIMITER).count()
            >= StoreLimits.DEFAULTS.mailboxDepth()) {
      throw new Refused(Refused.Reason.LIMIT, "Mailbox name too long");
    }
    return new MailboxName(withInbox(name));
  }

  private static String withInbox(String name) {
    boolean inbox =
        name.regionMatches(true, 0, "INBOX", 0, 5)
            && (name.length() == 5 || name.charAt(5) == DELIMITER);
    return inbox ? "INBOX" + name.substring(5) : name;
  }

  private static boolean valid(String name) {
    return !name.isEmpty()
        && !name.startsWith("/")
        && !name.endsWith("/")
        && !name.contains("//")
        && name.chars().noneMatch(Character::isISOControl)
        && wellFormed(name);
  }

  private static boolean wellFormed(String name) {
    return name.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /// Whether this is INBOX itself.
  public boolean inbox() {
    return value.equals("INBOX");
  }

  /// The name one level up.
  public Optional<MailboxName> parent() {
    int end = value.lastIndexOf(DELIMITER);
    return end < 0 ? Optional.empty() : Optional.of(new MailboxName(value.substring(0, end)));
  }

  /// Whether this name stands somewhere below the other.
  public boolean below(MailboxName other) {
    return value.length() > other.value.length() + 1
        && value.startsWith(other.value)
        && value.charAt(other.value.length()) == DELIMITER;
  }

  @Override
  public int compareTo(MailboxName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
