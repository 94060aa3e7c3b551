package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTests {
  private long now = 1;
  private final Limits limits = Limits.DEFAULTS.with("throttledAddresses", 100);
  private final Throttle throttle = new Throttle(limits, () -> now);

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void fail(String address, String password) {
    throttle.failed(address(address), new Credentials("", "ana", password.toCharArray()));
  }

  @Test
  void someFailuresAreFreeAndThenTheWaitDoubles() {
    InetAddress guesser = address("192.0.2.1");
    Duration[] waits = new Duration[20];
    for (int i = 0; i < 20; i++) {
      waits[i] = throttle.delay(guesser);
      fail("192.0.2.1", "guess " + i);
    }
    assertThat(waits)
        .startsWith(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO)
        .contains(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(8))
        .endsWith(limits.logInDelay());
    assertThat(throttle.delay(address("192.0.2.2"))).as("a neighbour").isZero();
  }

  @Test
  void theSameWrongPasswordCountsOnce() {
    for (int i = 0; i < 1000; i++) {
      fail("192.0.2.1", "the old password");
    }
    assertThat(throttle.delay(address("192.0.2.1"))).isZero();
  }

  @Test
  void anIpv6CustomerIsOnePeer() {
    for (int i = 0; i < 10; i++) {
      fail("2001:db8:1:2::" + i, "guess " + i);
    }
    assertThat(throttle.delay(address("2001:db8:1:2:ffff::1"))).isPositive();
    assertThat(throttle.delay(address("2001:db8:1:3::1"))).isZero();
  }

  @Test
  void failuresAreForgottenAfterAWhile() {
    for (int i = 0; i < 10; i++) {
      fail("192.0.2.1", "guess " + i);
    }
    now += limits.throttleMemory().toNanos() + 1;
    assertThat(throttle.delay(address("192.0.2.1"))).isZero();
  }

  @Test
  void theMemoryIsBounded() {
    for (int i = 0; i < 10; i++) {
      fail("192.0.2.1", "guess " + i);
    }
    for (int i = 0; i < 100; i++) {
      fail("198.51.100." + i, "guess");
    }
    assertThat(throttle.delay(address("192.0.2.1"))).as("the oldest is gone").isZero();
  }
}
