package org.depozit.benchmarks;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Flags, copies, expunges and single deliveries.
final class Changing {
  private static final int MANY = 20_000;

  private Changing() {}

  /// One message's flag, and another's.
  static void flag(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("SELECT INBOX");
      AtomicInteger next = new AtomicInteger();
      stage.rate("STORE n +FLAGS, one by one", 1, _ -> flagger(stage, client, "Round", next));
    }
  }

  /// The flags of all messages, and of one after the other while a server may have more to do for
  /// those of all.
  static void store(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("SELECT INBOX");
      client.run("STORE 1:* -FLAGS.SILENT (\\Flagged)");
      AtomicBoolean flagged = new AtomicBoolean();
      stage.often(
          "STORE 1:* +FLAGS.SILENT, then -FLAGS.SILENT: each",
          () -> client.run("STORE 1:* %sFLAGS.SILENT (\\Flagged)".formatted(sign(flagged))));
      AtomicInteger next = new AtomicInteger();
      stage.rate(
          "STORE n +FLAGS, right after those", 1, _ -> flagger(stage, client, "After", next));
    }
  }

  private static String sign(AtomicBoolean flagged) {
    boolean was = flagged.get();
    flagged.set(!was);
    return was ? "-" : "+";
  }

  private static Stage.Worker flagger(
      Stage stage, ImapClient client, String keyword, AtomicInteger next) {
    return new Stage.Worker() {
      @Override
      public void run() throws IOException {
        int number = next.getAndIncrement();
        String sign = number / stage.size() % 2 == 0 ? " +" : " -";
        client.run(
            "STORE "
                + (1 + number % stage.size())
                + sign
                + "FLAGS ("
                + keyword
                + (stage.round() + 1)
                + ")");
      }

      @Override
      public void close() {}
    };
  }

  static void deliver(Stage stage) throws IOException {
    AtomicInteger next = new AtomicInteger();
    try (LmtpClient client = LmtpClient.connect(stage.server());
        ImapClient reader = ImapClient.login(stage.server(), stage.user())) {
      reader.run("SELECT INBOX");
      stage.often(
          "delivery of one message (LMTP)",
          () ->
              client.deliver(stage.user(), LmtpClient.dotted(stage.mail(next.getAndIncrement()))));
      // The mailbox keeps its size.
      reader.run("NOOP");
      reader.run("STORE " + (stage.size() + 1) + ":* +FLAGS.SILENT (\\Deleted)");
      reader.run("EXPUNGE");
    }
  }

  static void copy(Stage stage) throws IOException {
    copyAndExpunge(stage, 1_000, "COPY 1:1000", "EXPUNGE of 1,000");
  }

  static void expunge(Stage stage) throws IOException {
    copyAndExpunge(stage, MANY, "COPY 1:* of up to 20,000", "EXPUNGE of up to 20,000");
  }

  private static void copyAndExpunge(Stage stage, int most, String copying, String expunging)
      throws IOException {
    String target = "Copy" + most + "x" + (stage.round() + 1);
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("SELECT INBOX");
      if (!client.answer().contains("* " + stage.size() + " EXISTS")) {
        throw new IOException("the mailbox has another size: " + client.answer());
      }
      client.run("CREATE " + target);
      int count = Math.min(most, stage.size());
      stage.once(copying, () -> client.run("COPY 1:" + count + " " + target));
      client.run("SELECT " + target);
      client.run("STORE 1:* +FLAGS.SILENT (\\Deleted)");
      stage.once(expunging, () -> client.run("EXPUNGE"));
      client.run("CLOSE");
      client.run("DELETE " + target);
    }
  }
}
