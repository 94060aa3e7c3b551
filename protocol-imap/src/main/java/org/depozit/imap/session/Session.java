package org.depozit.imap.session;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Store;
import org.depozit.storage.View;
import org.depozit.wire.Connection;
import org.depozit.wire.Limits;

/// One client's session: who it is, what it has selected and enabled, and the way to answer it.
///
/// Used by one thread at a time: the connection's own, or the [Pump] while it lives.
public final class Session {
  private final Connection connection;
  private final Store store;
  private final Responses responses;
  private final Set<Extension> enabled = EnumSet.noneOf(Extension.class);

  private String tag = "*";
  private Optional<Account> account = Optional.empty();
  private Optional<Selected> selected = Optional.empty();
  private Optional<Rest> rest = Optional.empty();
  private Optional<String> farewell = Optional.empty();
  private int failedLogIns;
  private boolean loggedOut;

  /// What is left of a command that waits for its client.
  @FunctionalInterface
  public interface Rest {
    /// Does it.
    ///
    /// @return the text of the tagged OK
    /// @throws IOException if the peer is gone
    String run(Session session) throws IOException;
  }

  /// A session that has not logged in.
  public Session(Connection connection, Store store) {
    this.connection = connection;
    this.store = store;
    this.responses = new Responses(connection.output());
  }

  /// The connection, for its TLS, its peer and its input.
  public Connection connection() {
    return connection;
  }

  /// The bounds of the server.
  public Limits limits() {
    return connection.limits();
  }

  /// The store of everybody's mail.
  public Store store() {
    return store;
  }

  /// The way to answer.
  public Responses responses() {
    return responses;
  }

  /// Where the session stands. RFC 9051 §3.
  public State state() {
    if (loggedOut) {
      return State.LOGOUT;
    }
    if (selected.isPresent()) {
      return State.SELECTED;
    }
    return account.isPresent() ? State.AUTHENTICATED : State.NOT_AUTHENTICATED;
  }

  /// The tag of the running command.
  public String tag() {
    return tag;
  }

  /// A command begins.
  public void begin(String itsTag) {
    tag = itsTag;
  }

  /// The running command has a rest, which waits for the client and may do so for long. It is run,
  /// and the command answered, by a thread made for it.
  public void later(Rest itsRest) {
    rest = Optional.of(itsRest);
  }

  /// The rest of the running command, if it has one; asking forgets it.
  public Optional<Rest> takeRest() {
    Optional<Rest> taken = rest;
    rest = Optional.empty();
    return taken;
  }

  // --- who

  /// The user's mailboxes.
  ///
  /// @throws IllegalStateException before the log-in, which the table of commands rules out
  public Account account() {
    return account.orElseThrow(() -> new IllegalStateException("not logged in"));
  }

  /// The user has shown who he is.
  public void loggedIn(Account user) {
    account = Optional.of(user);
  }

  /// A log-in has failed; too many of them end the session.
  public void logInFailed() {
    failedLogIns++;
    if (failedLogIns >= limits().failedLogIns()) {
      hangUp("Too many failed log-ins");
    }
  }

  /// LOGOUT: nothing is read after this command.
  public void logOut() {
    loggedOut = true;
  }

  /// Ends the session with a BYE when the running command has been answered.
  public void hangUp(String why) {
    farewell = Optional.of(why);
  }

  /// Why the session ends, if it does.
  public Optional<String> farewell() {
    return farewell;
  }

  // --- mailboxes

  /// The selected mailbox.
  ///
  /// @throws IllegalStateException if there is none, which the table of commands rules out
  public Selected selected() {
    return selected.orElseThrow(() -> new IllegalStateException("no mailbox is selected"));
  }

  /// The selected mailbox, if there is one.
  public Optional<Selected> selection() {
    return selected;
  }

  /// A mailbox is selected from now on.
  public void select(Selected mailbox) {
    selected = Optional.of(mailbox);
  }

  /// No mailbox is selected from now on.
  public void deselect() {
    selected = Optional.empty();
  }

  /// Opens a mailbox of the user.
  ///
  /// @throws Rejected NO [NONEXISTENT]
  public Mailbox mailbox(MailboxName name) {
    return account()
        .mailbox(name)
        .orElseThrow(() -> Rejected.no("NONEXISTENT", "There is no such mailbox"));
  }

  /// Opens the mailbox that APPEND, COPY or MOVE goes to. RFC 9051 §6.3.12.
  ///
  /// @throws Rejected NO [TRYCREATE]
  public Mailbox destination(MailboxName name) {
    return account()
        .mailbox(name)
        .orElseThrow(() -> Rejected.no("TRYCREATE", "There is no such mailbox; make it first"));
  }

  /// `* FLAGS` and `* OK [PERMANENTFLAGS]` for a version of the selected mailbox. RFC 9051 §6.3.2.
  public void tellFlags(View view) throws IOException {
    StringBuilder names = new StringBuilder();
    for (Flag flag : Flag.SYSTEM) {
      names.append(names.isEmpty() ? "" : " ").append(flag.name());
    }
    for (Flag flag : view.keywords()) {
      names.append(' ').append(flag.name());
    }
    responses.untagged("FLAGS (" + names + ")");
    boolean fixed = selected().readOnly();
    responses.ok(
        "PERMANENTFLAGS (" + (fixed ? "" : names + " \\*") + ")",
        fixed ? "No flag can be changed" : "Flags that can be changed");
  }

  // --- extensions

  /// Whether the client has asked for it.
  public boolean enabled(Extension extension) {
    return enabled.contains(extension);
  }

  /// The client asks for it, by ENABLE or by using it. The first wish for CONDSTORE with a mailbox
  /// selected is answered with its HIGHESTMODSEQ (RFC 7162 §3.1).
  ///
  /// @return whether it had not asked before
  public boolean enable(Extension extension) throws IOException {
    boolean first = enabled.add(extension);
    if (first && extension == Extension.CONDSTORE && selected.isPresent()) {
      tellHighestModSeq();
    }
    return first;
  }

  /// `* OK [HIGHESTMODSEQ n]` of the selected mailbox. RFC 7162 §3.1.2.1.
  public void tellHighestModSeq() throws IOException {
    responses.ok("HIGHESTMODSEQ " + selected().highestModSeq(), "Highest mod-sequence");
  }
}
