package org.depozit.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.depozit.mime.BodyStructure;

/// What a search asks beside the [View].
///
/// @param mailbox the mailbox's number
/// @param db for the indexes by address
/// @param texts the account's dictionaries; at least all texts that messages of the view name
/// @param content the octets of a message by UID, empty if it is gone; the search closes them
/// @param structure the body structure of a message by UID, empty if it is gone
/// @param scans permits for reading messages
/// @param open knows of copies whose rows are on their way; empty if there are none
record SearchSources(
    int mailbox,
    Db db,
    Function<Change.Dictionary, Dictionary> texts,
    LongFunction<Optional<Content>> content,
    LongFunction<Optional<BodyStructure>> structure,
    Scans scans,
    Optional<OpenMailbox> open) {

  /// Of rows that are all there.
  SearchSources(
      int mailbox,
      Db db,
      Function<Change.Dictionary, Dictionary> texts,
      LongFunction<Optional<Content>> content,
      LongFunction<Optional<BodyStructure>> structure,
      Scans scans) {
    this(mailbox, db, texts, content, structure, scans, Optional.empty());
  }

  /// Copies whose rows may not be there yet.
  List<CopyRun> copies() {
    return open.map(OpenMailbox::copies).orElse(List.of());
  }

  /// The statements over the rows.
  SearchSql sql() {
    return new SearchSql(db, mailbox, this::copies);
  }
}
