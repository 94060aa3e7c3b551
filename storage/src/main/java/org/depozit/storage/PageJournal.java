package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database's file, so that after a crash at any moment it is what it was at one of the moments
/// at which [#force] was called: never half of what H2 wrote between two of them, never pages in
/// another order (`docs/adr/0007-page-journal.md`).
///
/// What H2 writes stays in the heap, laid over the file ([Pages]). [#force] brings all of it to the
/// disk as one record with a checksum ([PageRecord]): written to a journal file, forced, and only
/// then written to the database file, which is not forced. A crash before the record is whole
/// leaves the file as it was; after it, opening the journal writes the record's pages again
/// ([PageRecovery]).
///
/// Two journal files are used in turns. When one is full the other takes the next record; then, on
/// a thread of its own, the database file is forced and the full one is free. Nobody waits for that
/// unless the second is full before.
///
/// A failed force is never repeated: the kernel may have dropped the pages. The next [#force] then
/// starts the journal anew, in other files. What fails before a force (a full disk) can be tried
/// again.
///
/// H2 finds the file under [#h2Name], by [H2Path]. Any thread reads and writes; [#force], [#shrink]
/// and [#close] are called by the store's writer, or whoever opens or closes the store.
final class PageJournal implements AutoCloseable {
  /// Octets in the heap after which the writer takes a checkpoint before its time: large enough
  /// that deliveries at full speed do not reach it between two checkpoints.
  static final long PENDING = 32L << 20;

  private static final Logger LOGGER = LoggerFactory.getLogger(PageJournal.class);
  private static final SplittableRandom EPOCHS =
      new SplittableRandom(new SecureRandom().nextLong());
  private static final Map<Integer, PageJournal> OPEN = new ConcurrentHashMap<>();
  private static final AtomicInteger LAST = new AtomicInteger();

  private final int number = LAST.incrementAndGet();
  private final long epoch = EPOCHS.nextLong();
  private final Path directory;
  private final SteadyFile database;
  private final Pages pages;

  /// Whether the file must be whole after a crash at any moment.
  private final boolean whole;

  /// Held while pages are written or a record is: a record never holds half of a write.
  private final ReentrantLock writing = new ReentrantLock();

  private long sequence;
  private int checksum;
  private Optional<JournalPair> journals = Optional.empty();
  private volatile Optional<CompletableFuture<Void>> freeing = Optional.empty();

  /// Whether pages of the last record are missing in the database file.
  private boolean unsettled;

  /// Whether the database file has all that the journal's records hold, and was forced: they are
  /// needed no more, and may be gone in part.
  private boolean spare;

  private volatile boolean broken;

  private PageJournal(Path directory, SteadyFile database, boolean whole) throws IOException {
    this.directory = directory;
    this.database = database;
    this.whole = whole;
    this.pages = new Pages(database.size());
  }

  /// Opens the database file of a directory, or makes an empty one, after writing to it what a
  /// journal holds.
  ///
  /// @throws Refused UNAVAILABLE if a file cannot be read or written, or the journal is damaged
  static PageJournal open(Path directory) {
    try {
      return opened(directory, PageRecovery.open(directory), true);
    } catch (IOException e) {
      throw LogFiles.broken("The database's file cannot be opened: " + e.getMessage(), e);
    }
  }

  /// Opens a database's file, or makes it, that is of no use if its making is cut off: no journal
  /// is kept, pages go to the file when there are many, and [#force] forces the file.
  static PageJournal draft(Path file) throws IOException {
    return opened(file.resolveSibling("."), SteadyFile.open(file), false);
  }

  private static PageJournal opened(Path directory, SteadyFile database, boolean whole)
      throws IOException {
    PageJournal journal = new PageJournal(directory, database, whole);
    OPEN.put(journal.number, journal);
    H2Path.register();
    return journal;
  }

  /// The journal of a number that [#h2Name] gave away; empty if it is closed.
  static Optional<PageJournal> of(int number) {
    return Optional.ofNullable(OPEN.get(number));
  }

