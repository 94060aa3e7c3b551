package org.depozit.server;

import java.util.List;

/// Takes out the mail of an account: first how much there is, then each mailbox before its
/// messages, these in the order of their UIDs. Used by one thread.
interface Outlet {
  /// How many octets are to come, about: mail comes and goes meanwhile.
  void total(long octets);

  /// A mailbox begins.
  ///
  /// @param name its whole name
  /// @param keywords that its messages may bear, in an order that stays
  void mailbox(String name, List<String> keywords);

  /// A message of that mailbox; its octets are read before this returns.
  ///
  /// @throws CommandFailed if it cannot be written
  void mail(OutgoingMail mail);
}
