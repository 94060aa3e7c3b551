package org.depozit.mime;

import java.util.Optional;

/// One row of an envelope's address list (RFC 3501 §7.4.2), in seven bits.
///
/// A group is told by two rows about its members: its start has a mailbox (the group's name) and no
/// host, its end has neither.
///
/// @param name the display name, or the comment that stands for it; quotes taken off, encoded-words
///   left alone
/// @param route the source route (`@a,@b`) of old mail
/// @param mailbox the local part; without its quotes if it needs none, with them if it does (RFC
///   3501 takes them off always, but nearly all clients put an @ behind it and use that as an
///   address, and some refuse the whole answer when it is none); `MISSING_MAILBOX` where there was
///   none, as Dovecot shows it
/// @param host the domain; `unspecified-domain` where there was none, as Cyrus shows it
public record Address(
    Optional<String> name,
    Optional<String> route,
    Optional<String> mailbox,
    Optional<String> host) {

  /// A mailbox with its display name.
  static Address of(Optional<String> name, String mailbox, String host) {
    return new Address(name, Optional.empty(), Optional.of(mailbox), Optional.of(host));
  }

  /// The start of the group called `name`.
  static Address groupStart(String name) {
    return new Address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
  }

  /// The end of a group.
  static Address groupEnd() {
    return new Address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Whether this row starts a group.
  public boolean startsGroup() {
    return mailbox.isPresent() && host.isEmpty();
  }

  /// Whether this row ends a group.
  public boolean endsGroup() {
    return mailbox.isEmpty() && host.isEmpty();
  }
}
