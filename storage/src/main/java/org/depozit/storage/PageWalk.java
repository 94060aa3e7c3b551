package org.depozit.storage;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.Page;

/// Goes over a tree of H2's in the order of its keys and writes pages anew that stand in chunks
/// which are to be emptied, with all pages above them: a row put back as it is makes H2 do so. It
/// can be left off anywhere and goes on from there in the tree as it is then. The writer only,
/// between its changes.
final class PageWalk<K, V> {
  private final MVMap<K, V> map;
  private final LongPredicate moved;
  private final BooleanSupplier late;

  /// Everything below is done.
  private Optional<K> reached = Optional.empty();

  /// Whether anything was looked at since the walk was taken up.
  private boolean going;

  /// Pages written anew since then, without those above them.
  private int rewritten;

  /// The value that is there.
  private static final class Same<V> extends MVMap.DecisionMaker<V> {
    @Override
    public MVMap.Decision decide(V there, V given) {
      return there == null ? MVMap.Decision.ABORT : MVMap.Decision.PUT;
    }

    @Override
    public <T extends V> T selectValue(T there, T given) {
      return there;
    }
  }

  /// @param moved whether the page at a position is to be written anew
  /// @param late whether to leave off; something is done each time all the same
  PageWalk(MVMap<K, V> map, LongPredicate moved, BooleanSupplier late) {
    this.map = map;
    this.moved = moved;
    this.late = late;
  }

  /// Starts, or goes on.
  ///
  /// @return whether the end was reached
  boolean walk() {
    going = false;
    Page<K, V> root = map.getRootPage();
    if (!root.isLeaf()) {
      return walk(root);
    }
    if (moved.test(root.getPos())) {
      rewrite(root);
    }
    return true;
  }

  private boolean walk(Page<K, V> page) {
    int children = page.getRawChildPageCount();
    int before = rewritten;
    for (int i = first(page); i < children; i++) {
      if (going && late.getAsBoolean()) {
        return false;
      }
      if (!below(page, i)) {
        return false;
      }
      going = true;
      if (i < page.getKeyCount()) {
        reached = Optional.of(page.getKey(i));
      }
    }
    if (rewritten == before && moved.test(page.getPos())) {
      rewrite(firstLeaf(page));
    }
    return true;
  }

  private Page<K, V> firstLeaf(Page<K, V> page) {
    Page<K, V> first = page;
    while (!first.isLeaf()) {
      first = first.getChildPage(0);
    }
    return first;
  }

  /// The child in which the walk goes on: child `i` holds what is below key `i`.
  private int first(Page<K, V> page) {
    int child = 0;
    while (reached.isPresent()
        && child < page.getKeyCount()
        && map.getKeyType().compare(page.getKey(child), reached.get()) <= 0) {
      child++;
    }
    return child;
  }

  private boolean below(Page<K, V> page, int child) {
    long position = page.getChildPagePos(child);
    if (DataUtils.isPageSaved(position) && DataUtils.isLeafPosition(position)) {
      if (moved.test(position)) {
        rewrite(page.getChildPage(child));
      }
      return true;
    }
    // What was changed and is not stored yet is in the heap.
    Page<K, V> next = page.getChildPage(child);
    return next.isLeaf() || walk(next);
  }

  private void rewrite(Page<K, V> leaf) {
    if (leaf.getKeyCount() > 0) {
      V _ = map.operate(leaf.getKey(0), leaf.getValue(0), new Same<>());
      rewritten++;
    }
  }
}
