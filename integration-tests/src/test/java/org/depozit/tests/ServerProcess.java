package org.depozit.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real program as a process of its own, started from the classes under test.
final class ServerProcess implements AutoCloseable {
  /// The exit codes of a clean stop: 143 is what the JVM gives for SIGTERM.
  static final List<Integer> STOPPED = List.of(0, 143);

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final String ANY_PORT = "127.0.0.1:0";

  private final Process process;
  private final Path errors;
  private final List<String> output = new ArrayList<>();
  private final Map<String, InetSocketAddress> addresses = new HashMap<>();

  private ServerProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /// Serves a data directory, every protocol on a free port of the loopback; comes back when it is
  /// ready.
  static ServerProcess serve(Path data) throws IOException {
    return start(serving(data));
  }

  /// The call that serves a data directory on free ports.
  static List<String> serving(Path data) {
    List<String> arguments = new ArrayList<>(List.of("serve", "--data", data.toString()));
    for (String protocol : List.of("imap", "imaps", "pop3", "pop3s", "lmtp")) {
      arguments.addAll(List.of("--" + protocol, ANY_PORT));
    }
    return arguments;
  }

  /// Starts a call that serves, and comes back when it is ready.
  static ServerProcess start(List<String> arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /// The same with options of the JVM.
  static ServerProcess start(List<String> options, List<String> arguments) throws IOException {
    return start(List.of(), options, arguments);
  }

  private static ServerProcess start(
      List<String> within, List<String> options, List<String> arguments) throws IOException {
    Path errors = Files.createTempFile("depozit-stderr-", ".txt");
    List<String> tuning = new ArrayList<>(List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError"));
    tuning.addAll(options);
    List<String> command = new ArrayList<>(within);
    command.addAll(command(tuning, arguments));
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    ServerProcess server = new ServerProcess(process, errors);
    try {
      server.awaitReady();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static List<String> command(List<String> tuning, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
    command.add("-Dh2.objectCache=false");
    command.addAll(tuning);
    command.addAll(List.of("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8"));
    command.addAll(List.of("-Dstderr.encoding=UTF-8", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.depozit.server.Main");
    command.addAll(arguments);
    return command;
  }

  /// Serves a data directory as somebody whom the permissions of files bind, root too.
  static ServerProcess serveBound(Path data) throws IOException {
    return start(bound(), List.of(), serving(data));
  }

  /// The same as a call that ends.
  static Outcome runBound(List<String> arguments) throws IOException {
    return run(bound(), "", arguments);
  }

  private static List<String> bound() {
    return System.getProperty("user.name").equals("root")
        ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        : List.of();
  }

  private void awaitReady() throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.equals("ready")) {
      output.add(line);
      listening(line);
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("the server ended: " + output + " " + errors());
    }
    output.add(line);
  }

  private void listening(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && words[0].equals("listening")) {
      int colon = words[2].lastIndexOf(':');
      String host = words[2].substring(0, colon);
      int port = Integer.parseInt(words[2].substring(colon + 1));
      addresses.put(words[1], new InetSocketAddress(host, port));
    }
  }

  /// Runs a call to its end.
  ///
  /// @param input what it reads on standard input
  static Outcome run(String input, List<String> arguments) throws IOException {
    return run(List.of(), input, arguments);
  }

  private static Outcome run(List<String> within, String input, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(within);
    command.addAll(command(List.of("-XX:TieredStopAtLevel=1"), arguments));
    Path out = Files.createTempFile("depozit-out-", ".txt");
    Path err = Files.createTempFile("depozit-err-", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It did not want to read; its exit code tells the rest.
      }
      int code = ended(process);
      return new Outcome(code, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static int ended(Process process) {
    try {
      if (process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new IllegalStateException("the process does not end");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Where a protocol is served: `imap`, `imaps`, `pop3` …
  InetSocketAddress address(String protocol) {
    InetSocketAddress address = addresses.get(protocol);
    if (address == null) {
      throw new IllegalArgumentException("no such protocol: " + protocol);
    }
    return address;
  }

  /// Where a protocol is served, as curl writes it: `127.0.0.1:1143`.
  String at(String protocol) {
    return "127.0.0.1:" + address(protocol).getPort();
  }

  /// What it wrote on standard output, up to `ready`.
  List<String> output() {
    return List.copyOf(output);
  }

  /// What it has written on standard error until now.
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The number of the process.
  long pid() {
    return process.pid();
  }

  /// Whether it still runs.
  boolean runs() {
    return process.isAlive();
  }

  /// kill -9, and waits for its end.
  void kill() {
    process.destroyForcibly();
    ended(process);
  }

  /// SIGTERM.
  void stop() {
    process.destroy();
  }

  /// SIGTERM, and waits for its end.
  ///
  /// @return the exit code
  int terminate() {
    stop();
    return ended(process);
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a call left behind.
  record Outcome(int code, String out, String err) {}
}
