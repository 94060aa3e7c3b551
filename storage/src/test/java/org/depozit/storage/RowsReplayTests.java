package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After a crash the log is replayed from the last checkpoint over rows that may be newer: the end
/// is the same, wherever the checkpoint was and however far the rows had come.
final class RowsReplayTests {
  private static final List<String> TABLES =
      List.of(
          "counter",
          "account",
          "mailbox",
          "subscription",
          "keyword",
          "message",
          "mailbox_message",
          "header",
          "piece",
          "expunged",
          "sender",
          "recipient",
          "subject",
          "long_text",
          "uidl",
          "maildrop");

  /// Changes of more than seven rows are replayed in several transactions.
  private static final StoreLimits.Bulk SLICES =
      new StoreLimits.Bulk(7, 1_000_000, 200, 10_000, 5_000, 7);

  @TempDir Path directory;

  /// A history as the writer would make it.
  private static final class History {
    private final Random random;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Integer, Map<Long, Long>> mailboxes = new LinkedHashMap<>();
    private final Map<Integer, Long> uidNext = new LinkedHashMap<>();
    private long modSeq = 1;
    private int lastMailbox;
    private long lastMessage;

    History(long seed) {
      random = new Random(seed);
      changes.add(new Change.AccountCreated(1, "ana", "hash", 7));
      create();
      create();
      for (int i = 0; i < 150; i++) {
        step();
      }
    }

    private void create() {
      int mailbox = ++lastMailbox;
      mailboxes.put(mailbox, new LinkedHashMap<>());
      uidNext.put(mailbox, 1L);
      changes.add(
          new Change.MailboxCreated(mailbox, 1, "m" + random.nextInt(3), 100 + mailbox, ""));
    }

    private int any() {
      return mailboxes.keySet().stream()
          .skip(random.nextInt(mailboxes.size()))
          .findFirst()
          .orElseThrow();
    }

    private void step() {
      int mailbox = any();
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> arrive(mailbox);
        case 5, 6 -> flags(mailbox);
        case 7 -> expunge(mailbox);
        case 8 -> copy(mailbox, any(), random.nextBoolean());
        case 9 -> copyMany(mailbox, any(), random.nextBoolean());
        case 10 -> changes.add(new Change.MailboxRenamed(mailbox, "m" + random.nextInt(3)));
        default -> {
          if (mailboxes.size() > 2) {
            mailboxes.remove(mailbox);
            changes.add(new Change.MailboxDeleted(mailbox));
          } else {
            create();
          }
        }
      }
    }

    private void arrive(int mailbox) {
      long message = ++lastMessage;
      byte[] structure = new byte[random.nextInt(6) == 0 ? 9_000 : 30];
      int text = (int) message;
      changes.add(
          new Change.Together(
              List.of(
                  new Change.TextNamed(
                      1,
                      Change.Dictionary.SUBJECT,
                      text,
                      "S".repeat(random.nextInt(5) == 0 ? 4_500 : 9) + text),
                  new Change.MessageStored(
                      message,
                      new Change.BodyPlace(1, message, 10),
                      new byte[32],
                      structure,
                      "<" + message + ">",
                      "s"),
                  filed(mailbox, message, random.nextInt(16)),
                  noted(mailbox, message))));
      changes.add(
          new Change.UidlSet(mailbox, uidNext.getOrDefault(mailbox, 1L) - 1, "u" + message));
    }

    private Change.MessageFiled filed(int mailbox, long message, long flags) {
      long uid = uidNext.merge(mailbox, 1L, Long::sum) - 1;
      mailboxes.getOrDefault(mailbox, Map.of()).put(uid, message);
      return new Change.MessageFiled(
          mailbox,
          uid,
          ++modSeq,
          message,
          flags,
          5,
          6,
          7,
          10 + message,
          new byte[0],
          new byte[20],
          1,
          2,
          0,
          0,
          (int) message);
    }

    /// Of the message filed last.
    private Change noted(int mailbox, long message) {
      return new Change.HeaderNoted(
          mailbox,
          uidNext.getOrDefault(mailbox, 1L) - 1,
          Map.of(NotedField.MESSAGE_ID, "<" + message + ">\n"));
    }

