package org.depozit.imap.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Mailbox names on the wire of IMAP4rev1: printable ASCII for itself, `&-` for `&`, and everything
/// else as UTF-16BE in a base64 of its own between `&` and `-`. RFC 3501 §5.1.3.
public final class ModifiedUtf7 {
  private ModifiedUtf7() {}

  /// The name as clients see it: printable ASCII only.
  public static String encode(String name) {
    StringBuilder encoded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); ) {
      char c = name.charAt(i);
      if (printable(c)) {
        encoded.append(c == '&' ? "&-" : String.valueOf(c));
        i++;
      } else {
        int end = i;
        while (end < name.length() && !printable(name.charAt(end))) {
          end++;
        }
        encoded.append('&').append(base64(name.substring(i, end))).append('-');
        i = end;
      }
    }
    return encoded.toString();
  }

  /// The name that a client means; wildcards pass, since no base64 has them.
  ///
  /// One name has one spelling: printable ASCII in base64, stray bits and cut-off characters are
  /// refused, so that nobody writes a delimiter that others do not see. Two shifts side by side
  /// pass; clients write them.
  ///
  /// @return empty if it is not modified UTF-7
  public static Optional<String> decode(String encoded) {
    StringBuilder name = new StringBuilder(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (!printable(c)) {
        return Optional.empty();
      }
      if (c != '&') {
        name.append(c);
        continue;
      }
      int end = encoded.indexOf('-', i);
      if (end < 0) {
        return Optional.empty();
      }
      Optional<String> shifted = shifted(encoded.substring(i + 1, end));
      if (shifted.isEmpty()) {
        return Optional.empty();
      }
      name.append(shifted.get());
      i = end;
    }
    return Optional.of(name.toString());
  }

  private static Optional<String> shifted(String base64) {
    if (base64.isEmpty()) {
      return Optional.of("&");
    }
    try {
      byte[] octets = Base64.getDecoder().decode(base64.replace('/', '!').replace(',', '/'));
      String text = new String(octets, StandardCharsets.UTF_16BE);
      // Encoding again tells what the JDK lets pass: odd octets, stray bits, padding, lone
      // surrogates.
      boolean canonical =
          base64(text).equals(base64) && text.chars().noneMatch(c -> printable((char) c));
      return canonical ? Optional.of(text) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String base64(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_16BE);
    return Base64.getEncoder().withoutPadding().encodeToString(octets).replace('/', ',');
  }

  private static boolean printable(char c) {
    return c >= ' ' && c <= '~';
  }
}
