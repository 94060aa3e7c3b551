package org.depozit.pop3;

import java.util.List;
import java.util.Optional;

/// What the client asked for is not to be had: an `-ERR`, and not logged. Its place is the client's
/// mistakes; ours are runtime exceptions.
final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<ResponseCode> code;
  private final Phrase phrase;
  private final transient List<Object> values;

  private Rejected(Optional<ResponseCode> code, Phrase phrase, Object... values) {
    super(phrase.name(), null, false, false);
    this.code = code;
    this.phrase = phrase;
    this.values = List.of(values);
  }

  /// A rejection without a response code.
  static Rejected because(Phrase phrase, Object... values) {
    return new Rejected(Optional.empty(), phrase, values);
  }

  /// A rejection with a response code.
  static Rejected with(ResponseCode code, Phrase phrase, Object... values) {
    return new Rejected(Optional.of(code), phrase, values);
  }

  /// The response code, if there is one.
  Optional<ResponseCode> code() {
    return code;
  }

  /// The text in a language.
  String in(Language language) {
    return phrase.in(language, values.toArray());
  }

  /// Whether the command itself made no sense, which clients do not do by chance.
  boolean senseless() {
    return phrase == Phrase.UNKNOWN_COMMAND || phrase == Phrase.SYNTAX;
  }
}
