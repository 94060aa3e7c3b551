package org.depozit.tests;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.pop3.POP3Store;

/// Jakarta Mail's clients, told to hide nothing: what the server cannot do is not done by the
/// client in its place.
final class JakartaMail {
  private static final String PATIENCE_MS = "10000";

  private JakartaMail() {}

  /// Connects in the clear.
  ///
  /// @param protocol `imap` or `pop3`
  static Store connect(ServerProcess server, String protocol, String user)
      throws MessagingException {
    return connect(server, protocol, user, new Properties());
  }

  /// Connects inside TLS: by STARTTLS or STLS for `imap` and `pop3`, at once for `imaps` and
  /// `pop3s`.
  static Store connectInsideTls(ServerProcess server, String protocol, String user)
      throws MessagingException {
    Properties properties = new Properties();
    String later = Boolean.toString(!protocol.endsWith("s"));
    properties.put("mail." + protocol + ".starttls.enable", later);
    properties.put("mail." + protocol + ".starttls.required", later);
    properties.put("mail." + protocol + ".ssl.trust", "*");
    properties.put("mail." + protocol + ".ssl.checkserveridentity", "false");
    return connect(server, protocol, user, properties);
  }

  private static Store connect(
      ServerProcess server, String protocol, String user, Properties properties)
      throws MessagingException {
    properties.put("mail." + protocol + ".timeout", PATIENCE_MS);
    properties.put("mail." + protocol + ".connectiontimeout", PATIENCE_MS);
    properties.put("mail." + protocol + ".throwsearchexception", "true");
    // A client that looks at a text sets no flag.
    properties.put("mail." + protocol + ".peek", "true");
    Store store = Session.getInstance(properties).getStore(protocol);
    store.connect("127.0.0.1", server.address(protocol).getPort(), user, Users.PASSWORD);
    return store;
  }

  /// Whether a store's connection is inside TLS.
  static boolean isSecure(Store store) {
    return switch (store) {
      case IMAPStore imap -> imap.isSSL();
      case POP3Store pop3 -> pop3.isSSL();
      default -> throw new IllegalArgumentException(store.toString());
    };
  }

  /// Opens a folder to read and write.
  static IMAPFolder open(Store store, String name) throws MessagingException {
    IMAPFolder folder = (IMAPFolder) store.getFolder(name);
    folder.open(Folder.READ_WRITE);
    return folder;
  }

  /// How many messages a folder has, by the server's latest news: those that were expunged are no
  /// more counted.
  static int count(IMAPFolder folder) throws MessagingException {
    folder.doCommand(protocol -> {
      protocol.noop();
      return "";
    });
    int gone = 0;
    for (Message message : folder.getMessages()) {
      gone += message.isExpunged() ? 1 : 0;
    }
    return folder.getMessageCount() - gone;
  }

  /// Idles until the folder is closed.
  static void idle(IMAPFolder folder) {
    try {
      while (folder.isOpen()) {
        folder.idle();
      }
    } catch (MessagingException | IllegalStateException e) {
      // The folder was closed.
    }
  }

  /// A small message.
  static Message message(String subject) throws MessagingException {
    String text =
        "From: ana@example.org\r\nSubject: %s\r\n\r\nText of %s.\r\n".formatted(subject, subject);
    return parsed(text);
  }

  /// A message of these octets.
  static Message parsed(String text) throws MessagingException {
    return new MimeMessage(
        Session.getInstance(new Properties()),
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
