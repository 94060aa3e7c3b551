package org.depozit.storage;

/// What has changed between two versions of a mailbox.
///
/// @param vanished messages of the earlier version that are no longer there
/// @param changed messages of both versions whose mod-sequence rose (their flags or other metadata
///   changed)
/// @param arrived how many messages of the later version the earlier one had not
public record News(UidSet vanished, UidSet changed, int arrived) {
  /// Whether nothing has changed that a client must be told.
  public boolean none() {
    return vanished.isEmpty() && changed.isEmpty() && arrived == 0;
  }
}
