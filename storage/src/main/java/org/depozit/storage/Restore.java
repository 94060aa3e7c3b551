package org.depozit.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A store out of a backup: the backup's log is the new store's log, and [Rebuild] makes the
/// database from it. Numbers of accounts, mailboxes, messages and UIDs stay; the jump stands in the
/// backup already.
final class Restore {
  private Restore() {}

  /// Makes a new data directory; it has its name only when all is there.
  ///
  /// @param settings of a directory that is not there, or empty
  /// @throws Refused ALREADY_EXISTS if something is in it; UNAVAILABLE if the backup is damaged or
  ///   there is no room
  static Manifest whole(Path backup, StoreSettings settings, Consumer<String> step) {
    Path target = settings.directory();
    Path partial = Backup.partial(target);
    mustBeEmpty(target);
    try {
      clear(partial);
      Manifest manifest = open(backup, partial, settings.limits(), step);
      Files.deleteIfExists(target);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      LogFiles.forceNames(Backup.parent(target));
      return manifest;
    } catch (IOException e) {
      throw new Refused(
          Refused.Reason.UNAVAILABLE, "The backup cannot be restored: " + ClosedCheck.told(e), e);
    }
  }

  private static void mustBeEmpty(Path directory) {
    try (Stream<Path> entries = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
      if (entries.findAny().isPresent()) {
        throw new Refused(
            Refused.Reason.ALREADY_EXISTS,
            directory + " is not empty: a backup is restored into a new directory");
      }
    } catch (IOException e) {
      throw new Refused(Refused.Reason.UNAVAILABLE, directory + " cannot be read", e);
    }
  }

  /// Takes away what a restore that was cut off has left.
  ///
  /// @throws Refused IN_USE if another is at work there
  private static void clear(Path partial) throws IOException {
    if (Files.isDirectory(partial)) {
      StoreLock.lock(partial).close();
      Rebuilding.removeAll(partial);
    }
  }

  /// Makes a data directory of a verified backup.
  static Manifest open(Path backup, Path directory, StoreLimits limits, Consumer<String> step)
      throws IOException {
    step.accept("checksums");
    Manifest manifest = Manifest.verified(backup);
    copy(manifest, backup, directory, step);
    step.accept("making the database");
    List<Rebuild.Loss> losses = new ArrayList<>();
    Rebuild.run(directory, limits, losses::add);
    if (!losses.isEmpty()) {
      throw new IOException("the backup does not hold all it should: " + losses.getFirst().what());
    }
    return manifest;
  }

  private static void copy(Manifest manifest, Path backup, Path directory, Consumer<String> step)
      throws IOException {
    try (StoreLock _ = StoreLock.lock(directory)) {
      LogFiles files = new LogFiles(directory.resolve("log"));
      for (Manifest.Saved file : manifest.files()) {
        step.accept("copying " + file.name());
        copy(
            backup.resolve("log").resolve(file.name()),
            directory.resolve("log").resolve(file.name()));
      }
      files.force();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out = LogFiles.create(to)) {
      long at = 0;
      while (at < in.size()) {
        at += in.transferTo(at, in.size() - at, out);
      }
      out.force(true);
    }
  }
}
