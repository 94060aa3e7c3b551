package org.depozit.storage;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/// What is told of a file or directory of a [SimulatedDisk].
record DiskAttributes(
    boolean isDirectory, long size, Set<PosixFilePermission> permissions, Object fileKey)
    implements PosixFileAttributes {
  private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_000L);

  static DiskAttributes of(DiskNode node) {
    return switch (node) {
      case DiskFile file -> new DiskAttributes(false, file.size(), file.permissions(), file);
      case DiskDirectory directory ->
          new DiskAttributes(true, 0, directory.permissions(), directory);
    };
  }

  @Override
  public UserPrincipal owner() {
    return () -> "owner";
  }

  @Override
  public GroupPrincipal group() {
    throw DiskFileSystem.missing();
  }

  @Override
  public FileTime lastModifiedTime() {
    return THEN;
  }

  @Override
  public FileTime lastAccessTime() {
    return THEN;
  }

  @Override
  public FileTime creationTime() {
    return THEN;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }
}
