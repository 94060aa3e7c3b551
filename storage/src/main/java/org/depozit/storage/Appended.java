package org.depozit.storage;

/// Where APPEND put the message. RFC 4315 §3.
///
/// @param uidValidity of the mailbox
/// @param uid the message's
public record Appended(long uidValidity, long uid) {}
