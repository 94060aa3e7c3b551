package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.depozit.mime.BodyStructure;
import org.depozit.mime.Casemap;
import org.depozit.mime.Octets;
import org.depozit.mime.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random search programs over random mailboxes: the plan finds what a plain look at each message
/// finds.
final class SearchPlanTests {
  private static final String[] WORDS = {
    "Cristi",
    "anna",
    "P\u00e2rvu",
    "an",
    "Jo",
    "x",
    "@example.org",
    " ",
    "Re:",
    "\u0416\u0443\u043a"
  };

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
      personTexts.add(Casemap.fold(words(random, 3) + " <p" + id + ">"));
      persons.add(id, personTexts.get(id));
      subjectTexts.add(Casemap.fold(words(random, 4) + id));
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
        if (!list(row.uid()).isEmpty()) {
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

  private static String words(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  private SearchSources sources() {
    return new SearchSources(
        NaiveMailbox.ID,
        db,
        dictionary -> dictionary == Change.Dictionary.SUBJECT ? subjects : persons,
        uid ->
            mailbox.rows.containsKey(uid) ? Optional.of(new Message(body(uid))) : Optional.empty(),
        uid -> Optional.of(structure(body(uid))),
        new Scans());
  }

  private static String header(long uid) {
    return uid % 3 == 0 ? "X-Tag: tag" + uid % 7 + "\r\n" : "";
  }

  private static String list(long uid) {
    return uid % 4 == 0 ? "List-ID: list" + uid % 9 + "\r\n" : "";
  }

  private static String text(long uid) {
    return "body of " + uid % 11 + " and more\r\n";
  }

  private static String body(long uid) {
    return "Subject: s\r\n" + header(uid) + list(uid) + "\r\n" + text(uid);
  }

  private static BodyStructure structure(String message) {
    int header = message.indexOf("\r\n\r\n") + 4;
    return new BodyStructure.Text(
        new Part(
            "text",
            "plain",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            "7bit",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            0,
            header,
            message.length()),
        1);
  }

  /// A message in the heap, with a trace header in front.
  private record Message(Octets body, Octets whole) implements Content {
    private static final byte[] PREFIX =
        "Delivered-To: someone\r\n".getBytes(StandardCharsets.US_ASCII);

    Message(String text) {
      Octets octets = Octets.of(text.getBytes(StandardCharsets.US_ASCII));
      this(octets, Octets.joined(Octets.of(PREFIX), octets));
    }

    @Override
    public int prefixLength() {
      return PREFIX.length;
    }

    @Override
    public long length() {
      return whole.length();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      return whole.read(position, into, offset, length);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsWhatAPlainLookAtEachMessageFinds(long seed) throws SQLException {
    Random random = new Random(seed);
    fill(seed % 2 == 0 ? 300 : 3_000, seed % 3 == 0 ? 2_000 : 30, random);
    for (int i = 0; i < 150; i++) {
      SearchKey key = key(random, 3);
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
      assertFound(key(random, 2), random);
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
      assertFound(key(random, 2), random);
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

  private SearchKey key(Random random, int depth) {
    if (depth > 0 && random.nextInt(2) == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> new SearchKey.Not(key(random, depth - 1));
        case 1 -> new SearchKey.Or(key(random, depth - 1), key(random, depth - 1));
        default ->
            new SearchKey.And(
                IntStream.range(0, random.nextInt(4))
                    .mapToObj(_ -> key(random, depth - 1))
                    .toList());
      };
    }
    return simple(random);
  }

  private SearchKey simple(Random random) {
    SearchKey.When when = SearchKey.When.values()[random.nextInt(3)];
    LocalDate day = LocalDate.ofEpochDay(random.nextInt(22_000));
    return switch (random.nextInt(23)) {
      case 0 -> new SearchKey.All();
      case 1, 2 -> new SearchKey.Uids(mailbox.some(random));
      case 3 -> new SearchKey.HasFlag(Flag.SYSTEM.get(random.nextInt(5)));
      case 4 -> new SearchKey.HasFlag(Flag.of(random.nextBoolean() ? "$LABEL" : "unknown"));
      case 5, 6, 7, 8, 9 ->
          new SearchKey.AddressField(
              SearchKey.AddressName.values()[random.nextInt(4)], needle(random));
      case 10, 11 -> new SearchKey.HeaderField("Subject", needle(random));
      case 12 -> new SearchKey.HeaderField(random.nextBoolean() ? "to" : "FROM", needle(random));
      case 13 -> new SearchKey.Received(when, day);
      case 14 -> new SearchKey.Sent(when, day);
      case 15 -> new SearchKey.Larger(random.nextInt(100_000));
      case 16 -> new SearchKey.Smaller(random.nextInt(100_000));
      case 17 -> new SearchKey.ModSeq(random.nextLong(mailbox.highestModSeq + 2));
      case 18 ->
          new SearchKey.HeaderField(
              random.nextBoolean() ? "x-tag" : "Delivered-To",
              random.nextBoolean() ? "" : "TAG" + random.nextInt(8));
      case 20, 21 -> new SearchKey.HeaderField("List-Id", "List" + random.nextInt(9));
      case 22 -> new SearchKey.HeaderField("Message-ID", "");
      default ->
          random.nextBoolean()
              ? new SearchKey.Body("Body of " + random.nextInt(12))
              : new SearchKey.Text(random.nextBoolean() ? "SOMEONE" : "tag" + random.nextInt(9));
    };
  }

  private static String needle(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "<P" + random.nextInt(60) + ">";
      default -> words(random, 2);
    };
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
                !header(row.uid()).isEmpty()
                    && header(row.uid()).contains(text.toLowerCase(Locale.ROOT));
            case "List-Id" -> list(row.uid()).contains(": " + text.toLowerCase(Locale.ROOT) + "\r");
            case "Message-ID" -> false;
            case "Delivered-To" -> "someone".contains(text.toLowerCase(Locale.ROOT));
            default -> throw new IllegalArgumentException(field);
          };
      case SearchKey.Body(var text) -> text(row.uid()).contains(text.toLowerCase(Locale.ROOT));
      case SearchKey.Text(var text) -> text.equals("SOMEONE") || body(row.uid()).contains(text);
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
