package org.depozit.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// The tables, as the migrations beside this class make them. A database knows which of them made
/// it: Flyway's table `flyway_schema_history`. Asking it takes a statement, so Flyway itself is
/// started only if something is to be done ([SchemaUpdate]).
final class Schema {
  /// The migrations in order; a test holds the list to what Flyway finds.
  static final List<String> MIGRATIONS = List.of("V1__first.sql", "V2__subjects_without_hash.sql");

  static final String FOLDER = "org/depozit/storage/migration";

  private Schema() {}

  /// A migration as a database remembers it.
  ///
  /// @param version as in the file's name
  /// @param checksum of the file, see [#checksum]
  record Applied(String version, int checksum) {
    static Applied of(String file) {
      return new Applied(file.substring(1, file.indexOf("__")), Schema.checksum(file));
    }
  }

  /// Opens the database of a data directory with the tables as this program needs them; makes it,
  /// or brings it up to date, if it is not so.
  ///
  /// @throws Refused UNAVAILABLE if it cannot be read or written, or is of a later program
  static PageJournal open(Path directory, StoreLimits limits) {
    try {
      SchemaUpdate.removeCutOff(directory);
      if (!SchemaUpdate.there(directory)) {
        SchemaUpdate.make(directory);
      }
      PageJournal pages = PageJournal.open(directory);
      Optional<List<Applied>> earlier = earlier(pages);
      if (earlier.isEmpty()) {
        return pages;
      }
      pages.close();
      SchemaUpdate.update(directory, limits, earlier.get());
      return PageJournal.open(directory);
    } catch (IOException e) {
      throw LogFiles.broken("The database cannot be brought up to date: " + e.getMessage(), e);
    }
  }

  /// The migrations that made the database, if they are not the current ones; then it is closed.
  private static Optional<List<Applied>> earlier(PageJournal pages) throws IOException {
    Dialect dialect = new H2Dialect(pages);
    try (Connection connection = DriverManager.getConnection(dialect.url())) {
      List<Applied> applied = applied(connection);
      List<Applied> current = MIGRATIONS.stream().map(Applied::of).toList();
      if (applied.equals(current)) {
        return Optional.empty();
      }
      dialect.shutdown(new Statements(connection), false);
      return Optional.of(applied);
    } catch (SQLException e) {
      pages.close();
      throw Db.failed(e);
    }
  }

  /// The migrations that made a database, in order; empty if none did.
  static List<Applied> applied(Connection connection) throws SQLException {
    boolean none =
        Db.first(
                connection,
                row -> row.getString(1),
                "SELECT table_name FROM information_schema.tables WHERE table_name = ?",
                "flyway_schema_history")
            .isEmpty();
    return none
        ? List.of()
        : Db.list(
            connection,
            row -> new Applied(row.getString(1), row.getInt(2)),
            "SELECT \"version\", \"checksum\" FROM \"flyway_schema_history\""
                + " WHERE \"version\" IS NOT NULL AND \"success\" ORDER BY \"installed_rank\"");
  }

  /// Flyway's checksum of a migration: CRC-32 of its lines without their ends.
  static int checksum(String file) {
    CRC32 crc = new CRC32();
    resource(FOLDER + "/" + file)
        .lines()
        .forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    return (int) crc.getValue();
  }

  /// The text of a file beside this class.
  static String resource(String name) {
    InputStream found = Schema.class.getClassLoader().getResourceAsStream(name);
    if (found == null) {
      throw new IllegalStateException("not in this program: " + name);
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(found, StandardCharsets.UTF_8))) {
      return reader.readAllAsString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
