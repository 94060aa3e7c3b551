package org.depozit.storage;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/// A path on a [SimulatedDisk]: the grammar of names is that of the machine's own paths, whatever
/// stands there.
record DiskPath(DiskFileSystem files, Path name) implements Path {
  private DiskPath with(Path other) {
    return new DiskPath(files, other);
  }

  private @Nullable Path orNull(@Nullable Path other) {
    return other == null ? null : with(other);
  }

  private static Path name(Path other) {
    return other instanceof DiskPath path ? path.name : other;
  }

  @Override
  public FileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return name.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return orNull(name.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return orNull(name.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return orNull(name.getParent());
  }

  @Override
  public int getNameCount() {
    return name.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(name.getName(index));
  }

  @Override
  public Path subpath(int from, int to) {
    return with(name.subpath(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof DiskPath path && path.files == files && name.startsWith(path.name);
  }

  @Override
  public boolean endsWith(Path other) {
    return name.endsWith(name(other));
  }

  @Override
  public Path normalize() {
    return with(name.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(name.resolve(name(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(name.relativize(name(other)));
  }

  @Override
  public URI toUri() {
    return URI.create("simulated:" + name.toUri().getRawPath());
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : with(Path.of("/").resolve(name));
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw DiskFileSystem.missing();
  }

  @Override
  public int compareTo(Path other) {
    return name.compareTo(name(other));
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
