package org.depozit.storage;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.depozit.mime.Casemap;
import org.depozit.mime.HeaderFields;
import org.depozit.mime.Octets;

/// The header fields beside addresses and subject that clients search often: noted in rows at
/// delivery, so that HEADER (RFC 9051 §6.4.4) opens no message for them. Trace headers never bear
/// them.
///
/// What is noted is the folded text of every such field of a message, each ended by a line feed;
/// what is too long for a row ends with a form feed instead, and the search has to read the
/// message. No decoded text holds either.
enum NotedField {
  MESSAGE_ID(1, "Message-ID", "message_id"),
  IN_REPLY_TO(2, "In-Reply-To", "in_reply_to"),
  REFERENCES(3, "References", "reference_ids"),
  LIST_ID(4, "List-Id", "list_id"),
  /// By which mbsync finds again what it has appended.
  X_TUID(5, "X-TUID", "x_tuid");

  /// Characters noted of a field: with three octets each below the bound of a value.
  static final int LONGEST = 2_000;

  private static final char END = '\n';
  private static final char CUT = '\f';
  private static final List<String> NAMES =
      Arrays.stream(values()).map(field -> field.name).toList();

  private final int number;
  private final String name;
  private final String column;

  NotedField(int number, String name, String column) {
    this.number = number;
    this.name = name;
    this.column = column;
  }

  /// The field of this name, in any case of letters, if it is noted.
  static Optional<NotedField> named(String name) {
    return Arrays.stream(values()).filter(field -> field.name.equalsIgnoreCase(name)).findFirst();
  }

  /// Its number in the log.
  int number() {
    return number;
  }

  /// The field of a number in the log.
  static Optional<NotedField> numbered(int number) {
    return Arrays.stream(values()).filter(field -> field.number == number).findFirst();
  }

  /// Its name as it is written.
  String field() {
    return name;
  }

  /// Its column in table `header`.
  String column() {
    return column;
  }

  /// What is to be noted of a message; fields that it lacks are missing.
  ///
  /// @param header of the content, without trace headers
  static Map<NotedField, String> of(Octets header) {
    Map<NotedField, String> texts = new EnumMap<>(NotedField.class);
    Map<String, List<String>> values = HeaderFields.decoded(header, NAMES);
    for (NotedField field : values()) {
      List<String> found = values.get(field.name);
      if (found != null) {
        texts.put(field, note(found));
      }
    }
    return texts;
  }

  private static String note(List<String> values) {
    StringBuilder note = new StringBuilder();
    for (String value : values) {
      note.append(Casemap.fold(value)).append(END);
      if (note.length() > LONGEST) {
        boolean pair = Character.isHighSurrogate(note.charAt(LONGEST - 2));
        return note.substring(0, pair ? LONGEST - 2 : LONGEST - 1) + CUT;
      }
    }
    return note.toString();
  }

  /// Whether no message can have such a field that holds the folded text: decoded text has spaces
  /// for control characters.
  static boolean impossible(String needle) {
    return needle.chars().anyMatch(Character::isISOControl);
  }

  /// Whether the whole text stands in the message alone.
  static boolean cut(String note) {
    return note.charAt(note.length() - 1) == CUT;
  }
}
