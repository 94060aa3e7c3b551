package org.depozit.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Whole rows of messages and of all that was copied from them, at whatever remove: those that are
/// there, and those of copies that were told and are still to be written, which are the rows of
/// their originals under other numbers.
final class CopyRows {
  private final Connection connection;
  private final List<Change.Copied> pending;
  private final OptionalInt account;

  /// By packed id.
  private final Map<Long, Row> rows = new LinkedHashMap<>();

  private long left = -1;

  /// A row, and what is noted of its message's header.
  record Row(Change.MessageFiled filed, Map<NotedField, String> texts) {
    Optional<Change> noted() {
      return texts.isEmpty()
          ? Optional.empty()
          : Optional.of(new Change.HeaderNoted(filed.mailbox(), filed.uid(), texts));
    }

    private Row copied(Change.Copied copied, int at) {
      long uid = copied.firstUid() + at;
      return new Row(
          filed.copied(copied.to(), uid, copied.modSeq(), copied.flags()[at], copied.savedAt()),
          texts);
    }

    private long id() {
      return Packed.of(filed.mailbox(), filed.uid());
    }
  }

  /// @param account in which messages were copied, which nobody does from one to another: what came
  ///   to others in the same delivery is left alone; empty if nobody knows
  /// @param pending copies whose rows may not be there
  CopyRows(Connection connection, OptionalInt account, List<Change.Copied> pending) {
    this.connection = connection;
    this.account = account;
    this.pending = pending;
  }

  /// Leaves one row out of the answer; what was copied from it is in.
  void without(int mailbox, long uid) {
    left = Packed.of(mailbox, uid);
  }

  /// Adds messages of a mailbox, as far as their rows are there, and what was copied from them.
  ///
  /// @return those whose rows are not there
  UidSet add(int mailbox, long[] uids) throws SQLException {
    UidSet.Builder found = new UidSet.Builder();
    Map<Long, Map<NotedField, String>> noted = MessageLoads.noted(connection, mailbox, uids);
    for (Change.MessageFiled filed : MessageLoads.filed(connection, mailbox, uids)) {
      Map<NotedField, String> texts = noted.getOrDefault(filed.uid(), Map.of());
      rows.put(Packed.of(mailbox, filed.uid()), new Row(filed, texts));
      found.add(filed.uid());
    }
    for (Row row : List.copyOf(rows.values())) {
      add(row.filed.message());
    }
    return UidSet.of(uids).minus(found.build());
  }

  /// Adds all messages of the account that share a part.
  void add(long message) throws SQLException {
    for (long id : sharing(message)) {
      // The one that is left out is read only for the sake of what is copied from it.
      if (!rows.containsKey(id) && (id != left || !pending.isEmpty())) {
        addRow(id);
      }
    }
  }

  private List<Long> sharing(long message) throws SQLException {
    String all = "SELECT c.id FROM mailbox_message c WHERE c.message = ?";
    // What a mailbox had that is gone may still be the original of others.
    String near =
        all + " AND NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.id = c.mailbox AND m.account <> ?)";
    return account.isPresent()
        ? Db.list(connection, row -> row.getLong(1), near, message, account.getAsInt())
        : Db.list(connection, row -> row.getLong(1), all, message);
  }

  private void addRow(long id) throws SQLException {
    long[] uid = {Packed.number(id)};
    int mailbox = Packed.owner(id);
    Map<Long, Map<NotedField, String>> noted = MessageLoads.noted(connection, mailbox, uid);
    for (Change.MessageFiled filed : MessageLoads.filed(connection, mailbox, uid)) {
      rows.put(id, new Row(filed, noted.getOrDefault(filed.uid(), Map.of())));
    }
  }

  /// All of them.
  Collection<Row> all() {
    Deque<Row> unasked = new ArrayDeque<>(rows.values());
    while (!unasked.isEmpty()) {
      for (Row copy : copies(unasked.remove())) {
        if (rows.putIfAbsent(copy.id(), copy) == null) {
          unasked.add(copy);
        }
      }
    }
    rows.remove(left);
    return rows.values();
  }

  private List<Row> copies(Row row) {
    List<Row> copies = new ArrayList<>();
    for (Change.Copied copied : pending) {
      if (copied.from() == row.filed.mailbox()) {
        copied.at(row.filed.uid()).ifPresent(at -> copies.add(row.copied(copied, at)));
      }
    }
    return copies;
  }
}
