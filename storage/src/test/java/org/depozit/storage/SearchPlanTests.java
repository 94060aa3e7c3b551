package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.depozit.mime.Casemap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random search programs over random mailboxes: the plan finds what a plain look at each message
/// finds.
final class SearchPlanTests {
  private static final Map<String, String> FOLDED = new HashMap<>();

  @TempDir private Path directory;

  private PageJournal pages;
  private Db db;
  private final Dictionary persons = new Dictionary();
  private final Dictionary subjects = new Dictionary();
  private final List<String> personTexts = new ArrayList<>(List.of(""));
  private final List<String> subjectTexts = new ArrayList<>(List.of(""));
  private final NaiveMailbox mailbox = new NaiveMailbox();
  private View view = View.empty(NaiveMailbox.ID, 1);

  @BeforeEach
  void openDatabase() throws SQLException {
    pages = PageJournal.open(directory);
    db = new Db(new H2Dialect(pages), "jdbc:h2:mem:search;DB_CLOSE_DELAY=-1", 2);
    try (Connection connection = db.open();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP ALL OBJECTS");
      statement.execute(
          "CREATE TABLE mailbox_message (id BIGINT PRIMARY KEY, from_person INT, to_person INT,"
              + " cc_person INT, bcc_person INT)");
      statement.execute(
          "CREATE TABLE header (id BIGINT PRIMARY KEY, message_id VARCHAR, list_id VARCHAR)");
      for (String field : List.of("from", "to", "cc", "bcc")) {
        statement.execute(
            "CREATE INDEX mailbox_message_by_%s ON mailbox_message (%s_person, id)"
                .formatted(field, field));
      }
    }
  }

  @AfterEach
  void closeDatabase() throws IOException {
    db.close();
    pages.close();
  }

  private void fill(int count, int texts, Random random) throws SQLException {
    for (int id = 1; id <= texts; id++) {
      personTexts.add(Casemap.fold(SearchedMail.words(random, 3) + " <p" + id + ">"));
      persons.add(id, personTexts.get(id));
      subjectTexts.add(Casemap.fold(SearchedMail.words(random, 4) + id));
      subjects.add(id, subjectTexts.get(id));
    }
    for (int i = 0; i < count; i++) {
      Change.MessageFiled filed = filed(texts, random);
      mailbox.apply(filed);
      view = view.apply(filed);
    }
    for (int i = 0; i < 10; i++) {
      Change.Expunged gone =
          new Change.Expunged(
              NaiveMailbox.ID,
              mailbox.highestModSeq + 1,
              UidSet.of(1 + random.nextLong(mailbox.uidNext)));
      mailbox.apply(gone);
      view = view.apply(gone);
    }
    view = view.apply(new Change.KeywordNamed(NaiveMailbox.ID, 5, "$Label"));
    insert();
  }

  private void insert() throws SQLException {
    try (Connection connection = db.open();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO mailbox_message VALUES (?, ?, ?, ?, ?)")) {
      for (int other = -1; other <= 1; other++) {
        for (Change.MessageFiled row : mailbox.rows.values()) {
          insert.setLong(1, Packed.of(NaiveMailbox.ID + other, row.uid()));
          insert.setInt(2, row.from());
          insert.setInt(3, row.to());
          insert.setInt(4, row.cc());
          insert.setInt(5, row.bcc());
          insert.addBatch();
        }
        insert.executeBatch();
      }
      insertNotes(connection);
    }
  }

