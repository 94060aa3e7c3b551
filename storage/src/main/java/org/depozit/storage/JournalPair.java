package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The two files of the page journal, used in turns. The records of the older one alone must never
/// meet the database file: it always goes first.
///
/// @param active takes the records
/// @param full took those before, or none yet
record JournalPair(JournalFile active, JournalFile full) implements AutoCloseable {
  /// Makes the files of a data directory.
  ///
  /// @throws IOException then they are not there, or will be opened the next time
  static JournalPair make(Path directory) throws IOException {
    List<Path> paths = PageJournal.journals(directory);
    JournalFile first = JournalFile.open(paths.getFirst());
    try {
      JournalPair pair = new JournalPair(first, JournalFile.open(paths.getLast()));
      pair.named(directory);
      return pair;
    } catch (IOException e) {
      first.close();
      throw e;
    }
  }

  /// Has the files in their directory for good; names that could not be forced are given anew.
  private void named(Path directory) throws IOException {
    try {
      Owned.force(directory);
    } catch (IOException e) {
      delete();
      throw e;
    }
  }

  /// The full file, which is free again, takes the records; the active one is full.
  JournalPair turned() {
    JournalFile free = full;
    return new JournalPair(free, active);
  }

  /// Whether one holds records whose pages may be nowhere else.
  boolean used() {
    return active.used() || full.used();
  }

  /// The records up to a number, in their order.
  ///
  /// @throws IOException if the last of them cannot be read
  List<PageRecord.Read> records(long epoch, long sequence) throws IOException {
    List<PageRecord.Read> records = new ArrayList<>(full.records());
    records.addAll(active.records());
    records.removeIf(read -> read.record().epoch() != epoch || read.record().sequence() > sequence);
    if (used() && (records.isEmpty() || records.getLast().record().sequence() != sequence)) {
      throw new IOException("what the page journal held cannot be read any more");
    }
    return records;
  }

  /// Gives all octets back.
  void empty() throws IOException {
    full.empty();
    active.empty();
  }

  /// Takes the files away; what was done before an error may be done again.
  void delete() throws IOException {
    full.delete();
    active.delete();
  }

  /// The same, so that they are gone after a power cut too.
  void deleteForGood(Path directory) throws IOException {
    full.delete();
    Owned.force(directory);
    active.delete();
    Owned.force(directory);
  }

  @Override
  public void close() throws IOException {
    try (full) {
      active.close();
    }
  }
}
