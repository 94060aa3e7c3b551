package org.depozit.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Finds the messages whose bodies are lost or are not the octets that came in, says which they
/// are, and expunges them: nobody can have them as they were, and clients that are told of them
/// would ask for ever. One thread, once.
final class LostBodies {
  private final Workings workings;
  private final Consumer<String> told;

  /// A copy of a lost message.
  private record Copy(int mailbox, long uid, String account, String name, String subject) {}

  private LostBodies(Workings workings, Consumer<String> told) {
    this.workings = workings;
    this.told = told;
  }

  /// @param told is told of each copy, a line each
  static void expunge(Workings workings, Consumer<String> step, Consumer<String> told) {
    LostBodies lost = new LostBodies(workings, told);
    Map<Integer, UidSet.Builder> gone = new HashMap<>();
    new MessageCheck(workings, step).lost((message, why) -> lost.tell(message, why, gone));
    gone.forEach((mailbox, uids) -> lost.expunge(mailbox, uids.build()));
  }

  private void tell(long message, String why, Map<Integer, UidSet.Builder> gone) {
    for (Copy copy : workings.db().read(connection -> copies(connection, message))) {
      gone.computeIfAbsent(copy.mailbox, mailbox -> new UidSet.Builder()).add(copy.uid, copy.uid);
      told.accept(
          "lost: account %s, mailbox %s, UID %d, subject \"%s\": %s"
              .formatted(copy.account, copy.name, copy.uid, copy.subject, why)
              .replaceAll("\\p{Cntrl}", "?"));
    }
  }

  private static List<Copy> copies(Connection connection, long message) throws SQLException {
    return new ArrayList<>(
        Db.list(
            connection,
            row ->
                new Copy(
                    Packed.owner(row.getLong(1)),
                    Packed.number(row.getLong(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4)),
            "SELECT c.id, a.name, b.name, m.base_subject FROM mailbox_message c"
                + " JOIN mailbox b ON b.id = c.mailbox JOIN account a ON a.id = b.account"
                + " JOIN message m ON m.id = c.message WHERE c.message = ? ORDER BY c.id",
            message));
  }

  private void expunge(int mailbox, UidSet uids) {
    workings
        .states()
        .open(mailbox, workings.commits())
        .ifPresent(open ->
            workings
                .commits()
                .submit(ledger -> {
                  long modSeq = ledger.counters(open.mailbox()).highestModSeq() + 1;
                  return Outcome.forced(new Change.Expunged(open.mailbox(), modSeq, uids), uids);
                }));
  }
}
