package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory `index` of flat saves ([FlatFile]), `%08x.view` for each mailbox large enough, and
/// the thread that writes them (`docs/adr/0010-flat-saves.md`). Losing any of it costs time only.
///
/// Written are versions whose changes are on the disk in the log, so that after a power cut no file
/// knows more than the recovered store. A store put back from a copy may be older than its flat
/// saves all the same: what claims a position beyond the recovered log is refused, and removed
/// before the first file is written.
///
/// Any thread; the files are written and removed by one of its own.
final class FlatSaves implements AutoCloseable {
  /// Its name in the data directory.
  static final String DIRECTORY = "index";

  private static final Logger LOGGER = LoggerFactory.getLogger(FlatSaves.class);
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})\\.view");

  /// Fewer rows than this that a file is behind are no reason to write it, not even at the end.
  private static final int CLOSE_ENOUGH = 100;

  /// Up to so many rows behind, a mailbox in use is not written anew.
  private static final int LEAST_BEHIND = 1_000;

  private final Path directory;
  private final StoreLimits limits;

  /// Where the log ended when the store was opened.
  private volatile long recovered;

  private final LinkedBlockingQueue<Consumer<Commits>> work = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /// Whether all files are this log's: those that are not are gone.
  private volatile boolean swept;

  private volatile boolean ending;

  /// @param data the data directory; `index` in it is made when the first file is written
  FlatSaves(Path data, StoreLimits limits) {
    this.directory = data.resolve(DIRECTORY);
    this.limits = limits;
  }

  /// The log is replayed; until now no file is believed.
  ///
  /// @param position at which it ended
  void recovered(long position) {
    recovered = position;
  }

  /// Starts the thread: it removes what nobody will read, then writes what is due.
  void start(Db db, Commits commits) {
    work.add(_ -> sweep(db));
    Thread.ofPlatform().daemon().name("depozit-flat").start(() -> run(commits));
  }

  private void run(Commits commits) {
    try {
      while (!ending || !work.isEmpty()) {
        next().accept(commits);
      }
    } finally {
      ended.complete(true);
    }
  }

  private Consumer<Commits> next() {
    while (true) {
      try {
        return work.take();
      } catch (InterruptedException e) {
        // Nobody here interrupts a thread; whoever around us did does not end this one.
        LOGGER.debug("The thread of the flat saves was interrupted", e);
      }
    }
  }

  /// Tells of the files that are damaged.
  static void check(Path data, Faults faults) {
    for (Path file : files(data.resolve(DIRECTORY), faults)) {
      try {
        FlatFile.read(file);
      } catch (IOException e) {
        faults.add(
            "flat save " + file.getFileName(),
            e.getMessage() + " (it costs time only: `check --repair` throws it away)");
      }
    }
  }

  /// Opens the mailboxes that have a file, as long as the list is held.
  static List<OpenMailbox> opened(Path data, Workings workings) {
    List<OpenMailbox> opened = new ArrayList<>();
    for (Path file : files(data.resolve(DIRECTORY), new Faults())) {
      int mailbox = (int) Long.parseLong(file.getFileName().toString().substring(0, 8), 16);
      workings.states().open(mailbox, workings.commits()).ifPresent(opened::add);
    }
    return opened;
  }

  private static List<Path> files(Path directory, Faults faults) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      faults.add("flat saves", "cannot be listed: " + e.getMessage());
      return List.of();
    }
  }

  private Path file(int mailbox) {
    return directory.resolve(HexFormat.of().toHexDigits(mailbox) + ".view");
  }

  /// The rows of a mailbox from its flat save, brought up to date; empty if there is none, or none
  /// that is of use.
  ///
  /// @param now the mailbox's row
  Optional<CatchUp.CaughtUp> load(Db db, MailboxCounters now) {
    return find(now).flatMap(flat -> CatchUp.of(db, flat, now, limits.flatBehind()));
  }

  private Optional<FlatFile.Read> find(MailboxCounters now) {
    if (now.messages() < limits.flatMessages()) {
      return Optional.empty();
    }
    try {
      FlatFile.Read read = FlatFile.read(file(now.mailbox()));
      if (fits(read.header(), now)) {
        return Optional.of(read);
      }
      LOGGER.info("The flat save of mailbox {} is not this store's", now.mailbox());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOGGER.warn("The flat save of mailbox {} is of no use", now.mailbox(), e);
    }
    remove(now.mailbox());
    return Optional.empty();
  }

  private boolean fits(FlatFile.Header header, MailboxCounters now) {
    return header.mailbox() == now.mailbox()
        && header.uidValidity() == now.uidValidity()
        && header.uidNext() <= now.uidNext()
        && header.highestModSeq() <= now.highestModSeq()
        && (header.highestModSeq() < now.highestModSeq() || header.uidNext() == now.uidNext())
        && (header.logPosition() <= recovered || swept);
  }

  /// Has a mailbox written if that is due: its file is too far behind.
  void changed(OpenMailbox mailbox) {
    int behind = mailbox.behind();
    if (behind > LEAST_BEHIND
        && behind > Math.min(limits.flatBehind(), mailbox.view().count() / 8)) {
      save(mailbox);
    }
  }

  /// Has a mailbox written that nobody will look at for a while.
  void cooling(OpenMailbox mailbox) {
    if (mailbox.behind() >= CLOSE_ENOUGH) {
      save(mailbox);
    }
  }

  private void save(OpenMailbox mailbox) {
    if (mailbox.view().count() >= limits.flatMessages() && !ending && mailbox.queue()) {
      work.add(commits -> write(mailbox, commits));
    }
  }

  private void write(OpenMailbox mailbox, Commits commits) {
    mailbox.unqueue();
    if (!swept || mailbox.gone()) {
      return;
    }
    int behind = mailbox.behind();
    View view = mailbox.view();
    Path next = directory.resolve(HexFormat.of().toHexDigits(mailbox.mailbox()) + ".new");
    try {
      commits.awaitForced(view.logPosition());
      Owned.directory(directory);
      Files.deleteIfExists(next);
      FlatFile.write(next, view);
      Files.move(
          next,
          file(mailbox.mailbox()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      mailbox.caughtUp(behind);
    } catch (IOException e) {
      LOGGER.warn("The flat save of mailbox {} cannot be written", mailbox.mailbox(), e);
      delete(next);
    } catch (Refused refused) {
      LOGGER.debug("Writing has stopped: mailbox {} is not saved", mailbox.mailbox(), refused);
    }
    if (mailbox.gone()) {
      delete(file(mailbox.mailbox()));
    }
  }

  /// Removes the file of a mailbox, soon.
  void remove(int mailbox) {
    work.add(_ -> delete(file(mailbox)));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOGGER.warn("{} cannot be removed", file.getFileName(), e);
    }
  }

  /// Removes what was left half written, what no mailbox has, and what claims to know more than the
  /// log. If that cannot be done no file is written, since nobody could tell which are right.
  private void sweep(Db db) {
    try {
      if (Files.isDirectory(directory)) {
        for (Path file : files()) {
          if (!ours(file, db)) {
            Files.delete(file);
          }
        }
      }
      swept = true;
    } catch (IOException | Refused e) {
      LOGGER.warn("The flat saves cannot be looked through; none will be written", e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private boolean ours(Path file, Db db) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return false;
    }
    FlatFile.Header header = header(file);
    int mailbox = Integer.parseUnsignedInt(name.group(1), 16);
    return header != null
        && header.logPosition() <= recovered
        && db.read(connection -> Loads.counters(connection, mailbox))
            .filter(row -> row.uidValidity() == header.uidValidity())
            .filter(row -> row.uidNext() >= header.uidNext())
            .filter(row -> row.highestModSeq() >= header.highestModSeq())
            .isPresent();
  }

  private static FlatFile.@Nullable Header header(Path file) {
    try {
      return FlatFile.header(file);
    } catch (IOException e) {
      LOGGER.debug("{} is no flat save", file.getFileName(), e);
      return null;
    }
  }

  /// Waits until all that is asked for so far is done.
  void settle() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    work.add(_ -> done.complete(true));
    done.join();
  }

  /// Does what is due and ends the thread.
  @Override
  public void close() {
    work.add(_ -> ending = true);
    boolean inOrder = ended.join();
    LOGGER.debug("The thread of the flat saves has ended, in order: {}", inOrder);
  }
}
