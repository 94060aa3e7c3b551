package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What loads and searches cost, printed; the bounds are far above what was measured, and catch
/// what grows with the mailbox where it must not.
final class SearchSpeedTests {
  private static final int PERSONS = 20_000;
  private static final int SHARE = 2_000;

  private final Dictionary persons = new Dictionary();
  private final Dictionary subjects = new Dictionary();

  @TempDir Path directory;

  private static View load(int count) {
    Random random = new Random(1);
    ViewBuilder rows = new ViewBuilder(1, 1);
    for (int uid = 1; uid <= count; uid++) {
      rows.add(
          uid,
          uid,
          random.nextInt(10) == 0 ? 0 : 1,
          InternalDate.unpacked(uid).packed(),
          uid / 100,
          4_000,
          person(uid),
          1 + uid % 1_000);
    }
    return rows.build(count + 1L, count, 0);
  }

  /// Every 2,000th message is Cristi's, the first of them late.
  private static int person(long uid) {
    return uid % SHARE == SHARE / 4 ? 1 + (int) (uid % 12) : 13 + (int) (uid * 31 % (PERSONS - 12));
  }

  private void fillPersons() {
    for (int id = 1; id <= PERSONS; id++) {
      String name = id <= 12 ? "CRISTI " + id : "SOMEBODY ELSE " + id;
      persons.add(id, name + " <P" + id + "@EXAMPLE.ORG>");
    }
    for (int id = 1; id <= 1_000; id++) {
      subjects.add(id, "RE: THE MATTER NUMBER " + id);
    }
  }

  private SearchSources sources(Db db) {
    return new SearchSources(
        1,
        db,
        dictionary -> dictionary == Change.Dictionary.SUBJECT ? subjects : persons,
        _ -> Optional.empty(),
        _ -> Optional.empty(),
        new Scans());
  }

  private static double median(LongSupplier run) {
    long[] times = new long[21];
    for (int i = 0; i < times.length; i++) {
      times[i] = run.getAsLong();
    }
    Arrays.sort(times);
    return times[times.length / 2] / 1_000.0;
  }

  private static double micros(SearchSources sources, View view, SearchKey key, Return wanted) {
    return median(() -> {
      long start = System.nanoTime();
      new SearchPlan(sources, view, key, Set.of(wanted)).run();
      return System.nanoTime() - start;
    });
  }

  @Test
  void theFirstMessageFromSomebodyCostsNoMoreInALargeMailbox() throws Exception {
    fillPersons();
    View million = load(1_000_000);
    try (PageJournal pages = PageJournal.open(directory);
        Db db = new Db(new H2Dialect(pages), new H2Dialect(pages).url(), 2)) {
      insert(db, 100_000);
      SearchSources sources = sources(db);
      SearchKey from = new SearchKey.AddressField(SearchKey.AddressName.FROM, "Cristi");
      SearchKey to = new SearchKey.AddressField(SearchKey.AddressName.TO, "Cristi");
      SearchKey unseen = new SearchKey.Not(new SearchKey.HasFlag(Flag.SEEN));
      double[] first = new double[3];
      int[] sizes = {1_000, 10_000, 100_000};
      for (int i = 0; i < sizes.length; i++) {
        View view = load(sizes[i]);
        first[i] = micros(sources, view, from, Return.MIN);
        System.out.printf(
            "%,9d messages: MIN FROM %.0f µs, MAX FROM %.0f µs, ALL FROM %.0f µs, MIN TO %.0f µs,"
                + " MAX TO %.0f µs, ALL TO %.0f µs, COUNT UNSEEN %.0f µs%n",
            sizes[i],
            first[i],
            micros(sources, view, from, Return.MAX),
            micros(sources, view, from, Return.ALL),
            micros(sources, view, to, Return.MIN),
            micros(sources, view, to, Return.MAX),
            micros(sources, view, to, Return.ALL),
            micros(sources, view, unseen, Return.COUNT));
      }
      System.out.printf(
          "1,000,000 messages: COUNT FROM %.0f µs, COUNT UNSEEN %.0f µs, MIN UNSEEN %.0f µs, ALL"
              + " UNSEEN SINCE %.0f µs, COUNT SUBJECT %.0f µs, UID at the end %.0f µs%n",
          micros(sources, million, from, Return.COUNT),
          micros(sources, million, unseen, Return.COUNT),
          micros(sources, million, unseen, Return.MIN),
          micros(
              sources,
              million,
              new SearchKey.And(
                  List.of(
                      unseen,
                      new SearchKey.Received(
                          SearchKey.When.SINCE, java.time.LocalDate.EPOCH.minusDays(2)))),
              Return.ALL),
          micros(sources, million, new SearchKey.HeaderField("SUBJECT", "number 77"), Return.COUNT),
          micros(
              sources,
              million,
              new SearchKey.And(
                  List.of(unseen, new SearchKey.Uids(UidSet.range(999_000, 1_000_000)))),
              Return.ALL));
      assertThat(first[2]).isLessThan(20 * first[0] + 5_000);
    }
  }

  @Test
  void aMillionMessagesLoadQuicklyAndInFewOctets() {
    long start = System.nanoTime();
    View view = load(1_000_000);
    long loaded = System.nanoTime();
    int unseen = view.unseen();
    int first = view.firstUnseen();
    long counted = System.nanoTime();
    System.out.printf(
        "1M rows loaded in %d ms; unseen %,d, first at %d, in %d µs%n",
        (loaded - start) / 1_000_000, unseen, first, (counted - loaded) / 1_000);
    assertThat(view.count()).isEqualTo(1_000_000);
    assertThat(counted - loaded).isLessThan(100_000_000);
  }

  private static void insert(Db db, int count) throws SQLException {
    try (Connection connection = db.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE mailbox_message (id BIGINT PRIMARY KEY, from_person INT, to_person INT)");
      statement.execute(
          "CREATE INDEX mailbox_message_by_from ON mailbox_message (from_person, id)");
      statement.execute("CREATE INDEX mailbox_message_by_to ON mailbox_message (to_person, id)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO mailbox_message VALUES (?, ?, ?)")) {
        for (long uid = 1; uid <= count; uid++) {
          insert.setLong(1, Packed.of(1, uid));
          insert.setInt(2, person(uid));
          insert.setInt(3, person(uid));
          insert.addBatch();
          if (uid % 1_000 == 0) {
            insert.executeBatch();
          }
        }
      }
      assertIndexed(statement);
    }
  }

  private static void assertIndexed(Statement statement) throws SQLException {
    for (boolean ascending : new boolean[] {true, false}) {
      String sql =
          SearchSql.walk(SearchKey.AddressName.TO, ascending)
              .replaceFirst("\\?", "7")
              .replaceFirst("\\?", "4294967296")
              .replaceFirst("\\?", "8589934591")
              .replaceFirst("\\?", "4");
      assertThat(explained(statement, sql))
          .contains("MAILBOX_MESSAGE_BY_TO")
          .contains("index sorted");
    }
    String rows =
        SearchSql.persons(SearchKey.AddressName.TO)
            .replaceFirst("\\?", "4294967296")
            .replaceFirst("\\?", "4294967400");
    assertThat(explained(statement, rows)).contains("PRIMARY_KEY").contains("index sorted");
  }

  private static String explained(Statement statement, String sql) throws SQLException {
    try (var rows = statement.executeQuery("EXPLAIN " + sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
