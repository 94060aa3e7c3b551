package org.depozit.pop3;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers who has logged in within the delay between log-ins. RFC 2449 §6.5. Any thread may
/// call.
final class LoginDelays {
  private final Duration delay;

  /// Account to the nano time of its last log-in, the oldest first; never holds more than one
  /// delay's log-ins.
  private final Map<Long, Long> logIns = new LinkedHashMap<>();

  LoginDelays(Duration delay) {
    this.delay = delay;
  }

  /// The delay in whole seconds, as CAPA announces it.
  long seconds() {
    return delay.toSeconds();
  }

  /// Whether the account's last log-in is long enough ago.
  synchronized boolean over(long account) {
    forgetOld();
    return !logIns.containsKey(account);
  }

  /// Notes a log-in.
  synchronized void note(long account) {
    if (delay.isPositive()) {
      logIns.remove(account);
      logIns.put(account, System.nanoTime());
    }
  }

  private void forgetOld() {
    long now = System.nanoTime();
    Iterator<Long> oldest = logIns.values().iterator();
    while (oldest.hasNext() && now - oldest.next() >= delay.toNanos()) {
      oldest.remove();
    }
  }
}
