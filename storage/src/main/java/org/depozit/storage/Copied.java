package org.depozit.storage;

/// What COPY or MOVE did: `from` and `to` run in step, ascending. RFC 4315 §3, RFC 6851 §4.3.
///
/// @param uidValidity of the destination
/// @param from UIDs of the messages that were there to be copied. Not to be written to
/// @param to their UIDs in the destination. Not to be written to
public record Copied(long uidValidity, long[] from, long[] to) {}
