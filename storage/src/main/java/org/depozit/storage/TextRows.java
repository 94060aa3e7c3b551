package org.depozit.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import org.depozit.storage.Change.Dictionary;

/// The rows of the dictionaries: distinct texts of an account, found by hash. See [Rows] for the
/// rules.
final class TextRows {
  /// Characters of a text in one row: with three octets each under the bound of a value.
  static final int LONGEST = 2_000;

  private final Statements sql;
  private final String storeSender;
  private final String storeRecipient;
  private final String storeSubject;
  private final String storeLong;

  private record Candidate(long id, int length, String text) {}

  TextRows(Statements sql, Dialect dialect) {
    this.sql = sql;
    List<String> columns = List.of("id", "hash", "length", "text");
    this.storeSender = dialect.upsert(table(Dictionary.SENDER), List.of("id"), columns);
    this.storeRecipient = dialect.upsert(table(Dictionary.RECIPIENT), List.of("id"), columns);
    this.storeSubject = dialect.upsert(table(Dictionary.SUBJECT), List.of("id"), columns);
    this.storeLong =
        dialect.upsert(
            "long_text",
            List.of("dictionary", "id", "number"),
            List.of("dictionary", "id", "number", "text"));
  }

  private String storing(Dictionary dictionary) {
    return switch (dictionary) {
      case SENDER -> storeSender;
      case RECIPIENT -> storeRecipient;
      case SUBJECT -> storeSubject;
    };
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
    sql.update(
        storing(named.dictionary()),
        id,
        hash(named.account(), text),
        text.length(),
        piece(text, 0));
    for (int number = 1; number * LONGEST < text.length(); number++) {
      sql.update(storeLong, number(named.dictionary()), id, number, piece(text, number));
    }
  }

  private static String piece(String text, int number) {
    return text.substring(number * LONGEST, Math.min(text.length(), (number + 1) * LONGEST));
  }

  /// The number of a text that is there, also one of the open transaction.
  OptionalInt find(int account, Dictionary dictionary, String text) throws SQLException {
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

  void removeAll(int account) throws SQLException {
    for (Dictionary dictionary : Dictionary.values()) {
      sql.update(
          "DELETE FROM " + table(dictionary) + " WHERE id BETWEEN ? AND ?",
          Packed.first(account),
          Packed.last(account));
      sql.update(
          "DELETE FROM long_text WHERE dictionary = ? AND id BETWEEN ? AND ?",
          number(dictionary),
          Packed.first(account),
          Packed.last(account));
    }
  }
}
