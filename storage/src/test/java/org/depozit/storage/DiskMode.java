package org.depozit.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// Who may do what with a file or directory of a [SimulatedDisk]. A power cut keeps it.
final class DiskMode {
  private Set<PosixFilePermission> permissions;

  DiskMode(Set<PosixFilePermission> permissions) {
    this.permissions = Set.copyOf(permissions);
  }

  Set<PosixFilePermission> permissions() {
    return permissions;
  }

  void change(Set<PosixFilePermission> changed) {
    permissions = Set.copyOf(changed);
  }
}
