package org.depozit.mime;

/// A subject without what replies and forwards put around it (RFC 5256 §2.1).
///
/// @param text the base subject, decoded, not folded; what threads are joined and sorted by
/// @param replyOrForward whether a `Re:`, `Fwd:`, `(fwd)` or `[Fwd: …]` was taken off
public record BaseSubject(String text, boolean replyOrForward) {

  /// The base subject of the decoded subject `subject`. Takes time in proportion to its length.
  public static BaseSubject of(String subject) {
    return new Cutter(subject).cut();
  }

  /// Narrows a subject from both sides.
  private static final class Cutter {
    private final String text;
    private int from;
    private int to;
    private boolean replyOrForward;

    Cutter(String subject) {
      text = singleSpaced(subject);
      to = text.length();
    }

    BaseSubject cut() {
      do {
        cutTrailers();
        cutLeaders();
      } while (cutForward());
      return new BaseSubject(text.substring(from, to), replyOrForward);
    }

    private static String singleSpaced(String subject) {
      if (!subject.contains("  ") && !hasControls(subject)) {
        return subject;
      }
      StringBuilder out = new StringBuilder(subject.length());
      boolean space = false;
      for (int i = 0; i < subject.length(); i++) {
        char c = subject.charAt(i);
        boolean isSpace = c == ' ' || Character.isISOControl(c);
        if (!isSpace || !space) {
          out.append(isSpace ? ' ' : c);
        }
        space = isSpace;
      }
      return out.toString();
    }

    private static boolean hasControls(String subject) {
      for (int i = 0; i < subject.length(); i++) {
        if (Character.isISOControl(subject.charAt(i))) {
          return true;
        }
      }
      return false;
    }

    private boolean ends(String tail) {
      return to - from >= tail.length()
          && text.regionMatches(true, to - tail.length(), tail, 0, tail.length());
    }

    /// `subj-trailer`: spaces and `(fwd)`.
    private void cutTrailers() {
      while (true) {
        if (ends("(fwd)")) {
          to -= "(fwd)".length();
          replyOrForward = true;
        } else if (ends(" ")) {
          to--;
        } else {
          return;
        }
      }
    }

    /// `subj-leader`, and `subj-blob` as long as something stays. Blobs are passed over in one go:
    /// taken off one by one, and each time looked through for a `Re:` behind them, they would cost
    /// quadratic time.
    private void cutLeaders() {
      while (true) {
        from = spaces(from);
        int lastBlob = from;
        int at = from;
        for (int next = blob(at); next > at; next = blob(at)) {
          lastBlob = at;
          at = next;
        }
        int after = refwd(at);
        if (after > at) {
          from = after;
          replyOrForward = true;
        } else if (at > from) {
          from = at < to ? at : lastBlob;
          return;
        } else {
          return;
        }
      }
    }

    private int spaces(int at) {
      int i = at;
      while (i < to && text.charAt(i) == ' ') {
        i++;
      }
      return i;
    }

    /// Where the blob `[…]` at `at` and the spaces behind it end; `at` if there is none.
    private int blob(int at) {
      if (at >= to || text.charAt(at) != '[') {
        return at;
      }
      int i = at + 1;
      while (i < to && text.charAt(i) != ']' && text.charAt(i) != '[') {
        i++;
      }
      return i < to && text.charAt(i) == ']' ? spaces(i + 1) : at;
    }

    /// Where the `Re:`, `Fw:` or `Fwd:` at `at` ends, with its blob; `at` if there is none.
    private int refwd(int at) {
      int i = at;
      if (text.regionMatches(true, at, "re", 0, 2)) {
        i = at + 2;
      } else if (text.regionMatches(true, at, "fwd", 0, 3)) {
        i = at + 3;
      } else if (text.regionMatches(true, at, "fw", 0, 2)) {
        i = at + 2;
      } else {
        return at;
      }
      i = blob(spaces(i));
      return i < to && text.charAt(i) == ':' ? i + 1 : at;
    }

    private boolean cutForward() {
      if (!text.regionMatches(true, from, "[fwd:", 0, 5) || !ends("]") || to - from < 6) {
        return false;
      }
      from += 5;
      to--;
      replyOrForward = true;
      return true;
    }
  }
}
