package org.depozit.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.depozit.storage.PasswordHash;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;

/// The project's own server, as its launcher starts it.
final class Depozit implements Contender {
  private static final String CONFIG =
      """
      host-name = "depozit.example.org"
      [login]
      upgrade-hashes = false
      [limits]
      connections-per-user = 2000
      connections-per-address = 20000
      connections = 20000
      commands-before-log-in = 1000
      """;

  private final Path folder;
  private final List<String> program;
  private final Map<String, String> environment;
  private final Running running = new Running();

  /// @param folder its own, there already
  /// @param program how it is called, up to its arguments
  /// @param environment beside this process's own, of the server
  Depozit(Path folder, List<String> program, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.program = List.copyOf(program);
  }

  @Override
  public Running running() {
    return running;
  }

  @Override
  public String name() {
    return "Depozit";
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Override
  public void adopt(Map<String, String> hashes) throws IOException {
    Files.writeString(folder.resolve("depozit.toml"), CONFIG);
    try (SqlStore store = SqlStore.open(StoreSettings.at(data()))) {
      hashes.forEach((name, hash) -> store.createAccount(name, PasswordHash.of(hash)));
    }
  }

  @Override
  public void fill(String user, Path mbox) throws IOException {
    Processes.run(command("import", user, mbox.toString(), "--data", data().toString()));
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    return command;
  }

  @Override
  public double start() throws IOException {
    List<String> command = command("serve", "--data", data().toString());
    command.addAll(List.of("--config", folder.resolve("depozit.toml").toString()));
    for (Protocol protocol : Protocol.values()) {
      command.addAll(
          List.of("--" + protocol.name().toLowerCase(java.util.Locale.ROOT), "127.0.0.1:0"));
    }
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("stderr").toFile()));
    builder.environment().putAll(environment);
    Process started = builder.start();
    running.started(started);
    BufferedReader lines = started.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.equals("ready")) {
      listening(line.split(" ", -1));
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("Depozit did not start: " + Files.readString(folder.resolve("stderr")));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void listening(String[] words) {
    int port = Integer.parseInt(words[2].substring(words[2].lastIndexOf(':') + 1));
    Protocol protocol = Protocol.valueOf(words[1].toUpperCase(java.util.Locale.ROOT));
    running.listens(protocol, port);
  }

  @Override
  public long liveHeap() throws IOException {
    if (running.process().isEmpty()) {
      return 0;
    }
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(running.process().get().pid());
    String total =
        Processes.run(List.of(jcmd, pid, "GC.class_histogram"))
            .lines()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(total.strip().split("\\s+", -1)[2]);
  }
}
