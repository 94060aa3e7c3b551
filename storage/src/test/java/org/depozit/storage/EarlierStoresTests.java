package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A store that any earlier program made opens, with all that it acknowledged. The fixtures are
/// made by [OldStore], compiled beside the commit that names them:
///
/// | commit | |
/// |---|---|
/// | 33e4d33 | the first that opened a store; the first V1 |
/// | 2db9265 | the second V1 |
/// | f663cdc | the third V1, which stays |
/// | d70d0a8 | the last without a page journal |
final class EarlierStoresTests {
  private static final List<String> COMMITS = List.of("33e4d33", "2db9265", "f663cdc", "d70d0a8");

  @TempDir private Path directory;

  static Stream<Arguments> stores() {
    return COMMITS.stream()
        .flatMap(commit -> Stream.of("clean", "unclean").map(how -> Arguments.of(commit, how)));
  }

  /// Unpacks the store that a commit left in some way.
  static void unpack(String commit, String how, Path into) throws IOException {
    String name = "earlier/" + commit + "-" + how + ".zip";
    Files.createDirectories(into);
    try (InputStream file = EarlierStoresTests.class.getResourceAsStream(name);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = into.resolve(entry.getName().replaceFirst("/$", ""));
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.write(target, zip.readAllBytes());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void opensWithEveryMessageAsItWasAcknowledged(String commit, String how) throws Exception {
    unpack(commit, how, directory);
    List<String> acknowledged = Files.readAllLines(directory.resolve("told"));
    try (SqlStore store = SqlStore.open(StoreSettings.at(directory))) {
      assertThat(OldStore.told(store)).isEqualTo(acknowledged);
      assertThat(store.check(_ -> {})).isEmpty();
      finds(store, how.equals("unclean"));
    }
    try (SqlStore store = SqlStore.open(StoreSettings.at(directory))) {
      assertThat(OldStore.told(store)).isEqualTo(acknowledged);
      assertThat(store.check(_ -> {})).isEmpty();
    }
  }

  /// What later programs keep in rows of their own is found, in messages of the log's tail too.
  private static void finds(SqlStore store, boolean tail) {
    Mailbox inbox = store.account("ana").orElseThrow().mailbox(MailboxName.INBOX).orElseThrow();
    assertThat(found(inbox, new SearchKey.HeaderField("Message-ID", "<7@"))).isEqualTo("7");
    assertThat(found(inbox, address(SearchKey.AddressName.FROM, "cristi 2"))).isEqualTo("6,9");
    assertThat(found(inbox, address(SearchKey.AddressName.TO, "r".repeat(5_000)))).isEqualTo("12");
    assertThat(found(inbox, new SearchKey.HeaderField("Subject", "s".repeat(5_000))))
        .isEqualTo("12");
    if (tail) {
      assertThat(found(inbox, address(SearchKey.AddressName.TO, "maria"))).isEqualTo("15,16");
      assertThat(found(inbox, new SearchKey.HeaderField("In-Reply-To", "<r101@"))).isEqualTo("15");
    }
  }

  private static SearchKey address(SearchKey.AddressName field, String text) {
    return new SearchKey.AddressField(field, text);
  }

  private static String found(Mailbox inbox, SearchKey key) {
    View view = inbox.view();
    return Arrays.stream(inbox.search(view, key, Set.of(Return.ALL)).positions())
        .mapToObj(position -> String.valueOf(view.uid(position)))
        .collect(Collectors.joining(","));
  }

  @Test
  void theTablesAreThoseOfANewStoreWhoeverMadeThem() throws Exception {
    SqlStore.open(StoreSettings.at(directory.resolve("new"))).close();
    List<String> tables = tables(directory.resolve("new"));
    for (String commit : COMMITS) {
      unpack(commit, "clean", directory.resolve(commit));
      SqlStore.open(StoreSettings.at(directory.resolve(commit))).close();
      assertThat(tables(directory.resolve(commit))).as(commit).isEqualTo(tables);
    }
  }

  /// The columns and the indexes.
  private static List<String> tables(Path store) throws SQLException, IOException {
    try (PageJournal pages = PageJournal.open(store);
        Connection connection = DriverManager.getConnection(new H2Dialect(pages).url())) {
      List<String> tables = new ArrayList<>();
      for (String sql :
          List.of(
              "SELECT table_name, remarks FROM information_schema.tables",
              "SELECT table_name, column_name, ordinal_position, data_type, is_nullable,"
                  + " character_maximum_length, remarks FROM information_schema.columns",
              "SELECT table_name, index_name, column_name, ordinal_position"
                  + " FROM information_schema.index_columns")) {
        tables.addAll(
            Db.list(connection, EarlierStoresTests::row, sql + " WHERE table_schema = 'PUBLIC'"));
      }
      return tables.stream().map(EarlierStoresTests::withoutNumber).sorted().toList();
    }
  }

  private static String row(ResultSet row) throws SQLException {
    StringBuilder told = new StringBuilder();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      told.append(row.getString(i)).append('|');
    }
    return told.toString();
  }

  /// H2 gives some indexes a name with a number of its own.
  private static String withoutNumber(String row) {
    return row.replaceAll("(PRIMARY_KEY_|CONSTRAINT_)\\w+", "$1");
  }

  @Test
  void whereverAnUpdateIsCutOffTheStoreOpensWithAllThatItHad() throws Exception {
    for (String commit : List.of("33e4d33", "d70d0a8")) {
      SimulatedDisk disk = new SimulatedDisk();
      Path store = disk.path("/store");
      unpack(commit, "unclean", store);
      forceAll(store);
      List<String> acknowledged = Files.readAllLines(store.resolve("told"));
      List<SimulatedDisk> cuts = new ArrayList<>();
      AtomicInteger operations = new AtomicInteger();
      disk.watch((operation, _, _, _) -> {
        if (operation != SimulatedDisk.Operation.READ && operations.incrementAndGet() % 5 == 0) {
          cuts.add(disk.cut(operations.get()));
        }
      });
      SqlStore.open(StoreSettings.at(store)).close();
      disk.watch((_, _, _, _) -> {});
      assertThat(cuts).hasSizeGreaterThan(5);
      for (int i = 0; i < cuts.size(); i++) {
        try (SqlStore after = SqlStore.open(StoreSettings.at(cuts.get(i).path("/store")))) {
          assertThat(OldStore.told(after)).as("%s, cut %s", commit, i).isEqualTo(acknowledged);
        }
      }
    }
  }

  private static void forceAll(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        if (Files.isDirectory(each)) {
          Owned.force(each);
        } else {
          try (SteadyFile file = SteadyFile.open(each)) {
            file.force(true);
          }
        }
      }
    }
    Owned.force(directory.resolveSibling("."));
  }

  @Test
  void aStoreOfALaterProgramIsLeftAlone() throws Exception {
    SqlStore.open(StoreSettings.at(directory)).close();
    try (PageJournal pages = PageJournal.open(directory);
        Connection connection = DriverManager.getConnection(new H2Dialect(pages).url());
        Statements sql = new Statements(connection)) {
      sql.update(
          "INSERT INTO \"flyway_schema_history\" SELECT 99, '99', \"description\", \"type\","
              + " \"script\", 5, \"installed_by\", \"installed_on\", 0, TRUE"
              + " FROM \"flyway_schema_history\" WHERE \"version\" = '1'");
      new H2Dialect(pages).checkpoint(sql);
    }
    byte[] before = Files.readAllBytes(PageJournal.database(directory));
    assertThatThrownBy(() -> SqlStore.open(StoreSettings.at(directory)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("later version");
    assertThat(PageJournal.database(directory)).hasBinaryContent(before);
    assertThat(directory.resolve("depozit.mv.db.migrating")).doesNotExist();
  }

  @Test
  void theListOfMigrationsIsWhatFlywayFindsAndRemembers() throws Exception {
    SqlStore.open(StoreSettings.at(directory)).close();
    try (PageJournal pages = PageJournal.open(directory);
        Connection connection = DriverManager.getConnection(new H2Dialect(pages).url())) {
      assertThat(Schema.applied(connection))
          .isEqualTo(Schema.MIGRATIONS.stream().map(Schema.Applied::of).toList());
    }
  }
}
