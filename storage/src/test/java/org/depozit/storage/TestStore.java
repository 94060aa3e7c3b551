package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A real store in a folder, that can be closed and opened again, and mail for it.
final class TestStore implements AutoCloseable {
  static final char[] PASSWORD = "secret".toCharArray();
  static final InternalDate NOON = InternalDate.of(Instant.parse("2026-11-20T12:00:00Z"));

  private final StoreSettings settings;
  private SqlStore store;

  TestStore(Path directory) {
    this(StoreSettings.at(directory));
  }

  TestStore(StoreSettings settings) {
    this.settings = settings;
    this.store = SqlStore.open(settings);
  }

  /// The documented bounds, but for those of the index states that are kept.
  ///
  /// @param flatMessages see [StoreLimits]; so are the others
  static StoreLimits limits(int flatMessages, int flatBehind, long keptIndexOctets) {
    return StoreLimits.DEFAULTS
        .with("flatMessages", flatMessages)
        .with("flatBehind", flatBehind)
        .with("keptIndexOctets", keptIndexOctets);
  }

  SqlStore store() {
    return store;
  }

  void reopen() {
    store.close();
    store = SqlStore.open(settings);
  }

  Account account(String name) {
    return store.account(name).orElseGet(() -> store.createAccount(name, PASSWORD.clone()));
  }

  Mailbox inbox(String account) {
    return mailbox(account, "INBOX");
  }

  Mailbox mailbox(String account, String name) {
    return account(account).mailbox(MailboxName.of(name)).orElseThrow();
  }

  Spool spool(String text) {
    Spool spool = store.spool();
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    try {
      spool.write(octets, 0, octets.length);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return spool;
  }

  IncomingMessage message(String text, Flag... flags) {
    return new IncomingMessage(spool(text), Set.of(flags), NOON);
  }

  Appended append(Mailbox mailbox, String text, Flag... flags) {
    IncomingMessage message = message(text, flags);
    try (Spool _ = message.content()) {
      return mailbox.append(message);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  List<Delivered> deliver(String text, String trace, Account... accounts) {
    byte[] prefix = trace.getBytes(StandardCharsets.UTF_8);
    IncomingMessage message = message(text);
    try (Spool _ = message.content()) {
      return store.deliver(
          message,
          java.util.Arrays.stream(accounts)
              .map(account -> new Recipient(account, prefix))
              .toList());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Optional<String> text(Mailbox mailbox, long uid) {
    return mailbox.content(uid).map(TestStore::text);
  }

  static String text(Content content) {
    try (content) {
      return new String(content.bytes(), StandardCharsets.UTF_8);
    }
  }

  static String mail(String from, String subject) {
    return "From: "
        + from
        + "\r\nTo: Ana <ana@example.org>\r\nSubject: "
        + subject
        + "\r\nDate: Fri, 20 Nov 2026 10:00:00 +0200\r\nMessage-ID: <"
        + subject.hashCode()
        + "@example.org>\r\n\r\nHello, "
        + subject
        + "\r\n";
  }

  static void assertRefused(Refused.Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Override
  public void close() {
    store.close();
  }
}
