package org.depozit.storage;

import java.util.Set;

/// What STORE does to the flags of a message. RFC 9051 §6.4.6.
public sealed interface FlagChange {
  /// FLAGS: exactly these.
  record Replace(Set<Flag> flags) implements FlagChange {}

  /// +FLAGS: these too.
  record Add(Set<Flag> flags) implements FlagChange {}

  /// -FLAGS: no longer these.
  record Remove(Set<Flag> flags) implements FlagChange {}

  /// The flags that the change names.
  Set<Flag> flags();
}
