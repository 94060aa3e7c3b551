package org.depozit.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import org.depozit.storage.Change.Dictionary;

/// The rows of the dictionaries: texts of an account. Those of senders and recipients are distinct
/// and found by hash; subjects, of which nearly every one is new, are not looked for, so that a
/// delivery pays no index for them. See [Rows] for the rules.
final class TextRows {
  /// Characters of a text in one row: with three octets each under the bound of a value.
  static final int LONGEST = 2_000;

  private final Statements sql;
  private final Statements.Put storeSender;
  private final Statements.Put storeRecipient;
  private final Statements.Put storeSubject;
  private final Statements.Put storeLong;

  private record Candidate(long id, int length, String text) {}

  TextRows(Dialect dialect, Statements sql) {
    this.sql = sql;
    List<String> key = List.of("id");
    List<String> hashed = List.of("id", "length", "text", "hash");
    this.storeSender = Statements.Put.into(dialect, table(Dictionary.SENDER), key, hashed);
    this.storeRecipient = Statements.Put.into(dialect, table(Dictionary.RECIPIENT), key, hashed);
    this.storeSubject =
        Statements.Put.into(
            dialect, table(Dictionary.SUBJECT), key, List.of("id", "length", "text"));
    this.storeLong =
        Statements.Put.into(
            dialect,
            "long_text",
            List.of("dictionary", "id", "number"),
            List.of("dictionary", "id", "number", "text"));
  }

  static String table(Dictionary dictionary) {
    return switch (dictionary) {
      case SENDER -> "sender";
      case RECIPIENT -> "recipient";
      case SUBJECT -> "subject";
    };
  }

  /// The dictionary's number in table `long_text`.
  static int number(Dictionary dictionary) {
    return switch (dictionary) {
      case SENDER -> 0;
      case RECIPIENT -> 1;
      case SUBJECT -> 2;
    };
  }

  /// What a text is found by. Strong, so that nobody can send many texts of one hash.
  static long hash(int account, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(4).putInt(account).flip());
      return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void write(Change.TextNamed named) throws SQLException {
    long id = Packed.of(named.account(), named.id());
    String text = named.text();
    String first = piece(text, 0);
    switch (named.dictionary()) {
      case SENDER -> sql.put(storeSender, id, text.length(), first, hash(named.account(), text));
      case RECIPIENT ->
          sql.put(storeRecipient, id, text.length(), first, hash(named.account(), text));
      case SUBJECT -> sql.put(storeSubject, id, text.length(), first);
    }
    for (int number = 1; number * LONGEST < text.length(); number++) {
      sql.put(storeLong, number(named.dictionary()), id, number, piece(text, number));
    }
  }

  private static String piece(String text, int number) {
    return text.substring(number * LONGEST, Math.min(text.length(), (number + 1) * LONGEST));
  }

  /// The number of a text that is there, also one of the open transaction. Subjects are not looked
  /// for.
  OptionalInt find(int account, Dictionary dictionary, String text) throws SQLException {
    if (dictionary == Dictionary.SUBJECT) {
      return OptionalInt.empty();
    }
    List<Candidate> candidates =
        sql.list(
            row -> new Candidate(row.getLong(1), row.getInt(2), row.getString(3)),
            "SELECT id, length, text FROM " + table(dictionary) + " WHERE hash = ?",
            hash(account, text));
    for (Candidate candidate : candidates) {
      if (Packed.owner(candidate.id) == account && is(dictionary, candidate, text)) {
        return OptionalInt.of((int) Packed.number(candidate.id));
      }
    }
    return OptionalInt.empty();
  }

  private boolean is(Dictionary dictionary, Candidate candidate, String text) throws SQLException {
    return candidate.length == text.length()
        && candidate.text.equals(piece(text, 0))
        && (text.length() <= LONGEST
            || Loads.whole(sql.connection(), dictionary, candidate.id, candidate.text)
                .equals(text));
  }

  /// The highest number given in a dictionary of the account; 0 if none.
  int last(int account, Dictionary dictionary) throws SQLException {
    long last =
        sql.number(
                "SELECT id FROM "
                    + table(dictionary)
                    + " WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
                Packed.first(account),
                Packed.last(account))
            .orElse(0);
    return (int) Packed.number(last);
  }

  /// Removes the first texts between two packed ids.
  ///
  /// @param most how many at most
  /// @return the last packed id up to which none is left
  long removePage(Dictionary dictionary, long first, long last, int most) throws SQLException {
    List<Long> page =
        sql.list(
            row -> row.getLong(1),
            "SELECT id FROM " + table(dictionary) + " WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            first,
            last,
            most);
    long to = page.size() == most ? page.getLast() : last;
    sql.update("DELETE FROM " + table(dictionary) + " WHERE id BETWEEN ? AND ?", first, to);
    sql.update(
        "DELETE FROM long_text WHERE dictionary = ? AND id BETWEEN ? AND ?",
        number(dictionary),
        first,
        to);
    return to;
  }
}
