package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows changed where they stand are what UPDATE makes of them, in every index.
final class H2InPlaceTests {
  private static final int ROWS = 300;

  @TempDir private Path directory;

  private PageJournal pages;
  private Db db;
  private Rows rows;

  @BeforeEach
  void open() {
    pages = Schema.open(directory, StoreLimits.DEFAULTS);
    Dialect dialect = new H2Dialect(pages);
    db = new Db(dialect, dialect.url(), 2);
    rows = new Rows(db);
    for (int uid = 1; uid <= ROWS; uid++) {
      byte[] none = {1};
      rows.apply(
          new Change.MessageFiled(
              7, uid, uid, uid, 0, 0, 0, 0, 9, none, none, 1, 2, 3, 4, uid % 5));
    }
    rows.commit();
  }

  @AfterEach
  void close() throws Exception {
    db.close();
    rows.close();
    pages.close();
  }

  private void set(long uid, long flags, long modSeq) {
    try {
      db.dialect().setFlags(rows.statements(), Packed.of(7, uid), flags, modSeq);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  private List<String> read(String sql) {
    return db.read(connection ->
        Db.list(
            connection, row -> row.getLong(1) + " " + row.getLong(2) + " " + row.getLong(3), sql));
  }

  /// By the row itself, and by its index of mod-sequences.
  private List<String> told() {
    String columns = "SELECT id, flags, mod_seq FROM mailbox_message ";
    List<String> byKey = read(columns + "WHERE id > 0 ORDER BY id");
    List<String> byIndex = read(columns + "WHERE mailbox = 7 AND mod_seq > 0 ORDER BY mod_seq");
    assertThat(byIndex).containsExactlyInAnyOrderElementsOf(byKey);
    assertThat(read("SELECT id, flags, mod_seq FROM mailbox_message WHERE from_person = 1"))
        .containsExactlyInAnyOrderElementsOf(byKey);
    return byKey;
  }

  @Test
  void theRowAndTheIndexesTellTheSame() {
    Random random = new Random(5);
    long[] flags = new long[ROWS + 1];
    long[] modSeqs = new long[ROWS + 1];
    for (int uid = 1; uid <= ROWS; uid++) {
      modSeqs[uid] = uid;
    }
    for (int step = 0; step < 2_000; step++) {
      int uid = 1 + random.nextInt(ROWS);
      flags[uid] = random.nextLong() >>> 1;
      modSeqs[uid] = 1_000L + step;
      set(uid, flags[uid], modSeqs[uid]);
      if (step % 100 == 0) {
        rows.commit();
      }
    }
    rows.commit();
    List<String> told = told();
    for (int uid = 1; uid <= ROWS; uid++) {
      assertThat(told.get(uid - 1))
          .isEqualTo(Packed.of(7, uid) + " " + flags[uid] + " " + modSeqs[uid]);
    }
  }

  @Test
  void theTransactionSeesItOthersOnlyWhenItIsCommittedAndNobodyIfItIsRolledBack()
      throws SQLException {
    List<String> before = told();
    set(5, 3, 1_000);
    String mine = "SELECT mod_seq FROM mailbox_message WHERE id = ?";
    assertThat(rows.statements().number(mine, Packed.of(7, 5))).hasValue(1_000);
    assertThat(told()).isEqualTo(before);
    rows.rollback();
    assertThat(told()).isEqualTo(before);
    set(5, 3, 1_000);
    rows.commit();
    assertThat(told()).isNotEqualTo(before);
    rows.checkpoint();
  }

  @Test
  void aRowThatIsNotThereStaysAway() {
    List<String> before = told();
    set(ROWS + 1, 3, 1_000);
    rows.commit();
    assertThat(told()).isEqualTo(before);
  }

  private List<Long> mailbox() {
    return db.read(connection ->
            Db.list(
                connection,
                row ->
                    List.of(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)),
                "SELECT uid_next, highest_mod_seq, messages, unseen, deleted, octets FROM mailbox"))
        .getFirst();
  }

  private static MailboxCounters counters(int mailbox, long all) {
    return new MailboxCounters(mailbox, 1, "x", 9, all, all + 1, 3, 2, 1, all + 2);
  }

  @Test
  void theCountersOfAMailboxAreSetAndNothingElse() throws SQLException {
    rows.apply(new Change.MailboxCreated(7, 1, "INBOX", 9, ""));
    rows.commit();
    db.dialect().setCounters(rows.statements(), counters(7, 1L << 33));
    db.dialect().setCounters(rows.statements(), counters(8, 5));
    assertThat(mailbox()).containsExactly(1L, 1L, 0L, 0L, 0L, 0L);
    rows.commit();
    long all = 1L << 33;
    assertThat(mailbox()).containsExactly(all, all + 1, 3L, 2L, 1L, all + 2);
    assertThat(
            read(
                "SELECT id, account, uid_validity FROM mailbox WHERE account = 1 AND name = 'INBOX'"))
        .containsExactly("7 1 9");
  }

  @Test
  void aLastNumberOnlyRises() throws SQLException {
    String mine = "SELECT last_value FROM counter WHERE name = 'message'";
    for (long number : new long[] {5, 3, 1L << 40, 6}) {
      db.dialect().raise(rows.statements(), "message", number);
    }
    assertThat(rows.statements().number(mine)).hasValue(1L << 40);
    rows.rollback();
    assertThat(rows.statements().number(mine)).hasValue(0);
    db.dialect().raise(rows.statements(), "message", 7);
    db.dialect().raise(rows.statements(), "no such row", 7);
    db.dialect().commit(rows.statements());
    assertThat(read("SELECT last_value, 0, 0 FROM counter WHERE name = 'message'"))
        .containsExactly("7 0 0");
    assertThat(rows.statements().number("SELECT COUNT(*) FROM counter")).hasValue(4);
  }
}
