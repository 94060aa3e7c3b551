package org.depozit.benchmarks;

import java.io.IOException;
import java.util.List;

/// Rows that are measured together: what one of them needs, the others have already.
///
/// @param name what ROWS chooses by
/// @param sized whether it is run for each size of mailbox
/// @param asked whether it is run only if ROWS names it: it takes long
/// @param warms whether a round goes before that does not count: programs that compile themselves
///   while they run are slow at first
/// @param rounds how often at most; a scene may be dear
/// @param rows what it measures
/// @param play the doing
record Scene(
    String name,
    boolean sized,
    boolean asked,
    boolean warms,
    int rounds,
    List<Row> rows,
    Play play) {
  /// What a scene does with a server that runs.
  interface Play {
    void on(Stage stage) throws IOException;
  }

  static Scene of(String name, Play play, Row... rows) {
    return new Scene(name, false, false, true, Integer.MAX_VALUE, List.of(rows), play);
  }

  static Scene sized(String name, Play play, Row... rows) {
    return new Scene(name, true, false, true, Integer.MAX_VALUE, List.of(rows), play);
  }

  Scene once() {
    return new Scene(name, sized, asked, false, 1, rows, play);
  }

  Scene withoutWarming() {
    return new Scene(name, sized, asked, false, rounds, rows, play);
  }

  Scene onlyIfAsked() {
    return new Scene(name, sized, true, warms, rounds, rows, play);
  }
}
