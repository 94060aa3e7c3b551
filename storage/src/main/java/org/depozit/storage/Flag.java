package org.depozit.storage;

import java.util.List;
import java.util.Locale;

/// A flag of a message: one of the five system flags that the store keeps, or a keyword. RFC 9051
/// §2.3.2. Names compare without regard to ASCII case; a keyword keeps the spelling it first came
/// with. `\Recent` is no flag of the store: see [Mailbox#claimRecent].
public final class Flag {
  /// `\Seen`
  public static final Flag SEEN = new Flag("\\Seen");

  /// `\Answered`
  public static final Flag ANSWERED = new Flag("\\Answered");

  /// `\Flagged`
  public static final Flag FLAGGED = new Flag("\\Flagged");

  /// `\Deleted`
  public static final Flag DELETED = new Flag("\\Deleted");

  /// `\Draft`
  public static final Flag DRAFT = new Flag("\\Draft");

  /// The system flags, in the order of their bits.
  public static final List<Flag> SYSTEM = List.of(SEEN, ANSWERED, FLAGGED, DELETED, DRAFT);

  private final String name;
  private final String folded;

  private Flag(String name) {
    this.name = name;
    this.folded = name.toLowerCase(Locale.ROOT);
  }

  /// The flag of this name; a system flag in any case is the constant.
  ///
  /// @param name with the backslash of a system flag
  public static Flag of(String name) {
    for (Flag flag : SYSTEM) {
      if (flag.name.equalsIgnoreCase(name)) {
        return flag;
      }
    }
    return new Flag(name);
  }

  /// The name as it is told to clients, with the backslash of a system flag.
  public String name() {
    return name;
  }

  /// Whether this is a keyword and not a system flag.
  public boolean keyword() {
    return !name.startsWith("\\");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Flag flag && folded.equals(flag.folded);
  }

  @Override
  public int hashCode() {
    return folded.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