    private void flags(int mailbox) {
      long[] uids =
          mailboxes.getOrDefault(mailbox, Map.of()).keySet().stream()
              .mapToLong(uid -> uid)
              .toArray();
      if (uids.length > 0) {
        changes.add(
            new Change.FlagsSet(
                mailbox, ++modSeq, uids, random.longs(uids.length, 0, 32).toArray()));
      }
    }

    private void expunge(int mailbox) {
      long[] uids =
          mailboxes.getOrDefault(mailbox, Map.of()).keySet().stream()
              .filter(uid -> random.nextInt(3) == 0)
              .mapToLong(uid -> uid)
              .toArray();
      if (uids.length > 0) {
        changes.add(gone(mailbox, uids));
      }
    }

    private Change.Expunged gone(int mailbox, long[] uids) {
      for (long uid : uids) {
        mailboxes.getOrDefault(mailbox, Map.of()).remove(uid);
      }
      return new Change.Expunged(mailbox, ++modSeq, UidSet.of(uids));
    }

    /// Many at once, as one change.
    private void copyMany(int from, int to, boolean move) {
      Map<Long, Long> there = new java.util.TreeMap<>(mailboxes.getOrDefault(from, Map.of()));
      if (there.isEmpty()) {
        return;
      }
      long first = uidNext.getOrDefault(to, 1L);
      UidSet uids = UidSet.of(there.keySet().stream().mapToLong(uid -> uid).toArray());
      long[] flags = random.longs(there.size(), 0, 32).toArray();
      Change copied = new Change.Copied(from, uids, to, first, ++modSeq, 8, flags);
      there
          .values()
          .forEach(message -> {
            long uid = uidNext.merge(to, 1L, Long::sum) - 1;
            mailboxes.getOrDefault(to, Map.of()).put(uid, message);
          });
      changes.add(
          move
              ? new Change.Together(
                  List.of(copied, gone(from, there.keySet().stream().mapToLong(u -> u).toArray())))
              : copied);
    }

    private void copy(int from, int to, boolean move) {
      Map<Long, Long> source = Map.copyOf(mailboxes.getOrDefault(from, Map.of()));
      List<Change> all = new ArrayList<>();
      source.forEach((uid, message) -> {
        all.add(filed(to, message, 1));
        all.add(noted(to, message));
      });
      if (move && !source.isEmpty()) {
        all.add(gone(from, source.keySet().stream().mapToLong(uid -> uid).toArray()));
      }
      if (!all.isEmpty() && all.size() < 40) {
        changes.add(new Change.Together(all));
      } else if (!all.isEmpty()) {
        changes.addAll(all);
      }
    }
  }

  private static void apply(Rows rows, List<Change> changes) {
    for (Change change : changes) {
      rows.begin();
      rows.apply(change);
      rows.commit();
    }
  }

  private static Map<String, List<String>> dump(Connection connection) throws SQLException {
    Map<String, List<String>> dump = new LinkedHashMap<>();
    for (String table : TABLES) {
      dump.put(
          table,
          Db.list(
                  connection,
                  row -> {
                    StringBuilder line = new StringBuilder();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                      line.append(row.getString(i)).append('|');
                    }
                    return line.toString();
                  },
                  "SELECT * FROM " + table)
              .stream()
              .sorted()
              .toList());
    }
    return dump;
  }

  @Test
  void replayingOverNewerRowsEndsInTheSameRows() throws Exception {
    for (int seed = 1; seed <= 4; seed++) {
      List<Change> changes = new History(seed).changes;
      Path own = Files.createDirectory(directory.resolve("s" + seed));
      PageJournal pages = Schema.open(own, StoreLimits.DEFAULTS);
      Dialect dialect = new H2Dialect(pages);
      try (pages;
          Db db = new Db(dialect, dialect.url(), 1);
          Rows rows = new Rows(db, SLICES)) {
        apply(rows, changes);
        rows.recount();
        Map<String, List<String>> right = dump(rows.statements().connection());
        assertThat(right.get("mailbox_message")).isNotEmpty();
        for (int checkpoint = 0; checkpoint < changes.size(); checkpoint += 7) {
          apply(rows, changes.subList(checkpoint, changes.size()));
          rows.recount();
          assertThat(dump(rows.statements().connection()))
              .as("seed %s, from change %s", seed, checkpoint)
              .isEqualTo(right);
        }
      }
    }
  }
}
