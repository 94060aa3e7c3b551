package org.depozit.mime;

import java.text.Normalizer;

/// i;unicode-casemap, the collation of all search (RFC 5051): two texts are alike if their folded
/// forms are.
///
/// A text is folded once, where it is stored; a search folds its needle and looks for it as it
/// stands.
public final class Casemap {
  private Casemap() {}

  /// Each character in title case, then decomposed with compatibility (RFC 5051 §2). Folding twice
  /// is folding once for all but a few ligatures.
  public static String fold(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return foldWide(text);
      }
    }
    return foldNarrow(text);
  }

  /// Whether the folded text `folded` holds the folded text `foldedNeedle`; the empty needle is in
  /// every text.
  public static boolean contains(String folded, String foldedNeedle) {
    return folded.contains(foldedNeedle);
  }

  private static String foldNarrow(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isLower(text.charAt(i))) {
        char[] upper = text.toCharArray();
        for (int j = i; j < upper.length; j++) {
          upper[j] = isLower(upper[j]) ? (char) (upper[j] - 32) : upper[j];
        }
        return new String(upper);
      }
    }
    return text;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static String foldWide(String text) {
    StringBuilder titled = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      titled.appendCodePoint(Character.toTitleCase(c));
      i += Character.charCount(c);
    }
    return Normalizer.normalize(titled, Normalizer.Form.NFKD);
  }
}
