package org.depozit.mime;

import java.util.ArrayList;
import java.util.List;

/// Reads message-ids from Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), in the form
/// that threads compare: with angle brackets, without quoting (RFC 5256 §2.2), without spaces.
final class MessageIds {
  private static final int LONGEST = 998;

  private MessageIds() {}

  /// The ids in the octet text `text`, at most `limit`. What has no brackets is an id only if it is
  /// the whole text and has an @ and no space.
  static List<String> in(String text, int limit) {
    List<String> ids = new ArrayList<>();
    int open = text.indexOf('<');
    while (open >= 0 && ids.size() < limit) {
      int close = text.indexOf('>', open);
      if (close < 0) {
        break;
      }
      int from = text.lastIndexOf('<', close);
      if (close - from > 1 && close - from <= LONGEST) {
        ids.add('<' + plain(text.substring(from + 1, close)) + '>');
      }
      open = text.indexOf('<', close);
    }
    if (ids.isEmpty() && text.indexOf('@') > 0 && text.length() <= LONGEST && !hasSpace(text)) {
      ids.add('<' + plain(text.replace("<", "").replace(">", "")) + '>');
    }
    return ids;
  }

  private static boolean hasSpace(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ') {
        return true;
      }
    }
    return false;
  }

  private static String plain(String id) {
    if (id.indexOf('\\') < 0 && id.indexOf('"') < 0 && !hasSpace(id)) {
      return id;
    }
    StringBuilder plain = new StringBuilder(id.length());
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '\\' && i + 1 < id.length()) {
        plain.append(id.charAt(++i));
      } else if (c > ' ' && c != '"') {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