  private void insertNotes(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO header VALUES (?, ?, ?)")) {
      for (Change.MessageFiled row : mailbox.rows.values()) {
        if (!SearchedMail.list(row.uid()).isEmpty()) {
          insert.setLong(1, Packed.of(NaiveMailbox.ID, row.uid()));
          insert.setString(2, "");
          insert.setString(3, row.uid() % 20 == 0 ? "LIST\f" : "LIST" + row.uid() % 9 + "\n");
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private Change.MessageFiled filed(int texts, Random random) {
    Change.MessageFiled m = mailbox.filed(random);
    return new Change.MessageFiled(
        m.mailbox(),
        m.uid(),
        m.modSeq(),
        m.message(),
        m.flags(),
        m.internalDate(),
        m.savedAt(),
        m.sentDay(),
        m.size(),
        m.prefix(),
        m.envelope(),
        id(texts, random),
        id(texts, random),
        id(texts, random),
        id(texts, random),
        id(texts, random));
  }

  private static int id(int texts, Random random) {
    return random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(texts);
  }

  private SearchSources sources() {
    return new SearchSources(
        NaiveMailbox.ID,
        db,
        dictionary -> dictionary == Change.Dictionary.SUBJECT ? subjects : persons,
        uid ->
            mailbox.rows.containsKey(uid)
                ? Optional.of(SearchedMail.content(uid))
                : Optional.empty(),
        uid -> Optional.of(SearchedMail.structure(uid)),
        new Scans());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsWhatAPlainLookAtEachMessageFinds(long seed) throws SQLException {
    Random random = new Random(seed);
    fill(seed % 2 == 0 ? 300 : 3_000, seed % 3 == 0 ? 2_000 : 30, random);
    for (int i = 0; i < 150; i++) {
      SearchKey key = RandomKeys.key(random, 3, mailbox);
      assertFound(key, random);
    }
  }

  @Test
  void theIndexTellsWhereTheFirstAndLastMessageFromSomebodyAre() throws SQLException {
    Random random = new Random(30);
    fill(20_000, 2_000, random);
    assertThat(firstFrom("<p77>")).anyMatch(line -> line.contains("first hit (0 probes)"));
    // This one has sent nothing: no first look finds a message, and the index is asked once.
    persons.add(2_001, Casemap.fold("nobody <silent>"));
    personTexts.add(Casemap.fold("nobody <silent>"));
    assertThat(firstFrom("<silent>"))
        .anyMatch(line -> line.contains("index leaps to the first hit (1 probes)"));
    for (int i = 0; i < 60; i++) {
      SearchKey from =
          new SearchKey.AddressField(
              SearchKey.AddressName.FROM, "<p" + random.nextInt(2_100) + ">");
      SearchKey other = new SearchKey.Uids(mailbox.some(random));
      assertFound(from, random);
      assertFound(new SearchKey.And(List.of(from, other)), random);
      assertFound(new SearchKey.Or(from, other), random);
      assertFound(new SearchKey.And(List.of(from, new SearchKey.Not(other))), random);
    }
  }

  private List<String> firstFrom(String text) {
    SearchKey from = new SearchKey.AddressField(SearchKey.AddressName.FROM, text);
    return new SearchPlan(sources(), view, from, Set.of(Return.MIN)).explain();
  }

  @Test
  void anEmptyMailboxAnswersEverything() {
    Random random = new Random(9);
    for (int i = 0; i < 100; i++) {
      assertFound(RandomKeys.key(random, 2, mailbox), random);
    }
  }

  @Test
  void aViewOlderThanTheRowsFindsOnlyItsOwnMessages() throws SQLException {
    Random random = new Random(10);
    fill(2_000, 50, random);
    View latest = view;
    NaiveMailbox older = mailbox.copy();
    older.rows.tailMap(1_000L).clear();
    ViewBuilder builder = new ViewBuilder(NaiveMailbox.ID, 1);
    older.rows.values().forEach(row -> ViewTests.add(builder, row));
    view = builder.build(1_000, 1, 0).apply(new Change.KeywordNamed(NaiveMailbox.ID, 5, "$Label"));
    mailbox.rows.tailMap(1_000L).clear();
    assertThat(view.count()).isLessThan(latest.count());
    for (int i = 0; i < 200; i++) {
      assertFound(RandomKeys.key(random, 2, mailbox), random);
    }
  }

  private void assertFound(SearchKey key, Random random) {
    List<Change.MessageFiled> rows = List.copyOf(mailbox.rows.values());
    int[] expected =
        IntStream.range(0, rows.size()).filter(i -> matches(key, rows.get(i))).toArray();
    Set<Return> wanted = EnumSet.noneOf(Return.class);
    for (Return one : Return.values()) {
      if (random.nextBoolean()) {
        wanted.add(one);
      }
    }
    Found found = new SearchPlan(sources(), view, key, wanted).run();
    assertThat(found.min())
        .as("%s of %s", wanted, key)
        .isEqualTo(wanted.contains(Return.MIN) && expected.length > 0 ? expected[0] : -1);
    assertThat(found.max())
        .as("%s of %s", wanted, key)
        .isEqualTo(
            wanted.contains(Return.MAX) && expected.length > 0
                ? expected[expected.length - 1]
                : -1);
    boolean whole = wanted.contains(Return.ALL) || wanted.contains(Return.COUNT);
    assertThat(found.count()).as("%s", key).isEqualTo(whole ? expected.length : -1);
    assertThat(found.positions())
        .as("%s", key)
        .isEqualTo(wanted.contains(Return.ALL) ? expected : new int[0]);
    assertThat(found.modSeq()).isEqualTo(modSeq(wanted, whole, expected, rows));
  }

  private static long modSeq(
      Set<Return> wanted, boolean whole, int[] expected, List<Change.MessageFiled> rows) {
    BitSet told = new BitSet();
    if (whole) {
      IntStream.of(expected).forEach(told::set);
    } else if (expected.length > 0) {
      told.set(expected[0], wanted.contains(Return.MIN));
      if (wanted.contains(Return.MAX)) {
        told.set(expected[expected.length - 1]);
      }
    }
    return told.stream().mapToLong(i -> rows.get(i).modSeq()).max().orElse(0);
  }

  private boolean matches(SearchKey key, Change.MessageFiled row) {
    InternalDate received = InternalDate.unpacked(row.internalDate());
    return switch (key) {
      case SearchKey.All _ -> true;
      case SearchKey.And(var keys) -> keys.stream().allMatch(one -> matches(one, row));
      case SearchKey.Or(var left, var right) -> matches(left, row) || matches(right, row);
      case SearchKey.Not(var not) -> !matches(not, row);
      case SearchKey.Uids(var uids) -> uids.contains(row.uid());
      case SearchKey.HasFlag(var flag) -> view.flags(row.flags()).contains(flag);
      case SearchKey.AddressField(var field, var text) ->
          switch (field) {
            case FROM -> holds(personTexts, row.from(), text);
            case TO -> holds(personTexts, row.to(), text);
            case CC -> holds(personTexts, row.cc(), text);
            case BCC -> holds(personTexts, row.bcc(), text);
          };
      case SearchKey.HeaderField(var field, var text) ->
          switch (field) {
            case "Subject" -> holds(subjectTexts, row.subject(), text);
            case "FROM" -> holds(personTexts, row.from(), text);
            case "to" -> holds(personTexts, row.to(), text);
            case "x-tag" ->
                !SearchedMail.header(row.uid()).isEmpty()
                    && SearchedMail.header(row.uid()).contains(text.toLowerCase(Locale.ROOT));
            case "List-Id" ->
                SearchedMail.list(row.uid()).contains(": " + text.toLowerCase(Locale.ROOT) + "\r");
            case "Message-ID" -> false;
            case "Delivered-To" -> "someone".contains(text.toLowerCase(Locale.ROOT));
            default -> throw new IllegalArgumentException(field);
          };
      case SearchKey.Body(var text) ->
          SearchedMail.text(row.uid()).contains(text.toLowerCase(Locale.ROOT));
      case SearchKey.Text(var text) ->
          text.equals("SOMEONE") || SearchedMail.body(row.uid()).contains(text);
      case SearchKey.Received(var when, var day) -> on(when, received.day(), day);
      case SearchKey.Sent(var when, var day) ->
          on(
              when,
              row.sentDay() == Integer.MIN_VALUE
                  ? received.day()
                  : LocalDate.ofEpochDay(row.sentDay()),
              day);
      case SearchKey.Larger(long octets) -> row.size() > octets;
      case SearchKey.Smaller(long octets) -> row.size() < octets;
      case SearchKey.ModSeq(long atLeast) -> row.modSeq() >= atLeast;
    };
  }

  private static boolean holds(List<String> texts, int id, String text) {
    return id > 0 && texts.get(id).contains(FOLDED.computeIfAbsent(text, Casemap::fold));
  }

  private static boolean on(SearchKey.When when, LocalDate date, LocalDate day) {
    return switch (when) {
      case BEFORE -> date.isBefore(day);
      case ON -> date.equals(day);
      case SINCE -> !date.isBefore(day);
    };
  }

  @Test
  void explainsItself() throws SQLException {
    fill(2_000, 50, new Random(12));
    SearchKey key =
        new SearchKey.And(
            List.of(
                new SearchKey.Body("more"),
                new SearchKey.AddressField(SearchKey.AddressName.FROM, "cristi"),
                new SearchKey.AddressField(SearchKey.AddressName.TO, "<p7>"),
                new SearchKey.Not(new SearchKey.HasFlag(Flag.SEEN))));
    List<String> lines = new SearchPlan(sources(), view, key, Set.of(Return.MIN)).explain();
    lines.forEach(System.out::println);
    assertThat(lines).hasSizeGreaterThan(5).noneMatch(line -> line.contains("\n"));
    assertThat(lines.get(0)).contains("messages; wanted [MIN]");
    assertThat(lines).anyMatch(line -> line.contains("FROM holds \"CRISTI\""));
    assertThat(lines.indexOf(line(lines, "reading messages")))
        .isGreaterThan(lines.indexOf(line(lines, "FROM holds")));
  }

  private static String line(List<String> lines, String part) {
    return lines.stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }
}
