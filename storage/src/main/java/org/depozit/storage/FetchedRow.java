package org.depozit.storage;

import java.util.Optional;
import org.depozit.mime.BodyStructure;

/// One message's answer to [Mailbox#fetch].
///
/// @param uid the message
/// @param envelope the rendered ENVELOPE, as [org.depozit.mime.Envelope] renders it; empty unless
///   asked for. Not to be written to
/// @param structure the body structure, its ranges relative to the content below the trace headers;
///   empty unless asked for
public record FetchedRow(long uid, byte[] envelope, Optional<BodyStructure> structure) {}
