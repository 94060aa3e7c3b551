package org.depozit.benchmarks;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// Mail in.
final class Writing {
  private static final int MANY = 16;

  private Writing() {}

  static void appends(Stage stage) throws IOException {
    stage.rate("APPEND 4 KiB, 1 connection", 1, number -> appender(stage, number));
    stage.rate(
        "APPEND 4 KiB, 16 connections, 16 mailboxes", MANY, number -> appender(stage, number));
    stage.rate("APPEND 4 KiB, 16 connections, 1 mailbox", MANY, _ -> appender(stage, 0));
  }

  private static Stage.Worker appender(Stage stage, int writer) throws IOException {
    ImapClient client = ImapClient.login(stage.server(), Accounts.writer(writer));
    AtomicInteger next = new AtomicInteger(writer);
    return new Stage.Worker() {
      @Override
      public void run() throws IOException {
        client.append("INBOX", stage.mail(next.getAndIncrement()));
      }

      @Override
      public void close() throws IOException {
        client.close();
      }
    };
  }

  static void deliveries(Stage stage) throws IOException {
    stage.rate("LMTP 4 KiB, 1 recipient, 1 connection", 1, number -> postman(stage, number));
    stage.rate(
        "LMTP 4 KiB, 1 recipient each, 16 connections", MANY, number -> postman(stage, number));
  }

  private static Stage.Worker postman(Stage stage, int writer) throws IOException {
    LmtpClient client = LmtpClient.connect(stage.server());
    AtomicInteger next = new AtomicInteger(writer);
    return new Stage.Worker() {
      @Override
      public void run() throws IOException {
        client.deliver(
            Accounts.writer(writer), LmtpClient.dotted(stage.mail(next.getAndIncrement())));
      }

      @Override
      public void close() throws IOException {
        client.close();
      }
    };
  }
}
