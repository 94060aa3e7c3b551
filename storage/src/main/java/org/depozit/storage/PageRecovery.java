package org.depozit.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to the files of a [PageJournal] when it is opened: the whole records that are left
/// are written to the database file in their order, it is forced, and the journal's files go. Cut
/// off anywhere, the next opening does the same again: records hold octets and places, and the file
/// with the older ones goes first, since those alone must never be written over the newer ones.
final class PageRecovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(PageRecovery.class);

  /// A journal's file and the records that it holds.
  private record Left(JournalFile file, List<PageRecord.Read> records) {
    long sequence() {
      return records.isEmpty() ? 0 : records.getFirst().record().sequence();
    }
  }

  private PageRecovery() {}

  /// Brings a directory's database file up to date, and removes temporary files of H2.
  ///
  /// @return the database file; new and empty if there was none
  /// @throws IOException if a file cannot be read or written, or a record is damaged that was on
  ///   the disk already: nothing was changed then
  static SteadyFile open(Path directory) throws IOException {
    removeTemporary(directory);
    // Without the file that it belongs to a journal is worth nothing.
    boolean there = Files.exists(PageJournal.database(directory));
    SteadyFile database = SteadyFile.open(PageJournal.database(directory));
    try {
      List<Left> left = left(directory);
      try {
        if (there) {
          replay(left, database);
        }
        takeAway(left);
      } finally {
        close(left);
      }
      return database;
    } catch (IOException e) {
      database.close();
      throw e;
    }
  }

  private static void removeTemporary(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.temp.db")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /// The files that are there, the one with the older records first.
  private static List<Left> left(Path directory) throws IOException {
    List<Left> left = new ArrayList<>();
    try {
      for (Path path : PageJournal.journals(directory)) {
        if (Files.exists(path)) {
          JournalFile file = JournalFile.open(path);
          left.add(new Left(file, List.of()));
          left.set(left.size() - 1, new Left(file, file.records()));
        }
      }
    } catch (IOException e) {
      close(left);
      throw e;
    }
    left.sort(Comparator.comparingLong(Left::sequence));
    return left;
  }

  private static void replay(List<Left> left, SteadyFile database) throws IOException {
    List<PageRecord.Read> row = new ArrayList<>();
    for (Left each : left) {
      if (!each.records().isEmpty() && !JournalFile.follows(row, each.records().getFirst())) {
        throw new IOException("the records of " + each.file() + " do not follow the ones before");
      }
      row.addAll(each.records());
    }
    for (PageRecord.Read read : row) {
      read.record().batch().writeTo(database);
    }
    if (!row.isEmpty()) {
      database.force(true);
      LOGGER.info("{} records of the page journal were written again", row.size());
    }
  }

  private static void takeAway(List<Left> left) throws IOException {
    for (Left each : left) {
      each.file().empty();
    }
    for (Left each : left) {
      each.file().delete();
    }
  }

  private static void close(List<Left> left) throws IOException {
    for (Left each : left) {
      each.file().close();
    }
  }
}
