package org.depozit.storage;

/// What a [FlagChange] does to the bits of any message.
///
/// @param kept of what is there
/// @param added to it
record FlagEffect(long kept, long added) {
  /// @param mask the bits of the change's flags
  static FlagEffect of(FlagChange change, long mask) {
    return switch (change) {
      case FlagChange.Replace _ -> new FlagEffect(0, mask);
      case FlagChange.Add _ -> new FlagEffect(-1, mask);
      case FlagChange.Remove _ -> new FlagEffect(~mask, 0);
    };
  }

  /// The bits of a message that had these.
  long on(long bits) {
    return (bits & kept) | added;
  }
}
