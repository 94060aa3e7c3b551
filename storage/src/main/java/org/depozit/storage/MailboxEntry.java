package org.depozit.storage;

import java.util.Optional;

/// A mailbox as LIST sees it. Parents that are only implied by their children have no entry.
///
/// @param id the store's number of the mailbox, stable over RENAME, never reused
/// @param name the whole name
/// @param specialUse what it is for
public record MailboxEntry(long id, MailboxName name, Optional<SpecialUse> specialUse) {}
