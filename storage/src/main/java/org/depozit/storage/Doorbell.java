package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Tells *that* a mailbox changed, never *what*: nothing queues, nothing overflows. Who hears it
/// asks the mailbox for its [View]. Listen before the first look. Any thread may ring, listen and
/// end listening.
public final class Doorbell {
  /// Lists that do not change: very many mailboxes have one listener.
  private final ConcurrentHashMap<Long, List<Listener>> listeners = new ConcurrentHashMap<>();

  /// Tells everybody who listens to the mailbox.
  ///
  /// @param mailbox [Mailbox#id]
  public void ring(long mailbox) {
    listeners.getOrDefault(mailbox, List.of()).forEach(listener -> listener.heard.run());
  }

  /// Starts listening; rings from now on are not lost.
  ///
  /// @param mailbox [Mailbox#id]
  /// @param heard is run at each ring by the thread that rings: it must return at once, and throw
  ///   nothing; it may still be run shortly after the listener was closed
  public Listener listen(long mailbox, Runnable heard) {
    Listener listener = new Listener(mailbox, heard);
    listeners.merge(
        mailbox,
        List.of(listener),
        (all, more) -> {
          List<Listener> now = new ArrayList<>(all);
          now.addAll(more);
          return List.copyOf(now);
        });
    return listener;
  }

  private void forget(Listener listener) {
    listeners.computeIfPresent(
        listener.mailbox,
        (_, all) -> {
          List<Listener> left = all.stream().filter(other -> other != listener).toList();
          return left.isEmpty() ? null : List.copyOf(left);
        });
  }

  /// One ear at the bell.
  public final class Listener implements AutoCloseable {
    private final long mailbox;
    private final Runnable heard;

    private Listener(long mailbox, Runnable heard) {
      this.mailbox = mailbox;
      this.heard = heard;
    }

    /// Ends the listening.
    @Override
    public void close() {
      forget(this);
    }
  }
}
