package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the database of a data directory, or brings it to the current schema, in one step: what H2
/// commits by itself and no log holds is done to a copy, which is forced and then renamed into
/// place. Cut off at any moment, the directory has the old database or the new one; the copy is
/// removed when the store is opened next, and all is done again (`docs/adr/0007-page-journal.md`).
///
/// The log stays as it is. Its tail, which the database at its last checkpoint does not know, is
/// replayed when the store is opened, into the tables of this program.
final class SchemaUpdate {
  private static final Logger LOGGER = LoggerFactory.getLogger(SchemaUpdate.class);

  private static final int SLICE = 1 << 18;

  private final Path directory;
  private final Path copy;

  private SchemaUpdate(Path directory) {
    this.directory = directory;
    this.copy = copy(directory);
  }

  private static Path copy(Path directory) {
    return directory.resolve(H2Path.FILE + ".migrating");
  }

  /// Whether the directory has a database; an empty file is none.
  static boolean there(Path directory) throws IOException {
    Path database = PageJournal.database(directory);
    return Files.exists(database) && Files.size(database) > 0;
  }

  /// Removes what an update that was cut off has left.
  static void removeCutOff(Path directory) throws IOException {
    Files.deleteIfExists(copy(directory));
  }

  /// Makes a database without a row of mail.
  static void make(Path directory) throws IOException {
    // A journal without the database that it belongs to must not meet the new one.
    for (Path journal : PageJournal.journals(directory)) {
      Files.deleteIfExists(journal);
    }
    Owned.force(directory);
    new SchemaUpdate(directory).run(Optional.empty());
  }

  /// Brings a closed database up to date.
  ///
  /// @param applied the migrations that made it
  /// @throws Refused UNAVAILABLE if this program does not know them
  static void update(Path directory, StoreLimits limits, List<Schema.Applied> applied)
      throws IOException {
    EarlierSchema earlier = EarlierSchema.of(directory, limits, applied);
    LOGGER.info("The database is brought up to date, on a copy of it");
    SchemaUpdate update = new SchemaUpdate(directory);
    update.copy();
    update.run(Optional.of(earlier));
  }

  private void copy() throws IOException {
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    try (FileChannel from =
            FileChannel.open(PageJournal.database(directory), StandardOpenOption.READ);
        FileChannel to = Owned.create(copy)) {
      for (long at = 0; at < from.size(); at += slice.limit()) {
        LogFiles.read(from, slice.clear(), at);
        LogFiles.write(to, slice.flip(), at);
      }
    }
  }

  private void run(Optional<EarlierSchema> earlier) throws IOException {
    try (PageJournal pages = PageJournal.draft(copy)) {
      migrate(new H2Dialect(pages), earlier);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
    Files.move(
        copy,
        PageJournal.database(directory),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Owned.force(directory);
  }

  private static void migrate(Dialect dialect, Optional<EarlierSchema> earlier)
      throws SQLException, IOException {
    try (Statements sql = new Statements(DriverManager.getConnection(dialect.url()))) {
      if (earlier.isPresent()) {
        earlier.get().tables(sql);
      }
      flyway(dialect);
      if (earlier.isPresent()) {
        earlier.get().rows(dialect);
      }
      dialect.checkpoint(sql);
      dialect.shutdown(sql, true);
    }
  }

  private static void flyway(Dialect dialect) {
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(dialect.url(), "", "")
        .locations("classpath:" + Schema.FOLDER)
        .placeholders(dialect.placeholders())
        .failOnMissingLocations(true)
        .load()
        .migrate();
  }
}
