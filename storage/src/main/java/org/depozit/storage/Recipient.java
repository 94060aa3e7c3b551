package org.depozit.storage;

/// One recipient of a delivery.
///
/// @param account whose INBOX gets the copy
/// @param traceHeaders Return-Path, Delivered-To, Received: whole CRLF lines, put in front of this
///   copy only (RFC 5321 §4.4). Not to be written to
public record Recipient(Account account, byte[] traceHeaders) {}
