package org.depozit.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a run is told, as `NAME=VALUE` words; empty values count as not told.
///
/// @param sizes messages in the mailboxes; SIZES, default 1000,100000
/// @param scenes the scenes to play, all if empty; ROWS, names of scenes with commas
/// @param rounds how often each scene is played; ROUNDS, default 3
/// @param seconds how long a rate is measured; SECONDS, default 1
/// @param warming how long a rate is warmed up before: a program that compiles itself takes some
///   thousand calls until it is as fast as it stays; WARM, seconds, default 5
/// @param force milliseconds that each force of both servers takes longer ([SlowForce]); FORCE,
///   default 0
/// @param idle idle connections; IDLE, default 1000
/// @param mailboxes of 1,000 messages in the scene of many mailboxes; MAILBOXES, default 9900 (an
///   account has 10,000 at most)
/// @param folder where temporary folders are made: on a real disk; FOLDER, default /var/tmp
/// @param cache where made mails and raw results are kept; CACHE
/// @param generator the program that makes mails; MAILGEN
/// @param program how Depozit is called; PROGRAM, words with blanks; default: by its launcher
/// @param document the table's file; DOCUMENT, default none
/// @param section the part of it that is written; SECTION, default bench
/// @param alone whether Dovecot stays out, to look at Depozit only; ALONE=yes
record Options(
    List<Integer> sizes,
    List<String> scenes,
    int rounds,
    double seconds,
    double warming,
    double force,
    int idle,
    int mailboxes,
    Path folder,
    Path cache,
    Path generator,
    Optional<List<String>> program,
    Optional<Path> document,
    String section,
    boolean alone) {

  static Options of(String... words) {
    Map<String, String> told = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("NAME=VALUE is wanted, not " + word);
      }
      if (equals < word.length() - 1) {
        told.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new Options(
        list(told.getOrDefault("SIZES", "1000,100000")).stream().map(Integer::valueOf).toList(),
        list(told.getOrDefault("ROWS", "")),
        Integer.parseInt(told.getOrDefault("ROUNDS", "3")),
        Double.parseDouble(told.getOrDefault("SECONDS", "1")),
        Double.parseDouble(told.getOrDefault("WARM", "5")),
        Double.parseDouble(told.getOrDefault("FORCE", "0")),
        Integer.parseInt(told.getOrDefault("IDLE", "1000")),
        Integer.parseInt(told.getOrDefault("MAILBOXES", "9900")),
        Path.of(told.getOrDefault("FOLDER", "/var/tmp")),
        Path.of(told.getOrDefault("CACHE", "benchmarks/target/bench")),
        Path.of(told.getOrDefault("MAILGEN", "../shared/mailgen/mailgen.py")),
        Optional.ofNullable(told.get("PROGRAM")).map(call -> List.of(call.split(" ", -1))),
        Optional.ofNullable(told.get("DOCUMENT")).map(Path::of),
        told.getOrDefault("SECTION", "bench"),
        told.getOrDefault("ALONE", "no").equals("yes"));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).filter(word -> !word.isBlank()).toList();
  }

  /// Whether a scene is to be played.
  boolean wants(Scene scene) {
    return scenes.isEmpty() ? !scene.asked() : scenes.contains(scene.name());
  }
}
