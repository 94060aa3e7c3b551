package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Every row of a closed store's database, and the octets of every body.
final class StoreTables {
  private static final List<String> TABLES =
      List.of(
          "counter ORDER BY name",
          "account ORDER BY id",
          "mailbox ORDER BY id",
          "subscription ORDER BY account, name",
          "keyword ORDER BY mailbox, flag_bit",
          "mailbox_message ORDER BY id",
          "header ORDER BY id",
          "piece ORDER BY owner, kind, number",
          "expunged ORDER BY id",
          "sender ORDER BY id",
          "recipient ORDER BY id",
          "subject ORDER BY id",
          "long_text ORDER BY dictionary, id, number",
          "uidl ORDER BY id",
          "maildrop ORDER BY account");

  private StoreTables() {}

  static List<String> told(Path directory) {
    try (PageJournal pages = PageJournal.open(directory);
        Connection connection = DriverManager.getConnection(new H2Dialect(pages).url());
        Statement statement = connection.createStatement()) {
      List<String> told = new ArrayList<>();
      for (String table : TABLES) {
        rows(statement, "SELECT * FROM " + table, table.split(" ", -1)[0], told);
      }
      rows(
          statement,
          "SELECT id, body_length, sha256, structure, message_id, base_subject FROM message ORDER BY id",
          "message",
          told);
      bodies(statement, directory, told);
      statement.execute("SHUTDOWN");
      return told;
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void rows(Statement statement, String question, String name, List<String> told)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(question)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder(name);
        for (int column = 1; column <= columns; column++) {
          Object value = rows.getObject(column);
          row.append(' ').append(value instanceof byte[] octets ? Arrays.toString(octets) : value);
        }
        told.add(row.toString());
      }
    }
  }

  private static void bodies(Statement statement, Path directory, List<String> told)
      throws SQLException {
    try (Bodies bodies = new Bodies(new LogFiles(directory.resolve("log")), StoreLimits.DEFAULTS);
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, segment, body_offset, body_length FROM message ORDER BY id")) {
      while (rows.next()) {
        Change.BodyPlace place =
            new Change.BodyPlace(rows.getLong(2), rows.getLong(3), rows.getLong(4));
        try (Content content = bodies.content(place, new byte[0])) {
          told.add("body " + rows.getLong(1) + " " + Arrays.hashCode(content.bytes()));
        }
      }
    }
  }
}
