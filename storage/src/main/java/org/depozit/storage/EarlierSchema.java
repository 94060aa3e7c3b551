package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.depozit.mime.MessageParser;
import org.depozit.mime.Octets;
import org.depozit.storage.Refused.Reason;

/// A database that an earlier program made, on its way to the current schema. Later migrations are
/// files that never change; the first one did, twice before stores were promised to open for good:
/// its checksum tells which of them made a database, and what is to be done before Flyway may go
/// on.
///
/// | checksum of V1 | |
/// |---|---|
/// | -1853861260 | table `person` for senders and recipients; the log names them in one row of numbers |
/// | 818645244 | no table `header` |
/// | the current one | |
final class EarlierSchema {
  private static final int PERSONS = -1853861260;
  private static final int NO_HEADERS = 818645244;

  /// Rows that are looked at in one transaction.
  private static final int SLICE = 1_000;

  private final Path directory;
  private final StoreLimits limits;
  private final boolean persons;
  private final boolean noHeaders;

  private EarlierSchema(Path directory, StoreLimits limits, int first) {
    this.directory = directory;
    this.limits = limits;
    this.persons = first == PERSONS;
    this.noHeaders = persons || first == NO_HEADERS;
  }

  /// What is to be done to a database.
  ///
  /// @param applied the migrations that made it
  /// @throws Refused UNAVAILABLE if they are none of this program's or of an earlier one's
  static EarlierSchema of(Path directory, StoreLimits limits, List<Schema.Applied> applied) {
    int first = applied.isEmpty() ? current(0).checksum() : applied.getFirst().checksum();
    EarlierSchema earlier = new EarlierSchema(directory, limits, first);
    if (!earlier.leadsOn(applied)) {
      throw new Refused(
          Reason.UNAVAILABLE,
          "The database was made by a later version of this program, or by none: schema "
              + applied);
    }
    return earlier;
  }

  private static Schema.Applied current(int i) {
    return Schema.Applied.of(Schema.MIGRATIONS.get(i));
  }

  private boolean leadsOn(List<Schema.Applied> applied) {
    for (int i = 0; i < applied.size(); i++) {
      boolean known = i == 0 && noHeaders;
      if (i >= Schema.MIGRATIONS.size() || !(known || applied.get(i).equals(current(i)))) {
        return false;
      }
    }
    return true;
  }

  /// Changes the tables to those of today's V1, on a copy.
  void tables(Statements sql) throws SQLException {
    if (persons) {
      script(sql, "persons.sql");
    }
    if (noHeaders) {
      script(sql, "headers.sql");
      sql.update(
          "UPDATE \"flyway_schema_history\" SET \"checksum\" = ? WHERE \"version\" = '1'",
          current(0).checksum());
    }
  }

  private static void script(Statements sql, String file) throws SQLException {
    try (var statement = sql.connection().createStatement()) {
      statement.execute(Schema.resource("org/depozit/storage/earlier/" + file));
    }
  }

  /// Fills the rows of which an earlier program knew nothing, on the copy with today's tables.
  ///
  /// The tail of its log says what its program meant, so it is replayed here, as that meant it, and
  /// once more as if it were today's when the store is opened: what it says stays, and what is
  /// added here stays too.
  void rows(Dialect dialect) throws IOException {
    if (noHeaders) {
      LogFiles files = new LogFiles(directory.resolve("log"));
      try (Db db = new Db(dialect, dialect.url(), 1)) {
        Rows rows = new Rows(db);
        try (Statements _ = rows.statements()) {
          replay(files, rows);
          note(files, rows);
        }
      } catch (SQLException e) {
        throw Db.failed(e);
      }
    }
  }

  private void replay(LogFiles files, Rows rows) throws IOException {
    Optional<Checkpoint> from = Checkpoint.read(files);
    if (from.isPresent() || !files.segments().isEmpty()) {
      LogScan.open(
              files,
              limits,
              from,
              group ->
                  Recovery.replay(group.changes().stream().map(this::asItWasMeant).toList(), rows))
          .close();
    }
  }

  /// Where senders and recipients had one row of numbers, a text's number is meant for both.
  private Change asItWasMeant(Change change) {
    return switch (change) {
      case Change.TextNamed named when persons && named.dictionary() == Change.Dictionary.SENDER ->
          new Change.Together(
              List.of(
                  named,
                  new Change.TextNamed(
                      named.account(), Change.Dictionary.RECIPIENT, named.id(), named.text())));
      case Change.Together all ->
          new Change.Together(all.changes().stream().map(this::asItWasMeant).toList());
      default -> change;
    };
  }

  /// A message in a mailbox and where its body is.
  private record Body(long id, Change.BodyPlace place) {}

  /// Notes the header fields of all messages.
  private void note(LogFiles files, Rows rows) throws SQLException {
    try (Bodies bodies = new Bodies(files, limits)) {
      long last = -1;
      List<Body> slice = slice(rows, last);
      while (!slice.isEmpty()) {
        Recovery.replay(slice.stream().map(body -> noted(body, bodies)).toList(), rows);
        slice = slice(rows, slice.getLast().id());
      }
    }
  }

  private static List<Body> slice(Rows rows, long after) throws SQLException {
    return rows.statements()
        .list(
            row ->
                new Body(
                    row.getLong(1),
                    new Change.BodyPlace(row.getLong(2), row.getLong(3), row.getLong(4))),
            "SELECT c.id, m.segment, m.body_offset, m.body_length FROM mailbox_message c"
                + " JOIN message m ON m.id = c.message WHERE c.id > ? ORDER BY c.id LIMIT "
                + SLICE,
            after);
  }

  private static Change noted(Body body, Bodies bodies) {
    try (Content content = bodies.content(body.place(), new byte[0])) {
      Octets octets = content.body();
      long header = new MessageParser().parse(octets).structure().part().bodyFrom();
      Map<NotedField, String> texts = NotedField.of(octets.slice(0, header));
      return texts.isEmpty()
          ? new Change.Together(List.of())
          : new Change.HeaderNoted(Packed.owner(body.id()), Packed.number(body.id()), texts);
    }
  }
}
