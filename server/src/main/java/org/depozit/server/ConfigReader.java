package org.depozit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.depozit.pop3.Pop3Settings;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.PemFiles;
import org.depozit.server.Config.Protocol;
import org.depozit.wire.HostPort;
import org.depozit.wire.Limits;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/// Reads a configuration file and names every fault at once, each with file and line.
/// `etc/depozit.toml` is the commented example.
final class ConfigReader {
  private static final String LIMITS = "limits.";
  private static final Set<String> KEYS =
      Stream.concat(
              Stream.of(
                  "data",
                  "host-name",
                  "tls.certificate",
                  "tls.key",
                  "login.plaintext",
                  "login.upgrade-hashes",
                  "store.flags",
                  "pop3.seen-on-retr",
                  "pop3.nul-as-80",
                  "pop3.blank-line-after-header",
                  "pop3.last",
                  "pop3.refuse-utf8",
                  "pop3.login-delay"),
              Stream.concat(
                  Stream.of(Protocol.values()).map(protocol -> "listen." + protocol.text()),
                  Limits.names().stream().map(name -> LIMITS + kebab(name))))
          .collect(Collectors.toCollection(TreeSet::new));

  private final Path file;
  private final TomlParseResult toml;
  private final List<Fault> faults = new ArrayList<>();

  private record Fault(int line, String text) {}