  /// The database file of a data directory.
  static Path database(Path directory) {
    return directory.resolve(H2Path.FILE);
  }

  /// The two files of a data directory's journal, of which none need be there.
  static List<Path> journals(Path directory) {
    return List.of(
        directory.resolve(H2Path.FILE + ".pages-1"), directory.resolve(H2Path.FILE + ".pages-2"));
  }

  /// What H2 calls the database, without the ending that it adds.
  String h2Name() {
    return H2Path.name(number);
  }

  /// Octets of the file as H2 sees it.
  long size() {
    return pages.size();
  }

  /// Octets that wait in the heap for the next [#force]; see [#PENDING]. Any thread.
  long pending() {
    return pages.octets();
  }

  /// Whether a force failed and the journal was not started anew. Any thread.
  boolean broken() {
    return broken;
  }

  /// Whether the database file is being forced aside. Any thread.
  boolean freeing() {
    return freeing.filter(task -> !task.isDone()).isPresent();
  }

  /// Reads at a place; see [java.nio.channels.FileChannel#read(ByteBuffer, long)].
  int read(ByteBuffer into, long offset) throws IOException {
    return pages.read(into, offset, database);
  }

  /// Lays octets over a place of the file, in the heap.
  ///
  /// @return how many: all that the buffer held
  /// @throws IOException if the file of a [#draft] cannot be written
  int write(ByteBuffer octets, long offset) throws IOException {
    int count = octets.remaining();
    writing.lock();
    try {
      pages.write(octets, offset);
      if (!whole && pages.octets() >= PENDING) {
        writeThrough();
      }
    } finally {
      writing.unlock();
    }
    return count;
  }

  /// Cuts the file as H2 sees it.
  void truncate(long size) {
    writing.lock();
    try {
      pages.truncate(size);
    } finally {
      writing.unlock();
    }
  }

  /// Brings all that was written to the disk, as one.
  ///
  /// @throws IOException then it is still in the heap, and can be tried again
  void force() throws IOException {
    writing.lock();
    try {
      if (broken) {
        heal();
      }
      Pages.Batch batch = pages.batch();
      if (!whole) {
        writeThrough();
        database.force(true);
      } else if (!batch.isEmpty()) {
        append(batch);
        settle(batch);
      }
    } finally {
      writing.unlock();
    }
  }

  /// Goes on after a failed force: nothing of it is believed. What the journal's forced records
  /// hold is written to the database file once more, and forced; then the journal starts anew, with
  /// files that nobody wrote to before. The record whose force failed goes with the old ones; its
  /// pages are in the heap. Cut off by an error, it is tried again, and goes on where it was.
  private void heal() throws IOException {
    forgetFreeing();
    if (journals.isPresent()) {
      if (!spare) {
        writeAgain(journals.get().records(epoch, sequence));
        spare = true;
      }
      journals.get().deleteForGood(directory);
      journals = Optional.empty();
    }
    broken = false;
  }

  private void writeAgain(List<PageRecord.Read> records) throws IOException {
    Pages forced = new Pages(database.size());
    for (PageRecord.Read read : records) {
      Pages.Batch batch = read.record().batch();
      forced.truncate(batch.valid());
      for (Pages.Extent extent : batch.extents()) {
        forced.write(extent.octets(), extent.offset());
      }
    }
    // The file has its length: readers must not find it shorter in between.
    List<Pages.Extent> extents = forced.batch().extents();
    new Pages.Batch(Pages.WHOLE, database.size(), extents).writeTo(database);
    database.force(true);
  }

  private void forgetFreeing() {
    try {
      awaitFreed();
    } catch (IOException e) {
      LOGGER.debug("The database's file could not be forced", e);
    }
    freeing = Optional.empty();
  }

  private void writeThrough() throws IOException {
    pages.batch().writeTo(database);
    pages.settle();
  }

