package org.depozit.storage;

import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.depozit.mime.BodyStructure;

/// What a search asks beside the [View].
///
/// @param mailbox the mailbox's number
/// @param db for the indexes by address
/// @param persons the account's dictionary of persons; at least all texts that messages of the view
///   name
/// @param subjects the account's dictionary of subjects; likewise
/// @param content the octets of a message by UID, empty if it is gone; the search closes them
/// @param structure the body structure of a message by UID, empty if it is gone
/// @param scans permits for reading messages
record SearchSources(
    int mailbox,
    Db db,
    Supplier<Dictionary> persons,
    Supplier<Dictionary> subjects,
    LongFunction<Optional<Content>> content,
    LongFunction<Optional<BodyStructure>> structure,
    Scans scans) {}
