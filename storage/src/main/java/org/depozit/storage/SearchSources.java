package org.depozit.storage;

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
record SearchSources(
    int mailbox,
    Db db,
    Function<Change.Dictionary, Dictionary> texts,
    LongFunction<Optional<Content>> content,
    LongFunction<Optional<BodyStructure>> structure,
    Scans scans) {}
