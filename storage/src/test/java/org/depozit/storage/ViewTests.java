package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewTests {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyVersionIsLikeThePlainModelAndStaysSo(long seed) {
    Random random = new Random(seed);
    NaiveMailbox model = new NaiveMailbox();
    View view = View.empty(NaiveMailbox.ID, 99);
    List<View> views = new ArrayList<>();
    List<NaiveMailbox> models = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      Change change = model.change(random);
      model.apply(change);
      view = view.apply(change);
      if (step % 20 == 0) {
        views.add(view);
        models.add(model.copy());
      }
    }
    assertLike(view, model);
    for (int i = 0; i < views.size(); i++) {
      assertLike(views.get(i), models.get(i));
      for (int j = i; j < views.size(); j++) {
        assertThat(views.get(j).since(views.get(i)))
            .isEqualTo(difference(models.get(i), models.get(j)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  void whatASilentChangeDoesNotExplainIsFound(long seed) {
    Random random = new Random(seed);
    NaiveMailbox model = new NaiveMailbox();
    View view = View.empty(NaiveMailbox.ID, 99);
    List<View> views = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      Change change = model.change(random);
      model.apply(change);
      view = view.apply(change);
      views.add(view);
    }
    for (int i = 0; i < 300; i++) {
      View now = views.get(random.nextInt(views.size()));
      View before = views.get(Math.max(0, views.indexOf(now) - random.nextInt(9)));
      Set<Flag> flags = Set.of(random.nextBoolean() ? Flag.SEEN : Flag.FLAGGED);
      FlagChange change =
          switch (random.nextInt(3)) {
            case 0 -> new FlagChange.Replace(flags);
            case 1 -> new FlagChange.Add(flags);
            default -> new FlagChange.Remove(flags);
          };
      long first = random.nextInt(40);
      UidSet uids = UidSet.range(first, first + random.nextInt(60)).union(UidSet.of(100, 102, 105));
      assertThat(now.unexpected(before, uids, change))
          .isEqualTo(unexplained(before, now, uids, change));
    }
  }

  private static UidSet unexplained(View before, View now, UidSet uids, FlagChange change) {
    UidSet.Builder found = new UidSet.Builder();
    long mask = change.flags().stream().mapToLong(now::mask).sum();
    for (int at = 0; at < now.count(); at++) {
      int was = before.position(now.uid(at));
      long old = was < 0 ? 0 : before.flagBits(was);
      long expected =
          switch (change) {
            case FlagChange.Replace _ -> mask;
            case FlagChange.Add _ -> old | mask;
            case FlagChange.Remove _ -> old & ~mask;
          };
      if (uids.contains(now.uid(at)) && (was < 0 || expected != now.flagBits(at))) {
        found.add(now.uid(at));
      }
    }
    return found.build();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void twoBranchesFromOneVersionDoNotDisturbEachOther(long seed) {
    Random random = new Random(seed);
    NaiveMailbox model = new NaiveMailbox();
    View view = View.empty(NaiveMailbox.ID, 99);
    for (int step = 0; step < 300; step++) {
      NaiveMailbox discarded = model.copy();
      View branch = view;
      for (int i = random.nextInt(4); i > 0; i--) {
        Change change = discarded.change(random);
        discarded.apply(change);
        branch = branch.apply(change);
      }
      Change change = model.change(random);
      model.apply(change);
      view = view.apply(change);
      if (step % 10 == 0) {
        assertLike(branch, discarded);
        assertLike(view, model);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void changesAppliedTwiceOrToRowsThatBearThemAlreadyChangeNothing(long seed) {
    Random random = new Random(seed);
    NaiveMailbox model = new NaiveMailbox();
    for (int step = 0; step < 60; step++) {
      model.apply(model.change(random));
    }
    List<Change> queued = new ArrayList<>();
    List<NaiveMailbox> states = new ArrayList<>(List.of(model.copy()));
    for (int step = 0; step < 60; step++) {
      Change change = model.change(random);
      model.apply(change);
      queued.add(change);
      states.add(model.copy());
    }
    View view = loadedInPages(states, random);
    for (Change change : queued) {
      view = view.apply(change);
    }
    assertLike(view, model);
    for (Change change : queued) {
      if (!(change instanceof Change.MessageFiled || change instanceof Change.Together)) {
        view = view.apply(change);
      }
    }
    assertLike(view, model);
  }

  /// Each page is read from a later state than the one before, as a reader beside the writer sees
  /// them.
  private static View loadedInPages(List<NaiveMailbox> states, Random random) {
    ViewBuilder builder = new ViewBuilder(NaiveMailbox.ID, 99);
    int at = 0;
    boolean more = true;
    while (more) {
      at = Math.min(states.size() - 1, at + random.nextInt(10));
      int limit = 1 + random.nextInt(500);
      List<Change.MessageFiled> page =
          states.get(at).rows.tailMap(builder.lastUid(), false).values().stream()
              .limit(limit)
              .toList();
      page.forEach(row -> add(builder, row));
      more = page.size() == limit;
    }
    return builder.build(1, 1, 0);
  }

  static void add(ViewBuilder builder, Change.MessageFiled row) {
    builder.add(
        row.uid(),
        row.modSeq(),
        row.flags(),
        row.internalDate(),
        row.sentDay(),
        row.size(),
        row.from(),
        row.subject());
  }

  @Test
  void anEmptyMailboxHasNothing() {
    View view = View.empty(NaiveMailbox.ID, 5);
    assertThat(view.count()).isZero();
    assertThat(view.position(1)).isEqualTo(-1);
    assertThat(view.ceiling(1)).isZero();
    assertThat(view.firstUnseen()).isEqualTo(-1);
    assertThat(view.present(UidSet.ALL)).isEmpty();
    assertThat(view.since(view).none()).isTrue();
    assertThat(view.uidNext()).isEqualTo(1);
  }

  @Test
  void keywordsHaveTheirBitsInTheVersionsThatKnowThem() {
    View before = View.empty(NaiveMailbox.ID, 5);
    View after =
        before
            .apply(new Change.KeywordNamed(NaiveMailbox.ID, 5, "$Forwarded"))
            .apply(new Change.KeywordNamed(NaiveMailbox.ID, 40, "later"))
            .apply(new Change.KeywordNamed(NaiveMailbox.ID + 1, 6, "elsewhere"));
    Flag forwarded = Flag.of("$forwarded");
    assertThat(before.mask(forwarded)).isZero();
    assertThat(after.mask(forwarded)).isEqualTo(1L << 5);
    assertThat(after.mask(Flag.of("LATER"))).isEqualTo(1L << 40);
    assertThat(after.flags(1L | 1L << 40)).containsExactly(Flag.SEEN, Flag.of("later"));
    assertThat(after.keywords()).containsExactly(forwarded, Flag.of("later"));
  }

  @Test
  void aMillionAppendsAndAHundredThousandFlagsTakeNoTimeToSpeakOf() {
    Random random = new Random(3);
    Change.MessageFiled[] rows = new Change.MessageFiled[1000];
    View view = View.empty(NaiveMailbox.ID, 5);
    long start = System.nanoTime();
    for (int uid = 1; uid <= 1_000_000; uid++) {
      Change.MessageFiled row = rows[uid % 1000];
      if (row == null) {
        row = rows[uid % 1000] = NaiveMailbox.row(uid, uid, random);
      }
      view = view.apply(withUid(row, uid));
    }
    long appended = System.nanoTime();
    long[] uids = new long[100_000];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = 10L * i + 1;
    }
    View flagged =
        view.apply(new Change.FlagsSet(NaiveMailbox.ID, 1_000_001, uids, new long[uids.length]));
    long changed = System.nanoTime();
    View one = flagged;
    for (int i = 0; i < 1000; i++) {
      one =
          one.apply(
              new Change.FlagsSet(
                  NaiveMailbox.ID, 1_000_002 + i, new long[] {1 + 997L * i}, new long[] {i & 31}));
    }
    long single = System.nanoTime();
    News news = one.since(flagged);
    long told = System.nanoTime();
    assertThat(news.changed().count()).isEqualTo(1000);
    assertThat(flagged.since(view).changed().count()).isEqualTo(100_000);
    System.out.printf(
        "1M appends one at a time %d ms; 100k flags in one %.1f ms; one flag %.1f µs;"
            + " since() over 1,000 of 1M %.2f ms%n",
        (appended - start) / 1_000_000,
        (changed - appended) / 1e6,
        (single - changed) / 1e6,
        (told - single) / 1e6);
    assertThat(changed - start).isLessThan(30_000_000_000L);
  }

  private static Change.MessageFiled withUid(Change.MessageFiled m, long uid) {
    return new Change.MessageFiled(
        m.mailbox(),
        uid,
        uid,
        m.message(),
        m.flags(),
        m.internalDate(),
        m.savedAt(),
        m.sentDay(),
        m.size(),
        m.prefix(),
        m.envelope(),
        m.from(),
        m.to(),
        m.cc(),
        m.bcc(),
        m.subject());
  }

  @Test
  void readersBesideTheWriterSeeWholeVersions() throws Exception {
    AtomicReference<View> published = new AtomicReference<>(View.empty(NaiveMailbox.ID, 5));
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> fault = new AtomicReference<>();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                View before = published.get();
                while (!done.get()) {
                  View now = published.get();
                  assertConsistent(now);
                  assertThat(now.since(before).arrived() + before.count())
                      .isGreaterThanOrEqualTo(now.count());
                  before = now;
                }
              } catch (Throwable e) {
                fault.set(e);
              }
            });
    Random random = new Random(8);
    NaiveMailbox model = new NaiveMailbox();
    for (int step = 0; step < 2_000; step++) {
      Change change = model.change(random);
      model.apply(change);
      published.set(published.get().apply(change));
    }
    done.set(true);
    reader.join();
    assertThat(fault.get()).isNull();
    assertLike(published.get(), model);
  }

  private static void assertConsistent(View view) {
    int unseen = 0;
    long octets = 0;
    long last = 0;
    for (int position = 0; position < view.count(); position++) {
      assertThat(view.uid(position)).isGreaterThan(last);
      last = view.uid(position);
      unseen += (view.flagBits(position) & 1) == 0 ? 1 : 0;
      octets += view.size(position);
    }
    assertThat(unseen).isEqualTo(view.unseen());
    assertThat(octets).isEqualTo(view.octets());
    assertThat(last).isLessThan(view.uidNext());
  }

  private static void assertLike(View view, NaiveMailbox model) {
    assertThat(view.count()).isEqualTo(model.rows.size());
    assertThat(view.uidNext()).isEqualTo(model.uidNext);
    assertThat(view.highestModSeq()).isEqualTo(model.highestModSeq);
    int position = 0;
    int unseen = 0;
    int deleted = 0;
    int firstUnseen = -1;
    long octets = 0;
    long previous = 0;
    for (Change.MessageFiled row : model.rows.values()) {
      assertThat(view.uid(position)).isEqualTo(row.uid());
      assertThat(view.position(row.uid())).isEqualTo(position);
      assertThat(view.ceiling(previous + 1)).isEqualTo(position);
      if (previous + 1 < row.uid()) {
        assertThat(view.position(previous + 1)).isEqualTo(-1);
      }
      assertThat(view.flagBits(position)).isEqualTo(row.flags());
      assertThat(view.modSeq(position)).isEqualTo(row.modSeq());
      assertThat(view.size(position)).isEqualTo(row.size());
      assertThat(view.internalDate(position).packed()).isEqualTo(row.internalDate());
      assertThat(view.sentDay(position)).isEqualTo(row.sentDay());
      assertThat(view.from(position)).isEqualTo(row.from());
      assertThat(view.subject(position)).isEqualTo(row.subject());
      boolean isUnseen = (row.flags() & 1) == 0;
      firstUnseen = isUnseen && firstUnseen < 0 ? position : firstUnseen;
      unseen += isUnseen ? 1 : 0;
      deleted += (row.flags() & Chunk.DELETED) != 0 ? 1 : 0;
      octets += row.size();
      previous = row.uid();
      position++;
    }
    assertThat(view.ceiling(previous + 1)).isEqualTo(position);
    assertThat(view.unseen()).isEqualTo(unseen);
    assertThat(view.deleted()).isEqualTo(deleted);
    assertThat(view.firstUnseen()).isEqualTo(firstUnseen);
    assertThat(view.octets()).isEqualTo(octets);
    UidSet some = model.some(new Random(view.count()));
    assertThat(view.bearing(some, Chunk.DELETED))
        .isEqualTo(
            model.rows.values().stream()
                .filter(row -> some.contains(row.uid()) && (row.flags() & Chunk.DELETED) != 0)
                .mapToLong(Change.MessageFiled::uid)
                .toArray());
    assertThat(view.present(some))
        .isEqualTo(
            model.rows.keySet().stream()
                .filter(some::contains)
                .mapToLong(Long::longValue)
                .toArray());
  }

  private static News difference(NaiveMailbox earlier, NaiveMailbox later) {
    UidSet.Builder vanished = new UidSet.Builder();
    UidSet.Builder changed = new UidSet.Builder();
    for (Change.MessageFiled row : earlier.rows.values()) {
      Change.MessageFiled now = later.rows.get(row.uid());
      if (now == null) {
        vanished.add(row.uid());
      } else if (now.modSeq() > row.modSeq()) {
        changed.add(row.uid());
      }
    }
    long arrived =
        later.rows.keySet().stream().filter(uid -> !earlier.rows.containsKey(uid)).count();
    return new News(vanished.build(), changed.build(), (int) arrived);
  }
}
