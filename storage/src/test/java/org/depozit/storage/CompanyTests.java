package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who waits for whom before a force.
final class CompanyTests {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Company company = new Company();

  private long worth(int size) {
    company.gathering();
    return company.worth(size);
  }

  @Test
  void nobodyWaitsOnAQuickDiskOrAlone() {
    company.answered(8, 8);
    assertThat(worth(1)).as("before the first force").isZero();
    company.forced(TimeUnit.MICROSECONDS.toNanos(150));
    assertThat(worth(1)).as("a quick disk").isZero();
    company.forced(TimeUnit.MILLISECONDS.toNanos(4));
    company.forced(TimeUnit.MICROSECONDS.toNanos(150));
    assertThat(worth(1)).as("one that was slow once").isZero();
    slow();
    company.answered(1, 0);
    assertThat(worth(1)).as("alone").isZero();
  }

  private void slow() {
    for (int i = 0; i < 100; i++) {
      company.forced(HOUR);
    }
  }

  @Test
  void aSlowDiskIsWorthAPartOfAForceUntilAllAreThere() {
    slow();
    company.answered(8, 8);
    assertThat(worth(1)).isPositive().isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
    assertThat(worth(15)).isPositive();
    assertThat(worth(16)).isZero();
    company.answered(16, 0);
    assertThat(worth(15)).isPositive();
    company.answered(3, 1);
    assertThat(worth(4)).isZero();
  }
}
