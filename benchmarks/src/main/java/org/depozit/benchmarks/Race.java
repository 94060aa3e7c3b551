package org.depozit.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Runs the contenders in turns, scene by scene: for each size a new store of each, filled with the
/// same mails. Ends what it started and removes its folders.
final class Race {
  /// A contender that has spent so long on a scene is spared its further rounds.
  private static final double ENOUGH_SECONDS = 12;

  private static final int MAILS = 1_000;
  private static final int SMALL = 50;

  private final Options options;
  private final PrintStream out;
  private final Results results = new Results();
  private volatile List<Contender> running = List.of();

  Race(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /// Runs everything that the options want.
  Results run() throws IOException {
    for (int size : options.sizes()) {
      Path folder = Files.createTempDirectory(options.folder(), "depozit-bench-");
      Thread ending = new Thread(() -> end(folder), "end");
      Runtime.getRuntime().addShutdownHook(ending);
      try {
        run(size, folder);
      } finally {
        end(folder);
        Runtime.getRuntime().removeShutdownHook(ending);
      }
    }
    return results;
  }

  /// Also when the run itself is ended.
  private void end(Path folder) {
    try {
      running.forEach(Contender::kill);
      Processes.delete(folder);
    } catch (IOException e) {
      out.println("a temporary folder is left: " + e.getMessage());
    }
  }

  private void run(int size, Path folder) throws IOException {
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Path mbox = Mails.file(options.cache(), options.generator(), size);
    Map<String, String> environment = SlowForce.environment(folder, options.force());
    try (Contender depozit =
            new Depozit(
                Files.createDirectory(folder.resolve("depozit")), program(folder), environment);
        Contender dovecot =
            new Dovecot(Files.createDirectory(folder.resolve("dovecot")), environment)) {
      List<Contender> contenders = options.alone() ? List.of(depozit) : List.of(depozit, dovecot);
      running = contenders;
      for (Contender contender : contenders) {
        prepare(contender, size, mbox);
      }
      List<byte[]> mails = Mails.first(mbox, MAILS);
      for (Scene scene : Scenes.ALL) {
        boolean here = scene.sized() || size == options.sizes().getFirst();
        if (here && options.wants(scene)) {
          play(scene, size, contenders, mails);
        }
      }
    }
  }

  /// The launcher beside what it has built, as in a distribution: it does not build again when a
  /// source is edited while the race goes on.
  private List<String> program(Path folder) throws IOException {
    if (options.program().isPresent()) {
      return options.program().get();
    }
    Path home = Files.createDirectory(folder.resolve("distribution"));
    Files.createSymbolicLink(home.resolve("lib"), Path.of("target", "run").toRealPath());
    Path launcher = home.resolve("depozit");
    Files.copy(Path.of("depozit"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    return List.of(launcher.toString());
  }

  private void prepare(Contender contender, int size, Path mbox) throws IOException {
    contender.adopt(Accounts.hashes(options.sizes()));
    long start = System.nanoTime();
    contender.fill(Accounts.of(size), mbox);
    double took = (System.nanoTime() - start) / 1e9;
    mark(Scenes.FILLING, size, contender, size / took);
    contender.start();
    marked(contender, size, mbox);
  }

  /// What the scenes find: a keyword on each tenth message, a small mailbox, big mails.
  private void marked(Contender contender, int size, Path mbox) throws IOException {
    try (ImapClient client = ImapClient.login(contender, Accounts.of(size))) {
      client.run("SELECT INBOX");
      // An EXPUNGE is to take away only what its scene has marked.
      client.run("STORE 1:* -FLAGS.SILENT (\\Deleted)");
      client.run("STORE 1:" + Math.max(1, size / 10) + " +FLAGS.SILENT (Bench)");
    }
    try (ImapClient client = ImapClient.login(contender, Accounts.SMALL)) {
      for (byte[] mail : Mails.first(mbox, Math.min(size, SMALL))) {
        client.append("INBOX", mail);
      }
      client.run("CREATE " + Reading.BIG);
      for (int i = 0; i < Reading.BIG_MAILS; i++) {
        client.append(Reading.BIG, big(i));
      }
    }
  }

  /// A mail of a MiB: an attachment in base64.
  private static byte[] big(int number) {
    StringBuilder mail = new StringBuilder(Reading.BIG_OCTETS);
    mail.append("From: a@example.org\r\nTo: b@example.org\r\nSubject: Big ").append(number);
    mail.append("\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n");
    mail.append("Content-Transfer-Encoding: base64\r\n\r\n");
    Random random = new Random(number);
    byte[] line = new byte[57];
    while (mail.length() < Reading.BIG_OCTETS - 78) {
      random.nextBytes(line);
      mail.append(java.util.Base64.getEncoder().encodeToString(line)).append("\r\n");
    }
    return Octets.of(mail.toString());
  }

  private void play(Scene scene, int size, List<Contender> contenders, List<byte[]> mails)
      throws IOException {
    Map<Contender, Double> spent = new HashMap<>();
    Set<Contender> out = new HashSet<>();
    int rounds = Math.min(options.rounds(), scene.rounds());
    for (int round = scene.warms() ? -1 : 0; round < rounds; round++) {
      // Who goes first changes from round to round.
      for (Contender contender : round % 2 == 0 ? contenders : contenders.reversed()) {
        if (!out.contains(contender)) {
          long start = System.nanoTime();
          boolean good = play(scene, size, round, contender, mails);
          double total = spent.getOrDefault(contender, 0.0) + (System.nanoTime() - start) / 1e9;
          spent.put(contender, total);
          if (!good || (round >= 0 && total > ENOUGH_SECONDS)) {
            out.add(contender);
          }
        }
      }
    }
    told(scene, scene.sized() ? size : 0);
  }

  private boolean play(Scene scene, int size, int round, Contender contender, List<byte[]> mails)
      throws IOException {
    int told = scene.sized() ? size : 0;
    Stage stage =
        new Stage(
            contender,
            size,
            round,
            options.seconds(),
            round < 0 ? Math.max(options.seconds(), options.warming()) : options.seconds(),
            options.idle(),
            options.mailboxes(),
            mails,
            (row, figure) -> {
              if (round >= 0) {
                mark(row, told, contender, figure);
              }
            });
    try {
      scene.play().on(stage);
      return true;
    } catch (IOException | RuntimeException e) {
      results.failed(scene.name() + " " + told + " " + contender.name() + ": " + e);
      out.println("FAILED " + scene.name() + " " + contender.name() + ": " + e);
      contender.stop();
      contender.start();
      return false;
    }
  }

  private void mark(String row, int size, Contender contender, double figure) {
    results.add(row, size, contender.name(), figure);
  }

  private void told(Scene scene, int size) {
    for (Row row : scene.rows()) {
      out.println(Report.line(row, size, results));
    }
    out.flush();
  }
}
