package org.depozit.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The proposals that wait for the writer, first come first served. One who waits for the line to
/// have somebody takes nobody out of it: whoever has the writer's turn by then does. Any thread.
final class Line {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition come = lock.newCondition();
  private final ArrayDeque<Waiting<?>> waiting = new ArrayDeque<>();

  /// How many there are; written under the lock.
  private volatile int size;

  void add(Waiting<?> last) {
    lock.lock();
    try {
      waiting.add(last);
      size = waiting.size();
      come.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Takes one out of the line.
  ///
  /// @return false if it is not there any more
  boolean remove(Waiting<?> one) {
    lock.lock();
    try {
      boolean there = waiting.remove(one);
      size = waiting.size();
      return there;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// Takes out the first, if there is one.
  @Nullable Waiting<?> next() {
    if (size == 0) {
      return null;
    }
    lock.lock();
    try {
      Waiting<?> first = waiting.poll();
      size = waiting.size();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is somebody, or so many nanoseconds have passed.
  void await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (waiting.isEmpty() && left > 0) {
        left = come.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody here interrupts a thread; whoever around us did may not have stopped the writer. The
      // mark is cleared.
      return;
    } finally {
      lock.unlock();
    }
  }

  /// Takes out all.
  List<Waiting<?>> all() {
    lock.lock();
    try {
      List<Waiting<?>> all = new ArrayList<>(waiting);
      waiting.clear();
      size = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }
}
