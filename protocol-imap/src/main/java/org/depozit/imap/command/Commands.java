package org.depozit.imap.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The table of commands: a new one takes its file, and a line here. RFC 9051 §6.
public final class Commands {
  /// Every command there is.
  public static final List<Spec> ALL =
      List.of(
          // in any state
          Capability.SPEC,
          Noop.SPEC,
          Logout.SPEC,
          Id.SPEC,
          // before the log-in
          StartTls.SPEC,
          Authenticate.SPEC,
          Login.SPEC,
          // after the log-in
          Enable.SPEC,
          Select.SELECT,
          Select.EXAMINE,
          Create.SPEC,
          Delete.SPEC,
          Rename.SPEC,
          Subscribe.SPEC,
          Unsubscribe.SPEC,
          ListMailboxes.SPEC,
          Lsub.SPEC,
          Namespace.SPEC,
          Status.SPEC,
          Append.SPEC,
          Idle.SPEC,
          // with a mailbox selected
          Check.SPEC,
          Close.SPEC,
          Unselect.SPEC,
          Expunge.EXPUNGE,
          Expunge.UID_EXPUNGE,
          Search.SEARCH,
          Search.UID_SEARCH,
          Fetch.FETCH,
          Fetch.UID_FETCH,
          StoreFlags.STORE,
          StoreFlags.UID_STORE,
          Copy.COPY,
          Copy.UID_COPY,
          Move.MOVE,
          Move.UID_MOVE);

  private static final Map<String, Spec> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Spec::name, Function.identity()));

  private Commands() {}

  /// The row of a command.
  ///
  /// @param name in capitals, with `UID ` in front if so it is called
  public static Optional<Spec> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
