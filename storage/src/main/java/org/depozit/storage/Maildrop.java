package org.depozit.storage;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An account's INBOX, locked for one POP3 session. RFC 1939 §4. The listing is read once: numbers
/// and sizes stay put. Used by one session's thread.
public interface Maildrop extends AutoCloseable {
  /// One message of the listing.
  ///
  /// @param uid its UID
  /// @param octets its size exactly as RETR sends it before dot-stuffing
  /// @param uidl its unique id, 1 to 70 characters of 0x21 to 0x7E, never reused (RFC 1939 §7)
  record Item(long uid, long octets, String uidl) {}

  /// The messages, oldest first; message number n stands at index n-1.
  List<Item> items();

  /// The sum of all sizes.
  long octets();

  /// How many messages from the first an earlier session has accessed: the number that LAST starts
  /// from (RFC 1460).
  int lastAccessed();

  /// Notes the highest message that this session has accessed, for LAST of later sessions; kept
  /// when the session ends.
  ///
  /// @param number message number, 0 for none
  void accessed(int number);

  /// The octets of a message; empty if it was expunged by an IMAP session meanwhile.
  Optional<Content> content(Item item);

  /// Sets `\Seen` (only where the configuration asks RETR to do so).
  void seen(Item item);

  /// The update of QUIT (RFC 1939 §6): removes these messages in one step.
  void remove(Set<Item> items);

  /// Gives the lock back; deletes nothing.
  @Override
  void close();
}
