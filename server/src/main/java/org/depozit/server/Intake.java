package org.depozit.server;

import java.util.List;

/// Takes in messages one after the other, in order; they are durable when [#finish] has returned.
/// Used by one thread.
interface Intake {
  /// Takes one message. It may be kept back to travel with the next ones.
  void take(ImportedMail mail);

  /// What could not be taken so far, a line each.
  List<String> failures();

  /// How many messages are in the store so far.
  long taken();

  /// Takes what was kept back; the last call.
  void finish();
}
