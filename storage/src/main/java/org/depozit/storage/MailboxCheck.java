package org.depozit.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.depozit.storage.Change.Dictionary;

/// The messages of a mailbox, row by row: against the mailbox's counters and keywords, the shared
/// parts and texts they name, and the mailbox's [View] if somebody has it open. One thread.
final class MailboxCheck {
  private final States states;
  private final int mailbox;
  private final Map<Dictionary, BitSet> texts = new EnumMap<>(Dictionary.class);
  private Optional<View> view = Optional.empty();
  private long known;
  private int position;
  private int unseen;
  private int deleted;
  private long octets;

  MailboxCheck(States states, int mailbox) {
    this.states = states;
    this.mailbox = mailbox;
  }

  void look(Snapshot rows, Faults found) throws SQLException {
    Optional<View> before = view();
    Optional<MailboxCounters> row = Loads.counters(rows.connection(), mailbox);
    if (row.isEmpty()) {
      return;
    }
    // Only a version that was the latest before the snapshot and after is the snapshot's.
    view = view().filter(after -> before.isPresent() && before.get() == after);
    MailboxCounters counters = row.get();
    texts(counters.account(), rows);
    known = (1L << FlagBits.FIRST_KEYWORD) - 1;
    Loads.keywords(rows.connection(), mailbox).forEach(keyword -> known |= 1L << keyword.bit());
    rows.each(
        message -> look(message, counters, rows, found),
        "SELECT c.id, c.mailbox, c.message, c.flags, c.mod_seq, c.size, c.from_person, c.to_person,"
            + " c.cc_person, c.bcc_person, c.subject, OCTET_LENGTH(c.prefix), OCTET_LENGTH(c.envelope),"
            + " m.body_length, c.internal_date, c.sent_day"
            + " FROM mailbox_message c LEFT JOIN message m ON m.id = c.message"
            + " WHERE c.id BETWEEN ? AND ? ORDER BY c.id",
        Packed.first(mailbox),
        Packed.last(mailbox));
    counted(counters, found);
  }

  private Optional<View> view() {
    return states.find(mailbox).filter(OpenMailbox::loaded).map(OpenMailbox::view);
  }

  private void texts(int account, Snapshot rows) throws SQLException {
    for (Dictionary dictionary : Dictionary.values()) {
      BitSet ids = new BitSet();
      ids.set(0);
      rows.each(
          row -> ids.set((int) Packed.number(row.getLong(1))),
          "SELECT id FROM " + TextRows.table(dictionary) + " WHERE id BETWEEN ? AND ? ORDER BY id",
          Packed.first(account),
          Packed.last(account));
      texts.put(dictionary, ids);
    }
  }

  private void look(ResultSet row, MailboxCounters counters, Snapshot rows, Faults found)
      throws SQLException {
    long id = row.getLong(1);
    String place = TableCheck.place("mailbox_message", id);
    if (row.getInt(2) != mailbox) {
      found.add(place, "it names mailbox " + row.getInt(2));
    }
    long flags = row.getLong(4);
    if ((flags & ~known) != 0) {
      found.add(place, "flags without a name: bits " + Long.toBinaryString(flags & ~known));
    }
    if (row.getLong(5) > counters.highestModSeq()) {
      found.add(place, "its mod-sequence is above the mailbox's");
    }
    if (Packed.number(id) >= counters.uidNext()) {
      found.add(place, "its UID is not below UIDNEXT");
    }
    named(row, place, found);
    sized(row, id, place, rows, found);
    shown(row, place, found);
    position++;
    unseen += FlagBits.unseen(flags);
    deleted += FlagBits.deleted(flags);
    octets += row.getLong(6);
  }

  private void named(ResultSet row, String place, Faults found) throws SQLException {
    text(row.getInt(7), Dictionary.SENDER, place, found);
    text(row.getInt(8), Dictionary.RECIPIENT, place, found);
    text(row.getInt(9), Dictionary.RECIPIENT, place, found);
    text(row.getInt(10), Dictionary.RECIPIENT, place, found);
    text(row.getInt(11), Dictionary.SUBJECT, place, found);
  }

  private void text(int id, Dictionary dictionary, String place, Faults found) {
    if (id < 0 || !Objects.requireNonNull(texts.get(dictionary)).get(id)) {
      found.add(place, "it names a " + TextRows.table(dictionary) + " that is not there: " + id);
    }
  }

  private static void sized(ResultSet row, long id, String place, Snapshot rows, Faults found)
      throws SQLException {
    long body = row.getLong(14);
    if (row.wasNull()) {
      found.add(place, "its shared part is not there: message " + row.getLong(3));
      return;
    }
    long prefix = row.getLong(12);
    if (row.getLong(6) - body > MessageRows.LONGEST) {
      prefix = Loads.pieces(rows.connection(), id, MessageRows.PREFIX).length;
    }
    if (row.getLong(6) != prefix + body) {
      found.add(
          place,
          "its size is %d, its trace headers have %d octets, its body %d"
              .formatted(row.getLong(6), prefix, body));
    }
    if (row.getLong(13) == 0
        && Loads.pieces(rows.connection(), id, MessageRows.ENVELOPE).length == 0) {
      found.add(place, "it has no envelope");
    }
  }

  private void shown(ResultSet row, String place, Faults found) throws SQLException {
    if (view.isEmpty() || position >= view.get().count()) {
      return;
    }
    View shown = view.get();
    boolean same =
        shown.uid(position) == Packed.number(row.getLong(1))
            && shown.flagBits(position) == row.getLong(4)
            && shown.modSeq(position) == row.getLong(5)
            && shown.size(position) == row.getLong(6)
            && shown.from(position) == row.getInt(7)
            && shown.subject(position) == row.getInt(11)
            && shown.internalDate(position).packed() == row.getLong(15)
            && shown.sentDay(position) == row.getInt(16);
    if (!same) {
      found.add(place, "the open mailbox shows it otherwise, at position " + position);
    }
  }

  private void counted(MailboxCounters counters, Faults found) {
    String place = "table mailbox, " + mailbox;
    count(place, "messages", counters.messages(), position, found);
    count(place, "unseen", counters.unseen(), unseen, found);
    count(place, "deleted", counters.deleted(), deleted, found);
    count(place, "octets", counters.octets(), octets, found);
    view.ifPresent(shown -> {
      count("the open mailbox " + mailbox, "messages", shown.count(), position, found);
      count("the open mailbox " + mailbox, "UIDNEXT", shown.uidNext(), counters.uidNext(), found);
      count(
          "the open mailbox " + mailbox,
          "HIGHESTMODSEQ",
          shown.highestModSeq(),
          counters.highestModSeq(),
          found);
    });
  }

  private static void count(String place, String what, long told, long real, Faults found) {
    if (told != real) {
      found.add(place, what + " is " + told + ", counted " + real);
    }
  }
}
