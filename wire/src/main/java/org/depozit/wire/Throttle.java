package org.depozit.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/// The memory of failed log-ins, by address: what makes guessing passwords slow.
///
/// An address has some failures free; each one more doubles the wait before its next log-in is even
/// looked at, up to [Limits#logInDelay()]. The wait comes first, not last, since a guesser would
/// not stay for it. The same wrong password again counts once: a forgotten phone that tries its old
/// password all day does not lock out the house. A success forgives nothing, or a guesser with an
/// account of his own could start afresh at will. Addresses are forgotten after
/// [Limits#throttleMemory()], and the oldest when there are more than
/// [Limits#throttledAddresses()].
///
/// Any thread may call; the lock is held for a look into a map.
public final class Throttle {
  private static final long FIRST_DELAY = Duration.ofMillis(500).toNanos();
  private static final int REMEMBERED_ATTEMPTS = 8;

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final byte[] salt = new byte[16];
  private final LinkedHashMap<AddressBlock, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true);

  /// A throttle that remembers nothing yet.
  public Throttle(Limits limits) {
    this(limits, System::nanoTime);
  }

  Throttle(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    new SecureRandom().nextBytes(salt);
  }

  /// How long a log-in from this address has to wait before it is looked at; zero for most.
  public synchronized Duration delay(InetAddress address) {
    Failures past = failures.get(AddressBlock.of(address));
    if (past == null || expired(past)) {
      return Duration.ZERO;
    }
    int over = past.count - limits.freeFailures();
    if (over <= 0) {
      return Duration.ZERO;
    }
    long wait = FIRST_DELAY << Math.min(over - 1, 20);
    return Duration.ofNanos(Math.min(wait, limits.logInDelay().toNanos()));
  }

  /// Remembers a failed log-in.
  public void failed(InetAddress address, Credentials credentials) {
    long attempt = fingerprint(credentials);
    synchronized (this) {
      AddressBlock block = AddressBlock.of(address);
      Failures past = failures.get(block);
      if (past == null || expired(past)) {
        past = new Failures();
        failures.put(block, past);
      }
      past.add(attempt, nanoTime.getAsLong());
      if (failures.size() > limits.throttledAddresses()) {
        failures.pollFirstEntry();
      }
    }
  }

  private boolean expired(Failures past) {
    return nanoTime.getAsLong() - past.last > limits.throttleMemory().toNanos();
  }

  /// Tells attempts apart without keeping the password: a salted hash, cut short.
  private long fingerprint(Credentials credentials) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      credentials.digestInto(digest);
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// One address's past; guarded by the throttle.
  private static final class Failures {
    private final long[] attempts = new long[REMEMBERED_ATTEMPTS];
    private int count;
    private long last;

    void add(long attempt, long now) {
      last = now;
      for (int i = 0; i < Math.min(count, REMEMBERED_ATTEMPTS); i++) {
        if (attempts[i] == attempt) {
          return;
        }
      }
      attempts[count % REMEMBERED_ATTEMPTS] = attempt;
      count++;
    }
  }
}
