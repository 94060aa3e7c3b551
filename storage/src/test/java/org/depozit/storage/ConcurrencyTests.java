package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many at one mailbox: UIDs ascend, and no session misses a message or counts one twice.
final class ConcurrencyTests {
  @TempDir Path directory;

  private static List<Long> uids(View view) {
    List<Long> uids = new ArrayList<>();
    for (int i = 0; i < view.count(); i++) {
      uids.add(view.uid(i));
    }
    return uids;
  }

  private static void joinAll(List<Future<?>> running) throws Exception {
    for (Future<?> one : running) {
      one.get();
    }
  }

  /// Deliveries go to a mailbox that nobody holds open; beside them it is loaded again and again.
  @Test
  void aMailboxLoadedWhileMailComesInHasAllOfIt() throws Exception {
    int writers = 4;
    int each = 80;
    try (TestStore test =
            new TestStore(new StoreSettings(directory, TestStore.limits(5_000, 20_000, 0), false));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Account ana = test.account("ana");
      AtomicLong acknowledged = new AtomicLong();
      CountDownLatch writing = new CountDownLatch(writers);
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < each; i++) {
                assertThat(test.deliver("m\r\n", "", ana).getFirst())
                    .isInstanceOf(Delivered.Kept.class);
                acknowledged.incrementAndGet();
              }
              writing.countDown();
            }));
      }
      Set<Integer> loads = new HashSet<>();
      while (writing.getCount() > 0) {
        long before = acknowledged.get();
        View view = loaded(ana, loads);
        assertThat((long) view.count()).isGreaterThanOrEqualTo(before);
        assertThat(uids(view)).isEqualTo(LongStream.rangeClosed(1, view.count()).boxed().toList());
        assertThat(view.uidNext()).isEqualTo(view.count() + 1L);
        System.gc();
      }
      joinAll(running);
      assertThat(loads).as("it was unloaded in between").hasSizeGreaterThan(2);
      assertThat(loaded(ana, loads).count()).isEqualTo(writers * each);
    }
  }

  private static View loaded(Account account, Set<Integer> loads) {
    SqlMailbox mailbox = (SqlMailbox) account.mailbox(MailboxName.INBOX).orElseThrow();
    loads.add(System.identityHashCode(mailbox.state()));
    return mailbox.view();
  }

  /// What a session that is told only the news believes.
  private static final class Believer {
    private View view;
    private final Map<Long, Long> flags = new TreeMap<>();

    Believer(View view) {
      this.view = view;
      for (int i = 0; i < view.count(); i++) {
        flags.put(view.uid(i), view.flagBits(i));
      }
    }

    void hear(View now) {
      News news = now.since(view);
      int before = flags.size();
      for (Long uid : new ArrayList<>(flags.keySet())) {
        if (news.vanished().contains(uid)) {
          flags.remove(uid);
        } else if (news.changed().contains(uid)) {
          flags.put(uid, now.flagBits(now.position(uid)));
        }
      }
      assertThat(before - flags.size()).isEqualTo((int) news.vanished().count());
      int known = flags.size();
      for (int i = now.count() - news.arrived(); i < now.count(); i++) {
        assertThat(flags.put(now.uid(i), now.flagBits(i))).as("told twice").isNull();
      }
      assertThat(flags).hasSize(known + news.arrived());
      assertThat(flags).hasSize(now.count());
      assertThat(now.highestModSeq()).isGreaterThanOrEqualTo(view.highestModSeq());
      view = now;
    }

    void assertBelieves(View now) {
      hear(now);
      Map<Long, Long> actual = new Believer(now).flags;
      assertThat(flags).isEqualTo(actual);
    }
  }

  /// What happened, by the answers that the sessions got.
  private record Model(Set<Long> arrived, Set<Long> left, ConcurrentLinkedQueue<String> twice) {
    static Model empty() {
      return new Model(
          Collections.synchronizedSet(new TreeSet<>()),
          Collections.synchronizedSet(new TreeSet<>()),
          new ConcurrentLinkedQueue<>());
    }

    void came(long uid) {
      if (!arrived.add(uid)) {
        twice.add("came twice: " + uid);
      }
    }

    void went(long uid) {
      if (!left.add(uid)) {
        twice.add("went twice: " + uid);
      }
    }

    List<Long> there() {
      Set<Long> there = new TreeSet<>(arrived);
      there.removeAll(left);
      return List.copyOf(there);
    }
  }

  @Test
  void sessionsThatDoEverythingAtOnceAgreeWithTheModelAndWithEachOther() throws Exception {
    int sessions = 6;
    Model here = Model.empty();
    Model there = Model.empty();
    try (TestStore test = new TestStore(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      test.account("ana");
      List<Future<?>> running = new ArrayList<>();
      for (int s = 0; s < sessions; s++) {
        Random random = new Random(4711 + s);
        running.add(threads.submit(() -> session(test, random, here, there)));
      }
      joinAll(running);
      assertThat(here.twice).isEmpty();
      assertThat(there.twice).isEmpty();
      assertStands(test, here, there);
      test.reopen();
      assertStands(test, here, there);
    }
  }

  private static void assertStands(TestStore test, Model here, Model there) {
    assertThat(uids(test.inbox("ana").view())).isEqualTo(here.there());
    assertThat(uids(test.mailbox("ana", "Archive").view())).isEqualTo(there.there());
    MailboxStatus status = test.account("ana").status(MailboxName.INBOX).orElseThrow();
    View view = test.inbox("ana").view();
    assertThat(status.messages()).isEqualTo(view.count());
    assertThat(status.unseen()).isEqualTo(view.unseen());
    assertThat(status.deleted()).isEqualTo(view.deleted());
    assertThat(status.highestModSeq()).isEqualTo(view.highestModSeq());
    for (long uid : uids(view)) {
      assertThat(TestStore.text(test.inbox("ana"), uid)).contains("mail\r\n");
    }
  }

  private static void session(TestStore test, Random random, Model here, Model there) {
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    Believer believer = new Believer(inbox.view());
    for (int i = 0; i < 80; i++) {
      step(test, random, inbox, archive, here, there);
      believer.hear(inbox.view());
    }
    believer.assertBelieves(inbox.view());
  }

  private static void step(
      TestStore test, Random random, Mailbox inbox, Mailbox archive, Model here, Model there) {
    UidSet some = UidSet.of(some(inbox.view(), random));
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> here.came(test.append(inbox, "mail\r\n", flag(random)).uid());
      case 3 ->
          here.came(
              ((Delivered.Kept) test.deliver("mail\r\n", "", test.account("ana")).getFirst())
                  .uid());
      case 4, 5 ->
          inbox.store(
              some,
              new FlagChange.Add(Set.of(flag(random), Flag.of("x" + random.nextInt(4)))),
              OptionalLong.empty());
      case 6 ->
          inbox.store(
              some,
              new FlagChange.Replace(Set.of(Flag.DELETED)),
              OptionalLong.of(inbox.view().highestModSeq()));
      case 7 ->
          inbox.store(some, new FlagChange.Remove(Set.of(flag(random))), OptionalLong.empty());
      case 8 -> {
        UidSet gone = inbox.expunge(UidSet.ALL);
        for (int range = 0; range < gone.ranges(); range++) {
          for (long uid = gone.first(range); uid <= gone.last(range); uid++) {
            here.went(uid);
          }
        }
      }
      default -> {
        Copied moved = inbox.move(some, archive);
        for (int m = 0; m < moved.from().length; m++) {
          here.went(moved.from()[m]);
          there.came(moved.to()[m]);
        }
      }
    }
  }

  private static Flag flag(Random random) {
    return Flag.SYSTEM.get(random.nextInt(Flag.SYSTEM.size()));
  }

  private static long[] some(View view, Random random) {
    return random
        .longs(3, 0, Math.max(1, view.count()))
        .map(i -> i < view.count() ? view.uid((int) i) : 1)
        .toArray();
  }
}
