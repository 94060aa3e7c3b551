package org.depozit.storage;

/// One recipient of a delivery.
///
/// @param account whose INBOX gets the copy
/// @param traceHeaders Return-Path, Delivered-To, Received: whole CRLF lines, put in front of this
///   copy only (RFC 5321 §4.4); none of the fields that are searched by rows, which are read from
///   the content (Message-ID, In-Reply-To, References, List-Id, X-TUID). Not to be written to
public record Recipient(Account account, byte[] traceHeaders) {}
