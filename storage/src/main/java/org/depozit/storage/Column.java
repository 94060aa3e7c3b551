package org.depozit.storage;

/// What [Mailbox#fetch] can bring beside what the [View] knows (UID, flags, mod-sequence, size,
/// internal date).
public enum Column {
  /// The rendered ENVELOPE. RFC 9051 §7.5.2.
  ENVELOPE,
  /// The body structure with its octet ranges.
  STRUCTURE
}
