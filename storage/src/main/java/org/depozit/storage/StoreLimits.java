package org.depozit.storage;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// The bounds of the store. Each has a documented default in [#DEFAULTS]; nothing in the store
/// collects octets or rows beyond them.
///
/// @param messageOctets the largest message kept, in octets as served without its trace headers; 50
///   MiB
/// @param smallBody bodies up to this many octets stand inside the log's group; larger ones are
///   spooled to a segment of their own; 64 KiB
/// @param keywordsPerMailbox distinct keywords in one mailbox; 1 to 58; 58
/// @param keywordLength characters of a keyword; 255
/// @param mailboxNameLength characters of a whole mailbox name; 1,000
/// @param mailboxDepth levels of hierarchy in a mailbox name; 100
/// @param mailboxesPerAccount mailboxes of one account; 10,000
/// @param fetchRows rows that one [Mailbox#fetch] brings at most; 1,000
/// @param accountNameLength characters of an account's name; 255
/// @param readers H2 connections for readers; 4
/// @param groupOctets octets after which the writer closes a group; 8 MiB
/// @param groupChanges changes after which the writer closes a group; 1,000
/// @param segmentOctets octets of a segment of the log, preallocated; the first ones of a store are
///   smaller; 64 MiB
/// @param openSegments segments kept open for readers while nobody reads them; 64
/// @param flatMessages messages from which on a mailbox's index state is saved flat when it is
///   cold; 500
/// @param flatBehind rows that a flat save may be behind its mailbox before it is written anew, and
///   up to which it is caught up; 20,000
/// @param keptIndexOctets octets of index states kept in the heap, those used last, while nobody
///   has them open; 64 MiB
/// @param bulk of changes whose rows follow behind the log
/// @param space when space is given back
/// @param checkpointMillis how long the log may run ahead of the database on the disk; 1,500
public record StoreLimits(
    long messageOctets,
    int smallBody,
    int keywordsPerMailbox,
    int keywordLength,
    int mailboxNameLength,
    int mailboxDepth,
    int mailboxesPerAccount,
    int fetchRows,
    int accountNameLength,
    int readers,
    int groupOctets,
    int groupChanges,
    long segmentOctets,
    int openSegments,
    int flatMessages,
    int flatBehind,
    long keptIndexOctets,
    Bulk bulk,
    SpaceLimits space,
    long checkpointMillis) {

  /// The documented defaults.
  public static final StoreLimits DEFAULTS =
      new StoreLimits(
          50L << 20,
          64 << 10,
          58,
          255,
          1_000,
          100,
          10_000,
          1_000,
          255,
          4,
          8 << 20,
          1_000,
          64L << 20,
          64,
          500,
          20_000,
          64L << 20,
          Bulk.DEFAULTS,
          SpaceLimits.DEFAULTS,
          1_500);

  /// The bounds of changes that are answered from the index state while their rows follow.
  ///
  /// @param sliceRows rows that one transaction changes at most for their sake; 1,000
  /// @param backlogRows rows pending beyond which they get more of the writer's time; 1,000,000
  /// @param startMillis how long rows are pending before the writer turns to them: what changes
  ///   again within that time is written once; 200
  /// @param lateMillis how long a change may have been pending before its rows get a share of the
  ///   writer's time although other changes come all the time; 10,000
  /// @param closeMillis how long closing the store waits for rows that are pending; the log has
  ///   what is left for the next opening; 5,000
  /// @param rowsAtOnce messages that a copy or a removal may concern for its rows to be written
  ///   before the answer; if there are more it is one record of the log, and its rows follow; 32
  public record Bulk(
      int sliceRows,
      int backlogRows,
      long startMillis,
      long lateMillis,
      long closeMillis,
      int rowsAtOnce) {
    /// The documented defaults.
    public static final Bulk DEFAULTS = new Bulk(1_000, 1_000_000, 200, 10_000, 5_000, 32);

    /// Rows of copies pending beyond which a copy of more than `rowsAtOnce` messages waits: whoever
    /// opens the store after a crash writes them before anybody is served; 50,000.
    public long rowsCopied() {
      return backlogRows / 20;
    }

    /// Messages whose flags a replay writes before the store serves, in mailboxes of which fewest
    /// changed; those of others follow ([LateFlags]); 4,000.
    public int flagsReplayed() {
      return 4 * sliceRows;
    }

    /// Flags that the log tells since the oldest change whose rows are pending, beyond which a
    /// change of many flags waits: whoever opens the store after a crash reads them all again;
    /// 32,000,000.
    public long flagsTold() {
      return 32L * backlogRows;
    }
  }

  /// The same with other bounds of bulk changes.
  public StoreLimits with(Bulk other) {
    return with("bulk", other);
  }

  /// The same with one bound changed, for example `with("smallBody", 1_000)`.
  ///
  /// @param name a component's
  /// @param value of that component's type; an `Integer` serves for a `long` too
  /// @throws IllegalArgumentException if there is no such bound, or the value is not of its type
  public StoreLimits with(String name, Object value) {
    RecordComponent[] components = StoreLimits.class.getRecordComponents();
    if (Arrays.stream(components).noneMatch(one -> one.getName().equals(name))) {
      throw new IllegalArgumentException("no limit is called " + name);
    }
    try {
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            components[i].getName().equals(name) ? value : components[i].getAccessor().invoke(this);
      }
      return StoreLimits.class
          .getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the limits' own constructor", e);
    }
  }
}
