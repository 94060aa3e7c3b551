package org.depozit.mime;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// i;unicode-casemap, the collation of all search (RFC 5051): two texts are alike if their folded
/// forms are.
///
/// A text is folded once, where it is stored; a search folds its needle and looks for it as it
/// stands.
public final class Casemap {
  /// The folded forms of characters in pages of 256, made when one of a page is met: at most some
  /// MiB. Two threads may make the same one.
  private static final AtomicReferenceArray<String @Nullable []> KNOWN =
      new AtomicReferenceArray<>(256);

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
    byte[] upper = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < upper.length; i++) {
      upper[i] = (byte) (isLower((char) upper[i]) ? upper[i] - 32 : upper[i]);
    }
    return new String(upper, StandardCharsets.ISO_8859_1);
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  /// Runs of characters beyond ASCII stand between ASCII, which decomposition neither changes nor
  /// joins to anything, so each run is folded by itself.
  private static String foldWide(String text) {
    StringBuilder folded = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c < 0x80) {
        folded.append(isLower(c) ? (char) (c - 32) : c);
        i++;
      } else {
        int end = i + 1;
        while (end < text.length() && text.charAt(end) >= 0x80) {
          end++;
        }
        foldRun(text, i, end, folded);
        i = end;
      }
    }
    return folded.toString();
  }

  private static void foldRun(String text, int start, int end, StringBuilder folded) {
    int before = folded.length();
    for (int i = start; i < end; i++) {
      String known = known(text.charAt(i));
      if (known.isEmpty()) {
        folded.setLength(before);
        folded.append(normalized(text.substring(start, end)));
        return;
      }
      folded.append(known);
    }
  }

  /// The folded form of one character; empty if it depends on those before it.
  private static String known(char c) {
    String[] page = KNOWN.get(c >>> 8);
    if (page == null) {
      page = page(c & 0xFF00);
      KNOWN.set(c >>> 8, page);
    }
    return page[c & 0xFF];
  }

  private static String[] page(int first) {
    String[] page = new String[256];
    for (int i = 0; i < page.length; i++) {
      char c = (char) (first + i);
      String alone = Character.isSurrogate(c) ? "" : normalized(String.valueOf(c));
      // Marks that follow one another change places when they are decomposed.
      page[i] = alone.isEmpty() || isMark(alone.codePointAt(0)) ? "" : alone;
    }
    return page;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static String normalized(String text) {
    StringBuilder titled = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      titled.appendCodePoint(Character.toTitleCase(c));
      i += Character.charCount(c);
    }
    return Normalizer.normalize(titled, Normalizer.Form.NFKD);
  }
}
