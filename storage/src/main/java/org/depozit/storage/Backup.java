package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Saves all accounts of an open store, or one, while it serves (`docs/adr/0011-backup.md`). A
/// backup is a folder with a log of its own, in which facts and bodies stand as in a store's, and a
/// [Manifest] with a checksum of every file. It is written under a name with `.partial`, forced,
/// and renamed when all is there.
///
/// Whoever knew the store after the backup was taken may know UIDs and mod-sequences that the
/// backup does not; so the numbers in it are [#JUMP] higher than the store's, and whatever is
/// restored goes on from there.
final class Backup {
  /// What UIDNEXT and HIGHESTMODSEQ are raised by.
  static final long JUMP = 1L << 20;

  private final Workings workings;
  private final Consumer<String> step;

  /// What was saved of an account.
  record Saved(String account, int mailboxes, long messages, long octets, List<String> damaged) {
    Saved {
      damaged = List.copyOf(damaged);
    }
  }

  /// Messages whose shared part is in the backup.
  static final class Stored {
    private static final int BITS = 20;
    private final Map<Long, BitSet> parts = new HashMap<>();

    boolean has(long message) {
      BitSet part = parts.get(message >>> BITS);
      return part != null && part.get((int) message & ((1 << BITS) - 1));
    }

    void add(long message) {
      parts
          .computeIfAbsent(message >>> BITS, key -> new BitSet())
          .set((int) message & ((1 << BITS) - 1));
    }
  }

  Backup(Workings workings, Consumer<String> step) {
    this.workings = workings;
    this.step = step;
  }

  /// Saves into a new folder.
  ///
  /// @param name whose mail; empty for everybody's
  /// @throws Refused ALREADY_EXISTS if the folder is there; NONEXISTENT if there is no such account
  Manifest run(Path target, Optional<String> name) {
    Path partial = partial(target);
    mustNotBe(target, "");
    mustNotBe(partial, ": another backup writes it, or one was cut off and it can be removed");
    List<Integer> accounts = accounts(name);
    try {
      Owned.directory(parent(target));
      Manifest manifest = write(partial, accounts, name.isEmpty(), JUMP);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      LogFiles.forceNames(parent(target));
      return manifest;
    } catch (IOException e) {
      remove(partial, e);
      throw new Refused(
          Refused.Reason.UNAVAILABLE, "The backup cannot be written: " + ClosedCheck.told(e), e);
    } catch (RuntimeException e) {
      remove(partial, e);
      throw e;
    }
  }

  /// The directory that a path stands in.
  static Path parent(Path target) {
    return target.toAbsolutePath().resolveSibling(".").normalize();
  }

  static Path partial(Path target) {
    return target.resolveSibling(target.getFileName() + ".partial");
  }

  private static void mustNotBe(Path folder, String why) {
    if (Files.exists(folder)) {
      throw new Refused(Refused.Reason.ALREADY_EXISTS, folder + " is there already" + why);
    }
  }

  /// What was written is of no use to anybody.
  private static void remove(Path partial, Exception why) {
    try {
      Rebuilding.removeAll(partial);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  List<Integer> accounts(Optional<String> name) {
    List<Integer> accounts =
        workings
            .db()
            .read(connection ->
                name.isEmpty()
                    ? Db.list(
                        connection, row -> row.getInt(1), "SELECT id FROM account ORDER BY id")
                    : Loads.account(connection, org.depozit.mime.Casemap.fold(name.get())).stream()
                        .map(Loads.AccountRow::id)
                        .toList());
    if (name.isPresent() && accounts.isEmpty()) {
      throw new Refused(Refused.Reason.NONEXISTENT, "There is no such account");
    }
    return accounts;
  }

  /// Writes facts, bodies and the manifest; all is forced when this returns.
  ///
  /// @param jump what the numbers are raised by
  Manifest write(Path partial, List<Integer> accounts, boolean all, long jump) throws IOException {
    List<Saved> saved = new ArrayList<>();
    try (Bodies.Pin _ = workings.bodies().pin();
        BackupLog log = new BackupLog(partial, workings.limits())) {
      Stored stored = new Stored();
      Set<Integer> seen = new HashSet<>();
      List<Integer> left = accounts;
      while (!left.isEmpty()) {
        for (int account : left) {
          seen.add(account);
          new AccountBackup(workings, log, stored, jump, account, step).run().ifPresent(saved::add);
        }
        // Accounts that were made meanwhile.
        left =
            all
                ? accounts(Optional.empty()).stream().filter(id -> !seen.contains(id)).toList()
                : List.of();
      }
      log.finish();
    }
    step.accept("checksums");
    return Manifest.write(partial, saved);
  }
}
