package org.depozit.lmtp;

import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// The parameters of MAIL. RFC 5321 §4.1.2 (esmtp-param).
///
/// @param size SIZE of RFC 1870 §6; numbers beyond a long are read as the largest
/// @param utf8 SMTPUTF8 of RFC 6531 §3.4
record MailParameters(OptionalLong size, boolean utf8) {
  /// Reads what follows the path.
  ///
  /// @param unspaced what to reply if something follows the path without a space between
  /// @throws Rejected if a parameter is unknown, given twice, or without sense
  static MailParameters read(String text, Reply unspaced) throws Rejected {
    if (!text.isEmpty() && text.charAt(0) != ' ') {
      throw new Rejected(unspaced);
    }
    OptionalLong size = OptionalLong.empty();
    boolean utf8 = false;
    Set<String> seen = new HashSet<>();
    for (String parameter : text.strip().split(" +", -1)) {
      int equals = parameter.indexOf('=');
      String name =
          (equals < 0 ? parameter : parameter.substring(0, equals)).toUpperCase(Locale.ROOT);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      if (!seen.add(name)) {
        throw new Rejected(Reply.SYNTAX);
      }
      switch (name) {
        case "" -> require(equals < 0, Reply.SYNTAX);
        case "SIZE" -> size = OptionalLong.of(size(value));
        case "BODY" -> require(transparent(value), Reply.UNKNOWN_PARAMETER);
        case "SMTPUTF8" -> {
          require(equals < 0, Reply.SYNTAX);
          utf8 = true;
        }
        default -> throw new Rejected(Reply.UNKNOWN_PARAMETER);
      }
    }
    return new MailParameters(size, utf8);
  }

  /// BODY of RFC 6152 §2. Both its values mean the same here: every octet is kept.
  private static boolean transparent(String value) {
    return value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME");
  }

  private static long size(String digits) throws Rejected {
    require(digits.matches("[0-9]{1,20}"), Reply.SYNTAX);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }

  private static void require(boolean holds, Reply otherwise) throws Rejected {
    if (!holds) {
      throw new Rejected(otherwise);
    }
  }
}