  private ConfigReader(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /// Reads the file.
  ///
  /// @throws CommandFailed with a line for each fault
  static Config read(Path file) {
    try {
      return new ConfigReader(file, Toml.parse(Files.readString(file))).config();
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
  }

  private Config config() {
    for (TomlParseError error : toml.errors()) {
      faults.add(new Fault(error.position().line(), String.valueOf(error.getMessage())));
    }
    unknownKeys();
    Config usual = Config.usual();
    Config config =
        new Config(
            text("data").map(this::path),
            text("host-name").orElse(usual.hostName()),
            listeners(usual),
            tls(),
            flag("login.plaintext", false),
            text("store.flags").filter(this::forced).isPresent(),
            flag("login.upgrade-hashes", true),
            pop3(),
            limits());
    if (!faults.isEmpty()) {
      throw new CommandFailed(told());
    }
    return config;
  }

  private String told() {
    return faults.stream()
        .sorted(Comparator.comparingInt(Fault::line))
        .map(fault -> file + ":" + fault.line() + ": " + fault.text())
        .distinct()
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private void unknownKeys() {
    for (String key : toml.dottedKeySet()) {
      if (!KEYS.contains(key)) {
        fault(key, "there is no setting " + key);
      }
    }
  }

  private Pop3Settings pop3() {
    Pop3Settings usual = Pop3Settings.DEFAULTS;
    return new Pop3Settings(
        flag("pop3.seen-on-retr", usual.seenOnRetr()),
        flag("pop3.nul-as-80", usual.nulAs80()),
        flag("pop3.blank-line-after-header", usual.blankLineAfterHeader()),
        flag("pop3.last", usual.last()),
        flag("pop3.refuse-utf8", usual.refuseUtf8()),
        text("pop3.login-delay").flatMap(this::delay).orElse(usual.loginDelay()));
  }

  private Optional<Duration> delay(String text) {
    try {
      return Optional.of(time(text));
    } catch (DateTimeParseException e) {
      fault("pop3.login-delay", "pop3.login-delay wants " + wanted(Duration.class));
      return Optional.empty();
    }
  }

  private boolean forced(String policy) {
    if (!policy.equals("forced") && !policy.equals("logged")) {
      fault("store.flags", "store.flags is \"logged\" or \"forced\"");
    }
    return policy.equals("forced");
  }

  private List<Listen> listeners(Config usual) {
    List<Listen> listeners = new ArrayList<>();
    boolean any = false;
    for (Protocol protocol : Protocol.values()) {
      String key = "listen." + protocol.text();
      any |= toml.contains(key);
      for (String address : texts(key)) {
        try {
          listeners.add(new Listen(protocol, HostPort.parse(address)));
        } catch (IllegalArgumentException e) {
          fault(key, key + ": " + e.getMessage());
        }
      }
    }
    return any ? listeners : usual.listen();
  }

  private Optional<PemFiles> tls() {
    Optional<String> certificate = text("tls.certificate");
    Optional<String> key = text("tls.key");
    if (certificate.isPresent() != key.isPresent()) {
      fault(
          certificate.isPresent() ? "tls.certificate" : "tls.key",
          "tls.certificate and tls.key go together");
    }
    certificate.ifPresent(name -> readable("tls.certificate", name));
    key.ifPresent(name -> readable("tls.key", name));
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new PemFiles(path(certificate.get()), path(key.get())))
        : Optional.empty();
  }

  private void readable(String key, String name) {
    if (!Files.isReadable(path(name))) {
      fault(key, key + ": " + name + " cannot be read");
    }
  }

  /// Relative names start at the configuration file.
  private Path path(String name) {
    return file.toAbsolutePath().resolveSibling(name).normalize();
  }

  private Limits limits() {
    Limits limits = Limits.DEFAULTS;
    for (String name : Limits.names()) {
      String key = LIMITS + kebab(name);
      Optional<Object> value = Optional.ofNullable(wrongTable(key) ? null : toml.get(key));
      if (value.isPresent()) {
        limits = limit(limits, name, key, value.get());
      }
    }
    return limits;
  }

  private Limits limit(Limits limits, String name, String key, Object value) {
    try {
      return limits.with(name, suited(Limits.type(name), value));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      fault(key, key + " wants " + wanted(Limits.type(name)));
      return limits;
    }
  }

  private static Object suited(Class<?> type, Object value) {
    if (value instanceof Long number && number > 0) {
      if (type == long.class) {
        return number;
      }
      if (type == int.class && number <= Integer.MAX_VALUE) {
        return number.intValue();
      }
    }
    if (type == boolean.class && value instanceof Boolean) {
      return value;
    }
    if (type == Duration.class && value instanceof String text) {
      Duration duration = time(text);
      if (duration.isPositive()) {
        return duration;
      }
    }
    throw new IllegalArgumentException("another type");
  }

  /// As people write it: `1h30m`.
  private static Duration time(String text) {
    return Duration.parse("PT" + text.replace(" ", "").toUpperCase(Locale.ROOT));
  }

  private static String wanted(Class<?> type) {
    if (type == Duration.class) {
      return "a time such as \"30s\", \"5m\" or \"1h30m\"";
    }
    return type == boolean.class ? "true or false" : "a whole number above 0";
  }

  private Optional<String> text(String key) {
    if (wrongTable(key) || !toml.contains(key)) {
      return Optional.empty();
    }
    if (toml.get(key) instanceof String text && !text.isEmpty()) {
      return Optional.of(text);
    }
    fault(key, key + " wants a text in quotes");
    return Optional.empty();
  }

  private boolean flag(String key, boolean usual) {
    if (wrongTable(key) || !toml.contains(key)) {
      return usual;
    }
    if (toml.get(key) instanceof Boolean flag) {
      return flag;
    }
    fault(key, key + " wants true or false");
    return usual;
  }

  private List<String> texts(String key) {
    if (wrongTable(key) || !toml.contains(key)) {
      return List.of();
    }
    Object value = toml.get(key);
    if (value instanceof String one) {
      return List.of(one);
    }
    if (value instanceof TomlArray array
        && array.toList().stream().allMatch(String.class::isInstance)) {
      return array.toList().stream().map(String.class::cast).toList();
    }
    fault(key, key + " wants \"HOST:PORT\" or a list of them");
    return List.of();
  }

  /// Whether the key's table is no table, so that tomlj cannot look inside it.
  private boolean wrongTable(String key) {
    int dot = key.indexOf('.');
    String table = dot < 0 ? "" : key.substring(0, dot);
    return !table.isEmpty() && toml.contains(table) && !toml.isTable(table);
  }

  private void fault(String key, String text) {
    TomlPosition position = toml.inputPositionOf(key);
    faults.add(new Fault(position == null ? 1 : position.line(), text));
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
