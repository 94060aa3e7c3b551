package org.depozit.pop3;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.depozit.storage.Content;
import org.depozit.storage.Maildrop;
import org.depozit.storage.Maildrop.Item;
import org.depozit.storage.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The TRANSACTION state. RFC 1939 §5, and by QUIT the UPDATE state, §6.
///
/// Numbers stay put from the log-in to the end: those of deleted messages are skipped, those of
/// messages that an IMAP session expunges meanwhile answer with an error.
final class Transaction {
  private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

  private final Pop3Connection session;
  private final Maildrop maildrop;
  private final List<Item> items;
  private final Replies replies;

  /// Numbers marked by DELE.
  private final BitSet deleted = new BitSet();

  /// Numbers that the client has been told are gone.
  private final BitSet toldGone = new BitSet();

  private int messages;
  private long octets;
  private int last;

  Transaction(Pop3Connection session, Maildrop maildrop) {
    this.session = session;
    this.maildrop = maildrop;
    this.items = maildrop.items();
    this.replies = session.replies();
    this.last = maildrop.lastAccessed();
    countAll();
  }

  /// Answers the log-in, and serves commands until QUIT or the end of the connection.
  void run() throws IOException {
    replies.ok(Phrase.LOCKED, messages, octets);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = session.command(this::carryOut);
    }
  }

  private void carryOut(Pop3Command command) throws Rejected, IOException {
    switch (command) {
      case Pop3Command.Stat _ -> replies.okWith(messages + " " + octets);
      case Pop3Command.List(OptionalInt number) -> list(number);
      case Pop3Command.Retr(int number) -> retr(number);
      case Pop3Command.Dele(int number) -> dele(number);
      case Pop3Command.Noop _ -> replies.ok(Phrase.STILL_HERE);
      case Pop3Command.Rset _ -> rset();
      case Pop3Command.Last _ -> last();
      case Pop3Command.Top(int number, int lines) -> top(number, lines);
      case Pop3Command.Uidl(OptionalInt number) -> uidl(number);
      case Pop3Command.Capa _ -> session.capabilities(/* loggedIn= */ true);
      case Pop3Command.Lang(Optional<String> range) -> session.language(range);
      case Pop3Command.Quit _ -> quit();
      case Pop3Command.OfAuthorization _ -> throw Rejected.because(Phrase.LOGGED_IN);
    }
  }

  private void list(OptionalInt number) throws Rejected, IOException {
    if (number.isPresent()) {
      replies.okWith(number.getAsInt() + " " + item(number.getAsInt()).octets());
      return;
    }
    replies.begin(Phrase.LISTING, messages, octets);
    for (int n = deleted.nextClearBit(1); n <= items.size(); n = deleted.nextClearBit(n + 1)) {
      replies.line(n, items.get(n - 1).octets());
    }
    replies.end();
  }

  private void uidl(OptionalInt number) throws Rejected, IOException {
    if (number.isPresent()) {
      replies.okWith(number.getAsInt() + " " + item(number.getAsInt()).uidl());
      return;
    }
    replies.begin(Phrase.UNIQUE_IDS);
    for (int n = deleted.nextClearBit(1); n <= items.size(); n = deleted.nextClearBit(n + 1)) {
      replies.line(n, items.get(n - 1).uidl());
    }
    replies.end();
  }

  private void retr(int number) throws Rejected, IOException {
    Item item = item(number);
    try (Content content = content(number)) {
      replies.begin(Phrase.OCTETS, item.octets());
      new MessageWriter(session.connection().output().stream(), session.settings()).whole(content);
      replies.ended();
    }
    access(number);
    if (session.settings().seenOnRetr()) {
      see(item);
    }
  }

  /// The reply has been given: another for what fails now would be taken for the next command's.
  private void see(Item item) {
    try {
      maildrop.seen(item);
    } catch (Refused e) {
      LOG.warn("{}: a message is not marked as seen: {}", session.connection(), e.getMessage());
    }
  }

  private void top(int number, int lines) throws Rejected, IOException {
    try (Content content = content(number)) {
      replies.begin(Phrase.TOP_FOLLOWS);
      new MessageWriter(session.connection().output().stream(), session.settings())
          .top(content, lines);
      replies.ended();
    }
  }

  private void dele(int number) throws Rejected, IOException {
    Item item = item(number);
    deleted.set(number);
    messages--;
    octets -= item.octets();
    access(number);
    replies.ok(Phrase.MARKED, number);
  }

  private void rset() throws IOException {
    deleted.clear();
    countAll();
    last = 0;
    maildrop.accessed(0);
    replies.ok(Phrase.LOCKED, messages, octets);
  }

  private void last() throws Rejected, IOException {
    if (!session.settings().last()) {
      throw Rejected.because(Phrase.UNKNOWN_COMMAND);
    }
    replies.okWith(Integer.toString(last));
  }

  /// The update: what is marked goes, in one step, before the reply. The lock goes when this state
  /// is left, and that is before the reply is flushed, so that the client may come back at once.
  private void quit() throws IOException {
    session.end();
    Set<Item> marked =
        deleted.stream().mapToObj(number -> items.get(number - 1)).collect(Collectors.toSet());
    if (marked.isEmpty()) {
      replies.ok(Phrase.GOODBYE);
      return;
    }
    maildrop.remove(marked);
    replies.ok(Phrase.REMOVED, marked.size());
  }

  /// Raises what LAST tells. RFC 1460 §5: by RETR and DELE.
  private void access(int number) {
    if (number > last) {
      last = number;
      maildrop.accessed(last);
    }
  }

  private Item item(int number) throws Rejected {
    if (number < 1 || number > items.size()) {
      throw Rejected.because(Phrase.NO_SUCH_MESSAGE, items.size());
    }
    if (deleted.get(number)) {
      throw Rejected.because(Phrase.IS_DELETED, number);
    }
    return items.get(number - 1);
  }

  /// The octets of a message; one that is gone is told once, and whoever asks again is left, or
  /// would ask for ever.
  private Content content(int number) throws Rejected {
    Optional<Content> content = maildrop.content(item(number));
    if (content.isEmpty()) {
      if (toldGone.get(number)) {
        session.end();
      }
      toldGone.set(number);
      throw Rejected.because(Phrase.EXPUNGED, number);
    }
    if (!session.settings().refuseUtf8() || session.utf8()) {
      return content.get();
    }
    return withoutUtf8(number, content.get());
  }

  private static Content withoutUtf8(int number, Content content) throws Rejected {
    boolean passes = false;
    try {
      passes = !Utf8Header.in(content);
    } finally {
      if (!passes) {
        content.close();
      }
    }
    if (passes) {
      return content;
    }
    throw Rejected.with(ResponseCode.UTF8, Phrase.NEEDS_UTF8, number);
  }

  private void countAll() {
    messages = items.size();
    octets = maildrop.octets();
  }
}
