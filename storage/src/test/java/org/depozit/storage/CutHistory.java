package org.depozit.storage;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// What the sessions of a test asked of a store, when, and what they were told: from this follows
/// what must be there after a cut at any moment ([CutCheck]). Times are ticks of one clock. Any
/// thread.
final class CutHistory implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long NEVER = Long.MAX_VALUE;
  private static final String TEXT = text();

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong seeds = new AtomicLong();

  /// How often the log was forced after a group.
  private final AtomicLong forces = new AtomicLong();

  final Queue<Deed> deeds = new ConcurrentLinkedQueue<>();
  final Map<String, Deed> accounts = new ConcurrentHashMap<>();
  final Queue<Box> boxes = new ConcurrentLinkedQueue<>();
  final Queue<Subscription> subscriptions = new ConcurrentLinkedQueue<>();

  /// Something that a session asked for.
  static final class Deed implements Serializable {
    private static final long serialVersionUID = 1L;

    final String what;
    final long begun;

    /// Whether it is a change of flags, which is promised once it is forced.
    final boolean flags;

    final List<Filing> filings = new ArrayList<>();
    final List<Letter> removed = new ArrayList<>();
    private volatile long done = NEVER;
    private volatile long forces = NEVER;

    Deed(String what, long begun, boolean flags) {
      this.what = what;
      this.begun = begun;
      this.flags = flags;
    }

    boolean begun(Moment cut) {
      return begun <= cut.time;
    }

    boolean acknowledged(Moment cut) {
      return done <= cut.time;
    }

    /// Whether it must be there after the cut.
    boolean promised(Moment cut) {
      return acknowledged(cut) && (!flags || forces < cut.forces);
    }

    boolean open(Moment cut) {
      return begun(cut) && !acknowledged(cut);
    }

    @Override
    public String toString() {
      return what + " " + begun + ".." + (done == NEVER ? "" : String.valueOf(done));
    }
  }

  /// When a cut was taken.
  ///
  /// @param forces how often the log had been forced
  record Moment(long time, long forces) implements Serializable {}

  /// A message on its way into a mailbox.
  record Filing(Box box, long seed, Set<String> flags) implements Serializable {}

  /// Flags, and who set them.
  record State(Deed deed, Set<String> flags) implements Serializable {}

  /// A name, and who gave it.
  record Name(Deed deed, String name) implements Serializable {}

  /// What a session was told of a mailbox.
  record Told(long uidNext, long modSeq) implements Serializable {}

  /// What a session saw of a message.
  record Seen(long time, long uid, long modSeq, Set<String> flags) implements Serializable {}

  /// A name that is subscribed to, or not, one change after the other.
  record Subscription(String account, String name, List<State> states) implements Serializable {}

  /// A message that was acknowledged under its UID.
  static final class Letter implements Serializable {
    private static final long serialVersionUID = 1L;

    final Box box;
    final long uid;
    final long seed;
    final Deed filed;
    final List<State> states = new CopyOnWriteArrayList<>();

    /// Held by the session that does something with it.
    final ReentrantLock lock = new ReentrantLock();

    volatile Deed removed;

    Letter(Filing filing, long uid, Deed filed) {
      this.box = filing.box;
      this.uid = uid;
      this.seed = filing.seed;
      this.filed = filed;
      states.add(new State(filed, filing.flags));
    }

    Set<String> flags() {
      return states.getLast().flags();
    }

    @Override
    public String toString() {
      return box + " UID " + uid + " (seed " + seed + ")";
    }
  }

  /// A mailbox.
  static final class Box implements Serializable {
    private static final long serialVersionUID = 1L;

    final String account;
    final Deed made;
    final List<Name> names = new CopyOnWriteArrayList<>();
    final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
    final ConcurrentSkipListMap<Long, Told> told = new ConcurrentSkipListMap<>();
    final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    /// Held for writing by who does something with the mailbox as a whole.
    final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    volatile long id;
    volatile long uidValidity;
    volatile Deed dropped;

    Box(String account, String name, Deed made) {
      this.account = account;
      this.made = made;
      names.add(new Name(made, name));
    }

    String name() {
      return names.getLast().name();
    }

    @Override
    public String toString() {
      return account + "/" + name();
    }
  }

  long tick() {
    return clock.incrementAndGet();
  }

  long seed() {
    return seeds.incrementAndGet();
  }

  /// The log is being forced.
  void forced() {
    forces.incrementAndGet();
  }

  Moment moment() {
    return new Moment(clock.get(), forces.get());
  }

  Deed begin(String what) {
    return begin(what, false);
  }

  Deed begin(String what, boolean flags) {
    return new Deed(what, tick(), flags);
  }

  /// What the deed is about is complete: it may be done from now on.
  Deed enter(Deed deed) {
    deeds.add(deed);
    return deed;
  }

  /// The session was told that it is done.
  void done(Deed deed) {
    deed.forces = forces.get();
    deed.done = tick();
  }

  /// The session was told so, and under which UIDs what was filed stands.
  void done(Deed deed, List<Long> uids) {
    for (int i = 0; i < uids.size(); i++) {
      Filing filing = deed.filings.get(i);
      filing.box.letters.add(new Letter(filing, uids.get(i), deed));
    }
    done(deed);
  }

  Box box(String account, String name, Deed made) {
    Box box = new Box(account, name, made);
    boxes.add(box);
    return box;
  }

  /// The mailboxes of an account that are there now.
  Collection<Box> boxes(String account) {
    return boxes.stream()
        .filter(box -> box.account.equals(account) && box.dropped == null && box.id != 0)
        .toList();
  }

  /// The octets of a message; one in thirty is too big for a group of the log.
  static byte[] mail(long seed) {
    int length = (int) (seed % 30 == 7 ? 66_000 + seed % 5_000 : seed * 7919 % 3_000);
    int from = (int) (seed * 31 % 20_000);
    String head =
        "X-Seed: %d\r\nFrom: Sender %d <s%d@example.org>\r\nTo: ana@example.org\r\nSubject: message %d\r\n\r\n"
            .formatted(seed, seed % 50, seed % 50, seed % 200);
    return (head + TEXT.substring(from, from + length) + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// The seed of a message, or -1 if it has none.
  static long seed(byte[] mail) {
    String start = new String(mail, 0, Math.min(40, mail.length), StandardCharsets.US_ASCII);
    int end = start.indexOf('\r');
    return start.startsWith("X-Seed: ") && end > 0 ? Long.parseLong(start.substring(8, end)) : -1;
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    java.util.Random random = new java.util.Random(42);
    while (text.length() < 100_000) {
      text.append(Long.toString(random.nextLong(), 36)).append(' ');
    }
    return text.toString();
  }
}
