package org.depozit.pop3;

import java.util.Locale;
import java.util.Optional;

/// A language of the replies' texts. RFC 6856 §3.
enum Language {
  /// English, in ASCII only: what RFC 1939 §3 demands of replies until LANG asks for another.
  EN("en", "English"),
  /// Romanian.
  RO("ro", "Română");

  private final String tag;
  private final String ownName;

  Language(String tag, String ownName) {
    this.tag = tag;
    this.ownName = ownName;
  }

  /// The language tag. RFC 5646.
  String tag() {
    return tag;
  }

  /// What the language calls itself.
  String ownName() {
    return ownName;
  }

  /// The language for a basic language range (RFC 4647 §2.1): found by lookup (§3.4), so that
  /// `ro-MD` gets what there is of `ro`; `*` is English, for every user alike, so that it tells
  /// nothing about one (RFC 6856 §7).
  static Optional<Language> matching(String range) {
    if (range.equals("*")) {
      return Optional.of(EN);
    }
    String wanted = range.toLowerCase(Locale.ROOT);
    int subtag = wanted.indexOf('-');
    String primary = subtag < 0 ? wanted : wanted.substring(0, subtag);
    for (Language language : values()) {
      if (language.tag.equals(primary)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }
}
