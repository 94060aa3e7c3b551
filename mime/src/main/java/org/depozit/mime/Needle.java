package org.depozit.mime;

/// Looks for a folded text in a text that comes in slices. For one thread and one text.
final class Needle {
  /// How many characters at a slice's end may wait for the next: a letter whose accents are still
  /// to come.
  private static final int LONGEST_CLUSTER = 32;

  private final String needle;
  private String waiting = "";
  private String tail = "";

  Needle(String needle) {
    this.needle = needle;
  }

  /// Whether the needle ends in the text up to this slice.
  boolean isIn(CharSequence slice) {
    String text = waiting.isEmpty() ? slice.toString() : waiting + slice;
    int cut = clusterStart(text);
    waiting = text.substring(cut);
    return found(text.substring(0, cut));
  }

  /// Whether the needle ends in the text with this last slice.
  boolean isInLast(CharSequence slice) {
    return found(waiting + slice);
  }

  /// A text is not cut behind a character that is not ASCII: folding could join it to what follows.
  private static int clusterStart(String text) {
    int cut = text.length();
    while (cut > 0 && cut > text.length() - LONGEST_CLUSTER && text.charAt(cut - 1) > 0x7F) {
      cut--;
    }
    boolean inPair = cut > 0 && cut < text.length() && Character.isLowSurrogate(text.charAt(cut));
    return inPair ? cut - 1 : cut;
  }

  private boolean found(String text) {
    String folded = Casemap.fold(text);
    String window = tail.isEmpty() ? folded : tail + folded;
    if (window.contains(needle)) {
      return true;
    }
    tail = window.substring(Math.max(0, window.length() - needle.length() + 1));
    return false;
  }
}
