package org.depozit.mime;

/// Characters that end or cut what is read, ASCII all of them: RFC 5322 §3.2.3 calls them
/// `specials`, RFC 2045 §5.1 `tspecials`. Asked for each character of a field, so a bit and no
/// search.
final class Specials {
  private final long low;
  private final long high;

  private Specials(long low, long high) {
    this.low = low;
    this.high = high;
  }

  /// The characters of `characters`.
  static Specials of(String characters) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      low |= c < 64 ? 1L << c : 0;
      high |= c < 64 ? 0 : 1L << (c - 64);
    }
    return new Specials(low, high);
  }

  /// These and all up to the space.
  Specials andControls() {
    return new Specials(low | (1L << '!') - 1, high);
  }

  /// Whether `c` is one of them.
  boolean has(char c) {
    return c < 64 ? (low >>> c & 1) != 0 : c < 128 && (high >>> (c - 64) & 1) != 0;
  }

  /// Where the first of them stands in `text` from `from` on; `to` if there is none before it.
  int first(String text, int from, int to) {
    int at = from;
    while (at < to && !has(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
