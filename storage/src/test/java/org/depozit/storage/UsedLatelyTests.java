package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What was opened last is held, within the bound.
final class UsedLatelyTests {
  private static OpenMailbox mailbox(int number, int messages) {
    ViewBuilder rows = new ViewBuilder(number, 7);
    for (int uid = 1; uid <= messages; uid++) {
      rows.add(uid, uid, 0, 0, 0, 100, 1, 1);
    }
    OpenMailbox mailbox = new OpenMailbox(number);
    mailbox.loaded(rows.build(messages + 1L, messages + 1L, 0), 0, 0);
    return mailbox;
  }

  @Test
  void theOneNotOpenedForLongestGoesFirst() {
    UsedLately lately = new UsedLately(100_000);
    OpenMailbox first = mailbox(1, 1_000);
    OpenMailbox second = mailbox(2, 1_000);
    OpenMailbox third = mailbox(3, 1_000);
    assertThat(lately.used(first)).isEmpty();
    assertThat(lately.used(second)).isEmpty();
    assertThat(lately.used(first)).isEmpty();
    assertThat(lately.used(third)).containsExactly(second);
    lately.forget(1);
    assertThat(lately.used(second)).isEmpty();
  }

  @Test
  void oneThatIsTooLargeIsNotHeld() {
    UsedLately lately = new UsedLately(10_000);
    OpenMailbox large = mailbox(1, 1_000);
    assertThat(lately.used(large)).containsExactly(large);
  }
}
