package org.depozit.imap.syntax;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.depozit.storage.Flag;
import org.depozit.storage.MailboxName;

/// How values are written into answers. RFC 9051 §4.3, §9. Everything here is ASCII and safe on a
/// line, whatever it is made from, with the literals of [#string] alone as exception.
public final class Strings {
  private static final int LONGEST_QUOTED = 1000;

  private Strings() {}

  /// `quoted`, of text that is printable ASCII; what is not becomes `?`.
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return quoted.append('"').toString();
  }

  /// `string`: quoted where that can hold the octets, else a literal.
  public static byte[] string(byte[] octets) {
    if (quotable(octets)) {
      return quoted(new String(octets, StandardCharsets.US_ASCII))
          .getBytes(StandardCharsets.US_ASCII);
    }
    byte[] head = ("{" + octets.length + "}\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] literal = new byte[head.length + octets.length];
    System.arraycopy(head, 0, literal, 0, head.length);
    System.arraycopy(octets, 0, literal, head.length, octets.length);
    return literal;
  }

  private static boolean quotable(byte[] octets) {
    for (byte octet : octets) {
      if (octet < ' ' || octet > '~') {
        return false;
      }
    }
    return octets.length <= LONGEST_QUOTED;
  }

  /// `mailbox`, in modified UTF-7: an atom where it can be one, else quoted.
  public static String mailbox(MailboxName name) {
    String encoded = ModifiedUtf7.encode(name.value());
    boolean atom = encoded.chars().allMatch(Chars::atom) && !encoded.equalsIgnoreCase("NIL");
    return atom ? encoded : quoted(encoded);
  }

  /// `flag-list` as FETCH and FLAGS show it.
  ///
  /// @param recent whether the session is told `\Recent` with them
  public static String flagList(List<Flag> flags, boolean recent) {
    StringBuilder list = new StringBuilder("(");
    for (Flag flag : flags) {
      list.append(list.length() > 1 ? " " : "").append(flag.name());
    }
    if (recent) {
      list.append(list.length() > 1 ? " " : "").append("\\Recent");
    }
    return list.append(')').toString();
  }
}
