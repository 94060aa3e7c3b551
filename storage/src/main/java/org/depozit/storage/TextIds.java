package org.depozit.storage;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.depozit.storage.Change.Dictionary;

/// The numbers of texts, as the writer asks for them: the last used ones of each dictionary from
/// the heap, others from the rows. A subject that was not used lately is named anew.
final class TextIds {
  private static final int KEPT = 20_000;
  private static final int KEPT_DICTIONARIES = 20_000;

  /// Longer texts are looked up each time, so that what is kept stays small.
  private static final int LONGEST_KEPT = 200;

  private final TextRows rows;
  private final Map<Dictionary, Map<Text, Integer>> ids = new EnumMap<>(Dictionary.class);
  private final Map<Owner, Integer> last = new Recent<>(KEPT_DICTIONARIES);

  private record Text(int account, Dictionary dictionary, String folded) {}

  private record Owner(int account, Dictionary dictionary) {}

  TextIds(TextRows rows) {
    this.rows = rows;
    for (Dictionary dictionary : Dictionary.values()) {
      ids.put(dictionary, new Recent<>(KEPT));
    }
  }

  private Map<Text, Integer> ids(Dictionary dictionary) {
    return requireNonNull(ids.get(dictionary));
  }

  OptionalInt find(int account, Dictionary dictionary, String folded) {
    Text text = new Text(account, dictionary, folded);
    Integer known = ids(dictionary).get(text);
    if (known != null) {
      return OptionalInt.of(known);
    }
    try {
      OptionalInt found = rows.find(account, dictionary, folded);
      found.ifPresent(id -> keep(text, id));
      return found;
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  int next(int account, Dictionary dictionary) {
    Owner owner = new Owner(account, dictionary);
    Integer known = last.get(owner);
    try {
      int next = (known != null ? known : rows.last(account, dictionary)) + 1;
      last.put(owner, next);
      return next;
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  void named(Change.TextNamed named) {
    keep(new Text(named.account(), named.dictionary(), named.text()), named.id());
  }

  private void keep(Text text, int id) {
    if (text.folded.length() <= LONGEST_KEPT) {
      ids(text.dictionary).put(text, id);
    }
  }

  /// Something was taken back: what is known may be wrong. Numbers that were given stay given.
  void forget() {
    ids.values().forEach(Map::clear);
  }
}