  private void append(Pages.Batch batch) throws IOException {
    PageRecord record = new PageRecord(epoch, sequence + 1, checksum, batch);
    JournalFile file = room(record.length());
    PageRecord.Sealed sealed = record.sealed();
    spare = false;
    file.write(sealed);
    CrashPoint.BEFORE_CHECKPOINT_FORCE.pass();
    try {
      file.force(sealed);
    } catch (IOException e) {
      broken = true;
      throw e;
    }
    CrashPoint.AFTER_CHECKPOINT_FORCE.pass();
    sequence++;
    checksum = sealed.checksum();
  }

  /// The file that takes a record: the active one, or the other if that is full.
  private JournalFile room(long length) throws IOException {
    JournalPair pair = journals();
    if (!pair.active().fits(length)) {
      awaitFreed();
      if (pair.full().used()) {
        throw new IOException("the page journal is full, the database's file cannot be written");
      }
      pair = pair.turned();
      journals = Optional.of(pair);
    }
    return pair.active();
  }

  /// The journal's files are made when they are first needed.
  private JournalPair journals() throws IOException {
    if (journals.isEmpty()) {
      journals = Optional.of(JournalPair.make(directory));
    }
    return journals.get();
  }

  /// Writes the pages of the last record to the database file. What cannot be written now stays in
  /// the heap, and goes into the next record too.
  private void settle(Pages.Batch batch) {
    try {
      batch.writeTo(database);
      pages.settle();
      unsettled = false;
      journals.map(JournalPair::full).filter(JournalFile::used).ifPresent(this::free);
    } catch (IOException e) {
      unsettled = true;
      LOGGER.warn("The database's file cannot be written; its pages are in the journal", e);
    }
  }

  /// Starts to make a file free whose records are all in the database file: that is forced first.
  /// The active file holds a newer record already, hence every page that the database file lacks.
  private void free(JournalFile full) {
    if (freeing.isEmpty()) {
      freeing =
          Optional.of(
              CompletableFuture.runAsync(
                  () -> forceAndErase(full),
                  task -> Thread.ofPlatform().daemon().name("depozit-pages").start(task)));
    }
  }

  private void forceAndErase(JournalFile full) {
    try {
      database.force(true);
      full.erase();
    } catch (IOException e) {
      broken = true;
      throw new UncheckedIOException(e);
    }
  }

  private void awaitFreed() throws IOException {
    try {
      freeing.ifPresent(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new IOException("the database's file could not be forced", e.getCause());
    }
    freeing = Optional.empty();
  }

  private void refuseIfBroken() throws IOException {
    if (broken) {
      throw new IOException("the database's file failed before and was not opened again");
    }
  }

  /// Gives the journal's octets on the disk back, by forcing the database file: for when the store
  /// is quiet, since the caller waits for that force. What waits in the heap stays there. Does
  /// nothing while pages of the last record cannot be written.
  ///
  /// @throws IOException if the disk failed; see [#broken]
  void shrink() throws IOException {
    writing.lock();
    try {
      refuseIfBroken();
      awaitFreed();
      if (journals.isPresent() && !unsettled) {
        empty(journals.get());
      }
    } finally {
      writing.unlock();
    }
  }

  private void empty(JournalPair pair) throws IOException {
    try {
      if (pair.used()) {
        database.force(true);
        spare = true;
      }
      pair.empty();
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  /// Lets the files go. What was not forced is lost; nothing of the journal is left, unless a disk
  /// failed.
  @Override
  public void close() throws IOException {
    writing.lock();
    try (database) {
      OPEN.remove(number);
      if (journals.isPresent()) {
        takeAway(journals.get());
      }
    } finally {
      writing.unlock();
    }
  }

  private void takeAway(JournalPair pair) throws IOException {
    try (pair) {
      if (!broken) {
        shrink();
      }
      if (!broken && !unsettled) {
        pair.delete();
      }
    }
  }
}
