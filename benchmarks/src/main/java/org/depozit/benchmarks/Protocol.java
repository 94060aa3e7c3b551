package org.depozit.benchmarks;

/// What a contender listens for.
enum Protocol {
  IMAP,
  IMAPS,
  POP3,
  LMTP
}
