package org.depozit.storage;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The heap dictionaries of the accounts that somebody searches, each once, as long as somebody
/// holds its [Entry]. Any thread.
final class Dictionaries {
  private final Db db;
  private final ConcurrentHashMap<Key, WeakReference<Entry>> open = new ConcurrentHashMap<>();

  private record Key(int account, Change.Dictionary dictionary) {}

  private record Text(long id, int length, String first) {}

  Dictionaries(Db db) {
    this.db = db;
  }

  /// A dictionary and what is published while it is being loaded.
  static final class Entry {
    private final ReentrantLock loading = new ReentrantLock();
    private final List<Change.TextNamed> waiting = new ArrayList<>();
    private @Nullable Dictionary loaded;

    private synchronized void publish(Change.TextNamed named) {
      if (loaded == null) {
        waiting.add(named);
      } else {
        loaded.add(named.id(), named.text());
      }
    }

    private synchronized void loaded(Dictionary rows) {
      waiting.forEach(named -> rows.add(named.id(), named.text()));
      waiting.clear();
      loaded = rows;
    }

    private synchronized @Nullable Dictionary ready() {
      return loaded;
    }

    /// The dictionary.
    Dictionary dictionary() {
      Dictionary ready = ready();
      if (ready == null) {
        throw new IllegalStateException("an entry is given out loaded");
      }
      return ready;
    }
  }

  /// The dictionary of the account, loaded: with every text that a committed message names.
  Entry open(int account, Change.Dictionary dictionary) {
    Entry entry = placed(new Key(account, dictionary));
    if (entry.ready() == null) {
      entry.loading.lock();
      try {
        if (entry.ready() == null) {
          entry.loaded(load(account, dictionary));
        }
      } finally {
        entry.loading.unlock();
      }
    }
    return entry;
  }

  private Entry placed(Key key) {
    Entry fresh = new Entry();
    while (true) {
      WeakReference<Entry> reference =
          open.compute(
              key,
              (k, old) -> old == null || old.refersTo(null) ? new WeakReference<>(fresh) : old);
      Entry entry = reference.get();
      if (entry != null) {
        return entry;
      }
    }
  }

  private Dictionary load(int account, Change.Dictionary dictionary) {
    Dictionary into = new Dictionary();
    while (db.read(connection -> page(connection, account, dictionary, into))) {
      // The connection is given back between pages, so that others get their turn.
    }
    return into;
  }

  private static boolean page(
      Connection connection, int account, Change.Dictionary dictionary, Dictionary into)
      throws SQLException {
    List<Text> texts =
        Db.list(
            connection,
            row -> new Text(row.getLong(1), row.getInt(2), row.getString(3)),
            "SELECT id, length, text FROM "
                + TextRows.table(dictionary)
                + " WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            Packed.of(account, into.size() + 1L),
            Packed.last(account),
            Loads.PAGE);
    for (Text text : texts) {
      String whole =
          text.length > text.first.length()
              ? Loads.whole(connection, dictionary, text.id, text.first)
              : text.first;
      into.add((int) Packed.number(text.id), whole);
    }
    return texts.size() == Loads.PAGE;
  }

  /// The writer tells of a new text.
  void publish(Change.TextNamed named) {
    WeakReference<Entry> reference = open.get(new Key(named.account(), named.dictionary()));
    Entry entry = reference == null ? null : reference.get();
    if (entry != null) {
      entry.publish(named);
    }
  }
}
