package org.depozit.storage;

/// The counters of a mailbox, read without loading it. RFC 9051 §6.3.11. Only forced mod-sequences
/// are told.
///
/// @param messages how many messages
/// @param unseen how many without `\Seen`
/// @param deleted how many with `\Deleted`
/// @param recent how many no session has claimed yet
/// @param uidNext the UID that the next message gets, at least
/// @param uidValidity see RFC 9051 §2.3.1.1
/// @param highestModSeq RFC 7162 §3.1.2.1
/// @param octets the sum of the sizes, RFC 8438
public record MailboxStatus(
    int messages,
    int unseen,
    int deleted,
    int recent,
    long uidNext,
    long uidValidity,
    long highestModSeq,
    long octets) {}
