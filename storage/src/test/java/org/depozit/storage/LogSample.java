package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/// Made-up changes, bodies and logs.
final class LogSample {
  private final Random random;

  LogSample(long seed) {
    this.random = new Random(seed);
  }

  /// Small segments, so that a test sees many.
  static StoreLimits limits(long segmentOctets) {
    return limits(segmentOctets, SpaceLimits.DEFAULTS);
  }

  /// Small segments, looked at often.
  static StoreLimits limits(long segmentOctets, SpaceLimits space) {
    return StoreLimits.DEFAULTS.with("segmentOctets", segmentOctets).with("space", space);
  }

  /// Opens the log in a directory and gives all its groups to the reader.
  static Log open(Path directory, StoreLimits limits, LogScan.Reader reader) throws IOException {
    LogFiles files = new LogFiles(directory);
    return LogScan.open(files, limits, Checkpoint.read(files), reader);
  }

  /// The changes in the log of a directory, which is closed again.
  static List<Change> changes(Path directory, StoreLimits limits) throws IOException {
    List<Change> all = new ArrayList<>();
    open(directory, limits, group -> all.addAll(group.changes())).close();
    return all;
  }

  /// A change that tells which it is.
  static Change numbered(int number) {
    return new Change.UidlSet(1, number, "number " + number);
  }

  static Optional<Integer> number(Change change) {
    return change instanceof Change.UidlSet(int _, long uid, String _)
        ? Optional.of((int) uid)
        : Optional.empty();
  }

  byte[] octets(int most) {
    byte[] octets = new byte[random.nextInt(most + 1)];
    random.nextBytes(octets);
    return octets;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> text.append((char) random.nextInt(0x10000));
        case 1 -> text.appendCodePoint(random.nextInt(0x110000));
        default -> text.append((char) (' ' + random.nextInt(95)));
      }
    }
    return text.toString();
  }

  int integer() {
    return random.nextInt() >>> (1 + random.nextInt(30));
  }

  long number() {
    return random.nextLong() >>> (1 + random.nextInt(62));
  }

  private long signed() {
    return random.nextLong() >> random.nextInt(63);
  }

  private UidSet uids() {
    UidSet.Builder uids = new UidSet.Builder();
    long at = 1;
    for (int i = random.nextInt(10); i > 0; i--) {
      long first = at + random.nextInt(1000);
      at = first + random.nextInt(100) + 2;
      uids.add(first, at - 2);
    }
    return uids.build();
  }

  private Change flags() {
    int count = random.nextInt(5);
    boolean near = random.nextBoolean();
    long[] uids = random.longs(4L * count, 1, near ? 30 : 1L << 31).sorted().distinct().toArray();
    long mask = near ? 1 : Long.MAX_VALUE;
    return new Change.FlagsSet(
        integer(), number(), uids, random.longs(uids.length).map(f -> f & mask).toArray());
  }

  private Change copied() {
    UidSet uids = uids();
    long[] flags = random.longs(uids.count(), 0, 3).toArray();
    return new Change.Copied(integer(), uids, integer(), number(), number(), signed(), flags);
  }

  private Change.Dictionary dictionary() {
    Change.Dictionary[] all = Change.Dictionary.values();
    return all[random.nextInt(all.length)];
  }

  private Change stored() {
    Change.BodyPlace place = new Change.BodyPlace(number(), number(), number());
    return new Change.MessageStored(number(), place, octets(32), octets(300), text(), text());
  }

  private Change filed() {
    return new Change.MessageFiled(
        integer(),
        number(),
        number(),
        number(),
        number(),
        signed(),
        signed(),
        random.nextInt(),
        number(),
        octets(200),
        octets(500),
        integer(),
        integer(),
        integer(),
        integer(),
        integer());
  }

  private Map<NotedField, String> notes() {
    Map<NotedField, String> notes = new EnumMap<>(NotedField.class);
    for (NotedField field : NotedField.values()) {
      if (random.nextBoolean()) {
        notes.put(field, text());
      }
    }
    return notes;
  }

  private Change together() {
    List<Change> changes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      changes.add(change());
    }
    return new Change.Together(changes);
  }

  /// Any change.
  Change change() {
    List<Supplier<Change>> kinds =
        List.of(
            this::together,
            () -> new Change.AccountCreated(integer(), text(), text(), signed()),
            () -> new Change.PasswordSet(integer(), text()),
            () -> new Change.AccountRemoved(integer()),
            () -> new Change.MailboxCreated(integer(), integer(), text(), number(), text()),
            () -> new Change.MailboxRenamed(integer(), text()),
            () -> new Change.MailboxDeleted(integer()),
            () -> new Change.Subscribed(integer(), text(), random.nextBoolean()),
            () -> new Change.KeywordNamed(integer(), integer(), text()),
            () -> new Change.TextNamed(integer(), dictionary(), integer(), text()),
            this::stored,
            this::filed,
            () -> new Change.HeaderNoted(integer(), number(), notes()),
            this::flags,
            this::copied,
            () -> new Change.Expunged(integer(), number(), uids()),
            () -> new Change.UidlSet(integer(), number(), text()),
            () -> new Change.MaildropAccessed(integer(), number()),
            () -> new Change.Carried(List.of(stored(), filed())),
            () -> new Change.SegmentDropped(number(), number(), number()),
            () -> new Change.NumbersGiven(number(), number(), number(), number()),
            () -> new Change.MailboxReached(integer(), number(), number()));
    return kinds.get(random.nextInt(kinds.size())).get();
  }
}
