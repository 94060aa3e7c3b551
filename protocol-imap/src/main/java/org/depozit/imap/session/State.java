package org.depozit.imap.session;

import java.util.Set;

/// The states of a session. RFC 9051 §3.
public enum State {
  /// The client must log in first.
  NOT_AUTHENTICATED,
  /// Logged in; no mailbox is selected.
  AUTHENTICATED,
  /// Logged in, with a mailbox selected.
  SELECTED,
  /// The session is ending.
  LOGOUT;

  /// In any state.
  public static final Set<State> ANY = Set.of(NOT_AUTHENTICATED, AUTHENTICATED, SELECTED);

  /// Only before the log-in.
  public static final Set<State> BEFORE_LOGIN = Set.of(NOT_AUTHENTICATED);

  /// After the log-in, whether or not a mailbox is selected.
  public static final Set<State> AFTER_LOGIN = Set.of(AUTHENTICATED, SELECTED);

  /// Only with a mailbox selected.
  public static final Set<State> WITH_MAILBOX = Set.of(SELECTED);
}
