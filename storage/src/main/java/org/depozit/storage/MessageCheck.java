package org.depozit.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.depozit.mime.BodyStructure;
import org.depozit.mime.MalformedStructureException;
import org.depozit.mime.Octets;

/// The shared parts of messages: the body stands where the row says and has the row's hash, the
/// structure can be read. Rows are read page by page; no connection is held while bodies are. One
/// thread.
final class MessageCheck {
  private static final int PAGE = 500;
  private static final int SLICE = 1 << 16;
  private static final byte[] NO_PREFIX = {};

  private final Workings workings;
  private final Consumer<String> progress;
  private final Faults faults = new Faults();
  private final byte[] slice = new byte[SLICE];

  private record Row(long id, Change.BodyPlace place, byte[] sha256, byte[] structure) {}

  MessageCheck(Workings workings, Consumer<String> progress) {
    this.workings = workings;
    this.progress = progress;
  }

  Faults faults() {
    return faults;
  }

  /// @param settled waits, and tells whether nothing was written since a position
  void run(LongPredicate settled) {
    long after = Long.MIN_VALUE;
    long done = 0;
    List<Row> page;
    do {
      progress.accept("bodies, %,d so far".formatted(done));
      page = page(after);
      for (Row row : page) {
        look(row, settled);
        after = row.id;
      }
      done += page.size();
    } while (page.size() == PAGE);
  }

  private List<Row> page(long after) {
    try {
      return workings.db().read(connection -> rows(connection, "id > ?", after));
    } catch (RuntimeException e) {
      faults.add("table message, behind " + after, "cannot be read: " + e);
      return List.of();
    }
  }

  private static List<Row> rows(Connection connection, String which, long id) throws SQLException {
    return Db.list(
        connection,
        row ->
            new Row(
                row.getLong(1),
                new Change.BodyPlace(row.getLong(2), row.getLong(3), row.getLong(4)),
                row.getBytes(5),
                row.getBytes(6)),
        "SELECT id, segment, body_offset, body_length, sha256, structure FROM message WHERE "
            + which
            + " ORDER BY id LIMIT "
            + PAGE,
        id);
  }

  /// Looks again while the row changes, since bodies move.
  private void look(Row row, LongPredicate settled) {
    Row now = row;
    Optional<String> wrong = wrong(now);
    for (int looks = 0; wrong.isPresent() && looks < 3; looks++) {
      boolean last = settled.test(workings.states().logPosition());
      List<Row> again = workings.db().read(connection -> rows(connection, "id = ?", row.id));
      if (again.isEmpty()) {
        return;
      }
      boolean same = again.getFirst().place.equals(now.place);
      now = again.getFirst();
      wrong = wrong(now);
      if (last && same) {
        break;
      }
    }
    wrong.ifPresent(what -> faults.add("table message, " + row.id, what));
  }

  private Optional<String> wrong(Row row) {
    Optional<String> structure = wrongStructure(row);
    return structure.isPresent() ? structure : wrongBody(row);
  }

  private Optional<String> wrongStructure(Row row) {
    byte[] structure =
        row.structure.length > 0
            ? row.structure
            : workings
                .db()
                .read(connection -> Loads.pieces(connection, row.id, MessageRows.STRUCTURE));
    try {
      BodyStructure.decode(structure);
      return Optional.empty();
    } catch (MalformedStructureException e) {
      return Optional.of("its structure cannot be read: " + e.getMessage());
    }
  }

  private Optional<String> wrongBody(Row row) {
    try (Content content = workings.bodies().content(row.place, NO_PREFIX)) {
      return Arrays.equals(hash(content.body()), row.sha256)
          ? Optional.empty()
          : Optional.of("the octets of its body do not have its hash: " + told(row.place));
    } catch (RuntimeException e) {
      return Optional.of("its body cannot be read: " + told(row.place) + ": " + e);
    }
  }

  /// Tells of each message whose body is lost, and why.
  void lost(BiConsumer<Long, String> lost) {
    long after = Long.MIN_VALUE;
    List<Row> page;
    do {
      long last = after;
      page = workings.db().read(connection -> rows(connection, "id > ?", last));
      for (Row row : page) {
        wrongBody(row).ifPresent(why -> lost.accept(row.id, why));
        after = row.id;
      }
      progress.accept("bodies");
    } while (page.size() == PAGE);
  }

  private static String told(Change.BodyPlace place) {
    return "%016x, octets %d to %d"
        .formatted(place.segment(), place.offset(), place.offset() + place.length());
  }

  private byte[] hash(Octets body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long at = 0;
      while (at < body.length()) {
        int read = body.read(at, slice, 0, slice.length);
        digest.update(slice, 0, read);
        at += read;
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
