package org.depozit.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.tests.Transcript.Kind;
import org.depozit.tests.Transcript.Step;

/// Plays a transcript against a server, line by line, and says where the two part.
final class TranscriptPlay implements AutoCloseable {
  private static final Pattern MARK = Pattern.compile("\\.\\.\\.|\\{([a-z][A-Za-z0-9]*)}");
  private static final Pattern OCTETS = Pattern.compile("%\\{([0-9a-f]*)(?:\\*([0-9]+))?}");
  private static final int MOST_LINES = 200_000;

  private final Transcript transcript;
  private final Function<String, InetSocketAddress> server;
  private final Map<String, Client> clients = new HashMap<>();
  private final Map<String, String> protocols = new HashMap<>();
  private final Map<String, String> bound = new HashMap<>();

  /// A transcript to play.
  ///
  /// @param server tells where a protocol is served
  TranscriptPlay(Transcript transcript, Function<String, InetSocketAddress> server) {
    this.transcript = transcript;
    this.server = server;
    for (String line : transcript.header("connections")) {
      for (String one : List.of(line.split(", *"))) {
        protocols.put(one.substring(0, 1), one.substring(2));
      }
    }
  }

  /// Plays it to its end.
  ///
  /// @throws AssertionError where the server does otherwise
  void play() {
    List<Step> steps = transcript.steps();
    for (int i = 0; i < steps.size(); i++) {
      int end = i + 1;
      if (steps.get(i).kind() == Kind.SERVER_ANY_ORDER) {
        while (end < steps.size() && alike(steps.get(i), steps.get(end))) {
          end++;
        }
      }
      play(steps.subList(i, end));
      i = end - 1;
    }
  }

  private static boolean alike(Step one, Step other) {
    return one.kind() == other.kind() && one.connection().equals(other.connection());
  }

  private void play(List<Step> together) {
    Step step = together.getFirst();
    try {
      Client client = client(step.connection());
      switch (step.kind()) {
        case CLIENT -> client.send(octets(substituted(step.text())));
        case SERVER -> expect(step, client.line());
        case SERVER_ANY_ORDER -> expectInAnyOrder(together, client);
        case SERVER_AT_LAST -> expectAtLast(step, client);
        case STARTS_TLS -> client.startTls();
        case HEARS_NOTHING -> require(client.silent(), step, "silence", "something");
        case IS_CLOSED -> require(client.ended(), step, "the end of the stream", "more");
        case DROPS -> client.close();
      }
    } catch (IOException e) {
      throw new AssertionError(place(step) + " expected " + step.text() + " got " + e, e);
    }
  }

  private Client client(String letter) throws IOException {
    Client known = clients.get(letter);
    if (known != null) {
      return known;
    }
    String protocol = protocols.getOrDefault(letter, transcript.folder());
    Client client = new Client(server.apply(protocol), protocol.endsWith("s"));
    clients.put(letter, client);
    return client;
  }

  private void expect(Step step, String line) {
    require(matches(step.text(), line), step, step.text(), line);
  }

  private void expectInAnyOrder(List<Step> steps, Client client) throws IOException {
    List<Step> left = new ArrayList<>(steps);
    while (!left.isEmpty()) {
      String line = client.line();
      Step found =
          left.stream()
              .filter(step -> matches(step.text(), line))
              .findFirst()
              .orElseThrow(() ->
                  new AssertionError(
                      place(left.getFirst()) + " expected one of " + texts(left) + " got " + line));
      left.remove(found);
    }
  }

  private void expectAtLast(Step step, Client client) throws IOException {
    String line = client.line();
    for (int lines = 0; !matches(step.text(), line); lines++) {
      require(lines < MOST_LINES, step, step.text(), "many others");
      line = client.line();
    }
  }

  /// Whether the line is as the pattern says; if so, its names are bound.
  private boolean matches(String pattern, String line) {
    Set<String> free = new HashSet<>();
    StringBuilder regex = new StringBuilder();
    Matcher mark = MARK.matcher(pattern);
    int from = 0;
    while (mark.find()) {
      regex.append(quoted(pattern.substring(from, mark.start())));
      regex.append(mark.group(1) == null ? ".*" : named(mark.group(1), free));
      from = mark.end();
    }
    regex.append(quoted(pattern.substring(from)));
    Matcher whole = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(line);
    boolean matches = whole.matches();
    if (matches) {
      free.forEach(name -> bound.put(name, whole.group(name)));
    }
    return matches;
  }

  private String named(String name, Set<String> free) {
    String value = bound.get(name);
    if (value != null) {
      return Pattern.quote(value);
    }
    return free.add(name) ? "(?<" + name + ">.+?)" : "\\k<" + name + ">";
  }

  private static String quoted(String text) {
    return Pattern.quote(new String(hexResolved(text), StandardCharsets.UTF_8));
  }

  private String substituted(String text) {
    Matcher mark = MARK.matcher(text);
    return mark.replaceAll(found -> {
      String value = found.group(1) == null ? null : bound.get(found.group(1));
      return Matcher.quoteReplacement(value == null ? found.group() : value);
    });
  }

  /// The line's octets, with CRLF unless it ends in `%{}`.
  private static byte[] octets(String text) {
    byte[] octets = hexResolved(text);
    if (text.endsWith("%{}")) {
      return octets;
    }
    byte[] line = Arrays.copyOf(octets, octets.length + 2);
    line[octets.length] = '\r';
    line[octets.length + 1] = '\n';
    return line;
  }

  private static byte[] hexResolved(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    Matcher hex = OCTETS.matcher(text);
    int from = 0;
    while (hex.find()) {
      octets.writeBytes(text.substring(from, hex.start()).getBytes(StandardCharsets.UTF_8));
      int times = hex.group(2) == null ? 1 : Integer.parseInt(hex.group(2));
      byte[] some = HexFormat.of().parseHex(hex.group(1));
      for (int i = 0; i < times; i++) {
        octets.writeBytes(some);
      }
      from = hex.end();
    }
    octets.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return octets.toByteArray();
  }

  private void require(boolean holds, Step step, String expected, String got) {
    if (!holds) {
      throw new AssertionError(place(step) + " expected " + expected + " got " + got);
    }
  }

  private String place(Step step) {
    return transcript + ":" + step.line() + " " + step.connection();
  }

  private static List<String> texts(List<Step> steps) {
    return steps.stream().map(Step::text).toList();
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients.values()) {
      client.close();
    }
  }
}
