package org.depozit.lmtp;

import org.depozit.storage.Refused;

/// A reply of one line: code, enhanced code, text. RFC 5321 §4.2, RFC 2034 §4, RFC 3463.
///
/// @param code of RFC 5321 §4.2.3
/// @param enhanced of RFC 3463; its class is the code's first digit
/// @param text for people; never a word of the client's
record Reply(int code, String enhanced, String text) {
  static final Reply SENDER_OK = new Reply(250, "2.1.0", "sender noted");
  static final Reply RECIPIENT_OK = new Reply(250, "2.1.5", "recipient noted");
  static final Reply RESET = new Reply(250, "2.0.0", "forgotten");
  static final Reply STILL_HERE = new Reply(250, "2.0.0", "still here");
  static final Reply NOT_VERIFIED = new Reply(252, "2.0.0", "ask by RCPT, and try delivery");
  static final Reply GOODBYE = new Reply(221, "2.0.0", "goodbye");
  static final Reply BEGIN_TLS = new Reply(220, "2.0.0", "begin TLS");
  static final Reply HELP =
      new Reply(214, "2.0.0", "LHLO MAIL RCPT DATA RSET NOOP VRFY HELP STARTTLS QUIT: RFC 2033");

  static final Reply UNKNOWN_COMMAND = new Reply(500, "5.5.1", "no such command");
  static final Reply NOT_SMTP = new Reply(500, "5.5.1", "this is LMTP: LHLO");
  static final Reply LINE_TOO_LONG = new Reply(500, "5.5.2", "line too long");
  static final Reply NOT_TEXT =
      new Reply(500, "5.5.2", "control characters, or neither ASCII nor UTF-8");
  static final Reply SYNTAX = new Reply(501, "5.5.4", "these arguments do not fit the command");
  static final Reply BAD_SENDER = new Reply(501, "5.1.7", "that is no reverse path");
  static final Reply BAD_RECIPIENT = new Reply(501, "5.1.3", "that is no forward path");
  static final Reply NOT_OFFERED = new Reply(502, "5.5.1", "not offered here");
  static final Reply LHLO_FIRST = new Reply(503, "5.5.1", "LHLO first");
  static final Reply MAIL_FIRST = new Reply(503, "5.5.1", "MAIL first");
  static final Reply NO_RECIPIENTS = new Reply(503, "5.5.1", "no recipients");
  static final Reply NESTED_MAIL = new Reply(503, "5.5.1", "one transaction at a time: RSET first");
  static final Reply NO_TLS = new Reply(503, "5.5.1", "TLS is not to be had, or spoken already");
  static final Reply UNKNOWN_PARAMETER = new Reply(555, "5.5.4", "no such parameter");
  static final Reply NEEDS_SMTPUTF8 = new Reply(553, "5.6.7", "that address needs SMTPUTF8");
  static final Reply UNKNOWN_USER = new Reply(550, "5.1.1", "no such user here");
  static final Reply TOO_BIG = new Reply(552, "5.3.4", "message too big");
  static final Reply TOO_MANY_RECIPIENTS = new Reply(452, "4.5.3", "too many recipients");
  static final Reply MAILBOX_FULL = new Reply(452, "4.2.2", "mailbox full");
  static final Reply STORE_CANNOT_WRITE = new Reply(452, "4.3.1", "the store cannot take mail now");
  static final Reply STORE_TROUBLE = new Reply(451, "4.3.0", "the store cannot keep it now");
  static final Reply STORE_REFUSED = new Reply(554, "5.3.0", "the store cannot keep it");
  static final Reply FAULT = new Reply(451, "4.3.0", "something went wrong here");
  static final Reply TOO_MANY_COMMANDS = new Reply(421, "4.7.0", "too many commands without sense");
  static final Reply TOO_SLOW = new Reply(421, "4.4.2", "waited too long");
  static final Reply TOO_MANY_CONNECTIONS = new Reply(421, "4.3.2", "too many connections");
  static final Reply SHUTTING_DOWN = new Reply(421, "4.3.2", "the server is shutting down");

  /// A delivered message's reply for one recipient.
  ///
  /// @param id the transaction's, as in the Received header
  static Reply kept(String id) {
    return new Reply(250, "2.1.5", "kept, id " + id);
  }

  /// What to tell when the store says no.
  static Reply of(Refused.Reason reason) {
    return switch (reason) {
      case TOO_BIG -> TOO_BIG;
      case OVER_QUOTA -> MAILBOX_FULL;
      case NONEXISTENT -> UNKNOWN_USER;
      case UNAVAILABLE -> STORE_CANNOT_WRITE;
      case LIMIT, IN_USE -> STORE_TROUBLE;
      case ALREADY_EXISTS, CANNOT, HAS_CHILDREN -> STORE_REFUSED;
    };
  }

  /// The line without CRLF.
  String line() {
    return code + " " + enhanced + " " + text;
  }

  /// Whether the command itself made no sense: what clients do not do by chance.
  boolean senseless() {
    return code == 500 || code == 501 || code == 502;
  }
}
