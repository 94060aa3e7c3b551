package org.depozit.storage;

/// How a delivery went for one recipient. RFC 2033 §4.2.
public sealed interface Delivered {
  /// On disk, under this UID.
  record Kept(long uid) implements Delivered {}

  /// Not kept for this recipient; others may have it.
  record NotKept(Refused why) implements Delivered {}
}
